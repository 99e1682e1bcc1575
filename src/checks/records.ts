import * as z from "zod";
import type { Loaded } from "../load.ts";
import { asciiName } from "../member/fields.ts";
import { siteNames } from "../plan/sites.ts";
import type { Problem } from "../problem.ts";
import type { Declaration } from "../schema.ts";
import { at } from "./context.ts";

type Entry = NonNullable<NonNullable<Declaration["domains"]>[number]["records"]>[number];

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();
const target = (value: string) => value === "." || asciiName(value.replace(/\.$/, "")) !== undefined;

/** What the value of each type must look like (RFC 1035, 3596, 2782, 8659). */
const values: { [T in Entry["type"]]: (value: string) => boolean } = {
  A: (value) => ipv4.safeParse(value).success,
  AAAA: (value) => ipv6.safeParse(value).success,
  CNAME: (value) => value !== "." && target(value),
  MX: target,
  TXT: (value) => /^[\u0020-\u007e]+$/.test(value),
  SRV: (value) => {
    const [priority = "", weight = "", port = "", host = "", ...rest] = value.split(" ");
    return (
      rest.length === 0 &&
      [priority, weight, port].every((n) => /^\d{1,5}$/.test(n) && Number(n) <= 65_535) &&
      target(host)
    );
  },
  CAA: (value) => /^(0|128) (issue|issuewild|issuemail|iodef) "[\u0021\u0023-\u007e ]{0,200}"$/.test(value),
};

/** An extra record has a value of its type's form; MX alone has a priority. */
export function recordValuesAreSound({ members }: Loaded): Problem[] {
  return members.flatMap((member) =>
    (member.declaration.domains ?? []).flatMap(({ records = [] }, index) =>
      records.flatMap(({ type, value, priority }, place) => {
        const keys = ["domains", index, "records", place];
        if (!values[type](value)) return [at(member, [...keys, "value"], "record/value", { read: value, type })];
        return priority === undefined || type === "MX"
          ? []
          : [at(member, [...keys, "priority"], "record/priority", { type })];
      }),
    ),
  );
}

/** Extra records contradict neither one another nor what follows from the sites; several of one name and type have labels. */
export function recordsDoNotClash({ members }: Loaded): Problem[] {
  return members.flatMap((member) => {
    const sites = new Set(siteNames(member.declaration, undefined));
    const robot = member.declaration.robot?.domain;
    return (member.declaration.domains ?? []).flatMap(({ name: domain, records = [] }, index) => {
      const full = ({ name }: Entry) => (name === "@" ? domain : `${name}.${domain}`);
      return records.flatMap((record, place) => {
        const keys = ["domains", index, "records", place];
        const name = full(record);
        if (sites.has(name) && ["A", "AAAA", "CNAME"].includes(record.type)) {
          return [at(member, keys, "record/site", { read: name, type: record.type })];
        }
        if (name === robot && ["A", "AAAA", "CNAME", "MX"].includes(record.type))
          return [at(member, keys, "record/robot", { read: name, type: record.type })];
        if (record.type === "CNAME" && record.name === "@") return [at(member, keys, "record/apex", undefined)];
        const others = records.slice(0, place).filter((other) => full(other) === name);
        if (others.some(({ type }) => (type === "CNAME") !== (record.type === "CNAME"))) {
          return [at(member, keys, "record/alone", { read: name })];
        }
        const twins = others.filter(({ type }) => type === record.type);
        if (twins.some(({ value }) => value === record.value))
          return [at(member, keys, "record/twice", { read: name, type: record.type })];
        return twins.some(({ label }) => label === record.label)
          ? [at(member, keys, "record/label", { read: name, type: record.type })]
          : [];
      });
    });
  });
}
