import { checkMembers } from "../checks.ts";
import { type Loaded, loadMembers, type Member } from "../load.ts";
import { asciiName, displayName } from "../member/fields.ts";
import { inService } from "../member/service.ts";
import { nearest } from "../messages/words.ts";
import type { Host } from "../plan/types.ts";
import type { Declaration } from "../schema.ts";
import { type CommonOptions, report } from "./common.ts";

/** The members of a folder, or undefined after printing every problem. */
export function checkedMembers(options: CommonOptions): Loaded | undefined {
  const loaded = loadMembers(options.members);
  const problems = checkMembers(loaded);
  if (problems.length === 0) return loaded;
  if (options.json === true) {
    const found = problems.map((problem) => problem.json(options.lang));
    process.stdout.write(`${JSON.stringify({ members: loaded.ids.length, problems: found }, undefined, 2)}\n`);
  } else report(problems, options.lang);
  process.exitCode = 1;
  return undefined;
}

/** One member of a sound folder, or undefined after saying what is wrong. */
export function oneMember(id: string, options: CommonOptions): Member | undefined {
  const loaded = checkedMembers(options);
  if (loaded === undefined) return undefined;
  const member = loaded.members.find((candidate) => candidate.id === id);
  if (member === undefined)
    fail(id, loaded.ids, options, { fr: "aucun membre ne se nomme", en: "no member is called" });
  return member;
}

/** A declared domain and its member. */
export interface Held {
  loaded: Loaded;
  member: Member;
  domain: NonNullable<Declaration["domains"]>[number];
  /** Place among the member's domains. */
  index: number;
}

/**
 * The member who has a domain on a day, or the last who had it; undefined after saying what is wrong.
 * @param text as a person writes it, with its accents
 */
export function holderOf(text: string, options: CommonOptions, today: string): Held | undefined {
  const loaded = checkedMembers(options);
  if (loaded === undefined) return undefined;
  const every = loaded.members.flatMap((member) =>
    (member.declaration.domains ?? []).flatMap((domain, index) =>
      domain.void === undefined ? [{ loaded, member, domain, index }] : [],
    ),
  );
  const name = asciiName(text.toLowerCase().normalize("NFC")) ?? text;
  const named = every.filter(({ domain }) => domain.name === name);
  const held = named.find(({ domain }) => inService(domain, today)) ?? named.at(-1);
  if (held === undefined) {
    const known = every.map(({ domain }) => displayName(domain.name));
    fail(text, known, options, { fr: "aucun membre n'a de domaine", en: "no member has a domain called" });
  }
  return held;
}

/** Says that a name is unknown, with the nearest known one; exit code 1. */
export function fail(
  read: string,
  known: readonly string[],
  { lang, json }: CommonOptions,
  text: { fr: string; en: string },
): void {
  const near = nearest(read, known);
  const hint =
    near === undefined
      ? ""
      : lang === "fr"
        ? ` \u2014 vouliez-vous écrire « ${near} » ?`
        : ` \u2014 did you mean "${near}"?`;
  const message = `${text[lang]} ${lang === "fr" ? `« ${read} »` : `"${read}"`}${hint}`;
  if (json === true) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
  else process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

/** Hosts to plan on where no stack is at hand: those that the file names, else one with all roles. Addresses are documentation's. */
export function exampleHosts({ declaration }: Member): Host[] {
  const named = [...new Set(Object.values(declaration.host ?? {}).filter((name) => name !== undefined))];
  const names = named.length === 0 ? ["web1"] : named;
  return names.map((host, index) => ({
    host,
    address: `192.0.2.${index + 1}`,
    port: 22,
    user: "root",
    hostKey: "",
    ipv4: `192.0.2.${index + 1}`,
    ipv6: `2001:db8::${index + 1}`,
    name: `${host}.example.org`,
    roles: ["web", "database", "mail", "lists"],
  }));
}
