import { equal } from "../diff.ts";
import type { DiffAnswer } from "../protocol.ts";
import { isObject, type Properties, unknownValue } from "../wire.ts";
import { type Attributes, fromWire, settingsFields, toWire, wireName } from "./schema.ts";

/** Adapts a plan to what is known of a kind of resource. */
export type Adapt = (planned: Properties, olds: Properties | undefined, news: Properties) => void;

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * What the resource will be: the program's values, defaults, and where only the service knows, the former value as
 * long as nothing changes, else unknown. Absent values are undefined.
 */
export function planOf(
  attributes: Attributes,
  olds: Properties | undefined,
  news: Properties,
  adapt: Adapt | undefined,
): Properties {
  const planned: Properties = {};
  const open: string[] = [];
  for (const [name, { by, initial }] of Object.entries(attributes)) {
    if (given(news[name])) planned[name] = news[name];
    else if (initial !== undefined) planned[name] = initial;
    else if (by === "program") planned[name] = undefined;
    else {
      planned[name] = olds === undefined ? unknownValue : olds[name];
      open.push(name);
    }
  }
  const settled = olds !== undefined && Object.keys(attributes).every((name) => equal(planned[name], olds[name]));
  if (!settled) for (const name of open) planned[name] = unknownValue;
  adapt?.(planned, olds, news);
  return planned;
}

/** The engine's answer for the differences of a plan: names only, and what forces another resource. */
export function diffOf(attributes: Attributes, olds: Properties, planned: Properties): DiffAnswer {
  const diffs = Object.keys(attributes).filter((name) => !equal(planned[name], olds[name]));
  if (diffs.length === 0) return { changes: "DIFF_NONE" };
  const replaces = diffs.filter((name) => attributes[name]?.replaces === true);
  return { changes: "DIFF_SOME", diffs: diffs.sort(), ...(replaces.length === 0 ? {} : { replaces }) };
}

/** The parts of a plan that go into a body: known, no part of the path, no value of the service alone. */
export function bodyOf(attributes: Attributes, planned: Properties, names = Object.keys(attributes)): Properties {
  const body: Properties = {};
  for (const name of names) {
    const attribute = attributes[name];
    const value = planned[name];
    if (attribute === undefined || attribute.by === "service" || attribute.inPath === true) continue;
    if (value !== undefined && value !== unknownValue) body[wireName(name)] = toWire(attribute.shape ?? "plain", value);
  }
  return body;
}

/** The changed parts of a plan; what is no longer there is null. */
export function changesOf(attributes: Attributes, olds: Properties, planned: Properties): Properties {
  const changed = Object.keys(attributes).filter((name) => !equal(planned[name], olds[name]));
  return { ...removedOf(attributes, olds, planned), ...bodyOf(attributes, planned, changed) };
}

/** Null for each of the program's values that was there and is no more. */
export function removedOf(attributes: Attributes, olds: Properties, planned: Properties): Properties {
  const names = Object.entries(attributes)
    .filter(([name, { by, inPath }]) => by !== "service" && inPath !== true && given(olds[name]))
    .map(([name]) => name);
  return Object.fromEntries(names.filter((name) => planned[name] === undefined).map((name) => [wireName(name), null]));
}

/** Outputs after a change: the plan, and the service's answer where the plan left it open. */
export function settledOutputs(attributes: Attributes, planned: Properties, answered: Properties): Properties {
  const outputs: Properties = {};
  for (const [name, { shape = "plain" }] of Object.entries(attributes)) {
    const value = planned[name];
    outputs[name] = value === unknownValue ? fromWire(shape, answered[wireName(name)]) : value;
  }
  return outputs;
}

/** Outputs as the service has them. */
export function readOutputs(attributes: Attributes, answered: Properties): Properties {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { shape = "plain" }]) => [name, fromWire(shape, answered[wireName(name)])]),
  );
}

/** The former inputs with the values of now, at every depth; what is gone is left out. */
export function refreshedInputs(inputs: Properties, outputs: Properties): Properties {
  const entries = Object.entries(inputs).map(([key, before]) => {
    const now = outputs[key];
    return [key, isObject(before) && isObject(now) ? refreshedInputs(before, now) : now] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

/** What a program would have to say for this resource: the outputs that it can set and that are no defaults. */
export function importedInputs(attributes: Attributes, outputs: Properties): Properties {
  const entries = Object.entries(attributes)
    .filter(([, { by }]) => by !== "service")
    .map(([name, { initial }]) => [name, outputs[name], initial] as const)
    .filter(([, value, initial]) => given(value) && !isEmpty(value) && !equal(value, initial));
  return Object.fromEntries(entries);
}

const noSettings = Object.fromEntries(settingsFields.map((field) => [field, false]));

function objectOf(value: unknown): Properties {
  return isObject(value) ? value : {};
}

/** A relative name, or `@`, is taken for the full name that it is the start of. */
function sameName(planned: string, before: string): boolean {
  if (planned === "@") return before.includes(".");
  const [name, full] = [planned.replace(/\.$/, ""), before.replace(/\.$/, "")];
  return full.startsWith(`${name}.`);
}

function sameSet(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && equal([...(a as string[])].sort(), [...(b as string[])].sort());
}

/** Spellings of a record that the official plugin takes for the former one. */
function keepSpelling(planned: Properties, olds: Properties): void {
  const { name, content, tags, data } = planned;
  if (typeof name === "string" && typeof olds["name"] === "string" && sameName(name, olds["name"])) {
    planned["name"] = olds["name"];
  }
  const { type } = planned;
  if (typeof content === "string" && typeof olds["content"] === "string" && type === "CNAME") {
    if (content.toLowerCase() === olds["content"].toLowerCase()) planned["content"] = olds["content"];
  }
  if (sameSet(tags, olds["tags"]) || (isEmpty(tags) && olds["tags"] === undefined)) planned["tags"] = olds["tags"];
  if (isObject(data) && isObject(olds["data"]) && String(data["flags"]) === String(olds["data"]["flags"])) {
    planned["data"] = { ...data, ...("flags" in data ? { flags: olds["data"]["flags"] } : {}) };
  }
}

const programFields = ["name", "type", "ttl", "proxied", "priority", "comment", "data", "privateRouting"];

/** What the service will answer anew for a changed record, and what it will answer as before. */
export const adaptRecord: Adapt = (planned, olds, news) => {
  if (olds !== undefined) {
    keepSpelling(planned, olds);
    const before = olds["settings"];
    if (!given(news["settings"]) || isEmpty(news["settings"])) planned["settings"] = before;
    if (planned["tags"] === unknownValue && (olds["tags"] === undefined || isEmpty(olds["tags"]))) {
      planned["tags"] = olds["tags"];
    }
    for (const name of ["createdOn", "proxiable", "meta"]) {
      if (planned[name] === unknownValue) planned[name] = olds[name];
    }
    if (planned["data"] !== undefined && planned["content"] === unknownValue) planned["content"] = olds["content"];
    const changed =
      programFields.some((name) => !equal(planned[name], olds[name])) ||
      !equal(planned["tags"], olds["tags"]) ||
      !equal({ ...noSettings, ...objectOf(planned["settings"]) }, { ...noSettings, ...objectOf(before) }) ||
      (planned["data"] === undefined && !equal(planned["content"], olds["content"]));
    if (planned["modifiedOn"] === unknownValue && !changed) planned["modifiedOn"] = olds["modifiedOn"];
  }
  if (planned["type"] === "CNAME" && planned["settings"] !== unknownValue) {
    planned["settings"] = { ...noSettings, ...objectOf(planned["settings"]) };
  }
  followDate(planned, olds, "comment", "commentModifiedOn");
  followDate(planned, olds, "tags", "tagsModifiedOn");
};

/** The date of a field: none without the field, as before while it doesn't change, else the service says it. */
function followDate(planned: Properties, olds: Properties | undefined, field: string, date: string): void {
  if (planned[date] !== unknownValue) return;
  const value = planned[field];
  if (value === undefined || value === "" || isEmpty(value)) planned[date] = undefined;
  else if (olds !== undefined && equal(value, olds[field])) planned[date] = olds[date];
}
