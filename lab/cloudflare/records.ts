import { domainToASCII } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type Cloudflare from "cloudflare";
import { type Answer, type Answered, ApiError, type Call, paginate, type Refusal, refuse } from "./answers.ts";
import {
  canonical,
  canonicalData,
  contentOfData,
  dataFields,
  dataOfContent,
  isHostname,
  plainTypes,
  proxiable,
  txtStrings,
} from "./content.ts";
import { filterRecords } from "./filters.ts";
import type { DnsRecord, Zone } from "./store.ts";

/** What of the service's behaviour depends on the plan, or isn't settled by its documentation. */
export interface Behaviour {
  /** tags that a record may have; 0 on the free plan */
  tagsQuota: number;
  /** whether TXT content without quotes is answered with quotes */
  txtQuotes: boolean;
  /** whether DNSSEC is active at once, or pending until someone says that the DS is there */
  dnssecActive: boolean;
}

export interface Maker {
  behaviour: Behaviour;
  id(): string;
  now(): string;
}

/**
 * A record of any type as the service's client knows it: what they have in common, and what some have. Each type by itself is
 * compared with its own by `test/judges/answers.test.ts`.
 */
type ShownRecord = Answered<Omit<Cloudflare.DNS.RecordResponse.ARecord, "type">, "comment"> &
  Pick<DnsRecord, "type" | "priority" | "data">;

type Body = Record<string, unknown>;
type Draft = Omit<DnsRecord, "id" | "created_on" | "modified_on">;

const conflictText =
  "An A, AAAA, or CNAME record with that host already exists. For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";
const cnameText =
  "A CNAME record with that host already exists. For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";
const delegationText =
  "NS records with that host already exist. For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";

/** The record as the API answers it. */
export function shownRecord(record: DnsRecord): ShownRecord {
  const { id, name, type, content, proxied, ttl, settings, comment, tags, created_on, modified_on } = record;
  return {
    id,
    name,
    type,
    content,
    proxiable: proxiable.has(type),
    proxied,
    ttl,
    ...(settings === undefined ? {} : { settings }),
    meta: {},
    comment,
    tags,
    created_on,
    modified_on,
    ...(record.comment_modified_on === undefined ? {} : { comment_modified_on: record.comment_modified_on }),
    ...(record.tags_modified_on === undefined ? {} : { tags_modified_on: record.tags_modified_on }),
    ...(record.priority === undefined ? {} : { priority: record.priority }),
    ...(record.data === undefined ? {} : { data: record.data }),
  };
}

/** A name within the zone: relative ones get the zone's name, as the service does. */
function fullName(zone: Zone, given: unknown): string | undefined {
  if (typeof given !== "string" || given === "") return undefined;
  const lower = given.toLowerCase().replace(/\.$/, "");
  const ascii = /[^ -~]/.test(lower) ? domainToASCII(lower) : lower;
  const full =
    ascii === "@" || ascii === zone.name
      ? zone.name
      : ascii.endsWith(`.${zone.name}`)
        ? ascii
        : `${ascii}.${zone.name}`;
  return isHostname(full.replace(/^\*\./, "")) ? full : undefined;
}

function contentAndData(type: string, body: Body, quotes: boolean, errors: Refusal[]): Pick<Draft, "content" | "data"> {
  const given = body["content"];
  const data = body["data"];
  const fields = dataFields[type];
  if (fields !== undefined && typeof data === "object" && data !== null) {
    const full = canonicalData(type, data as Body);
    const missing = fields.filter((field) => full[field] === undefined && !["value"].includes(field));
    if (missing.length > 0 && type !== "LOC") {
      errors.push(...missing.map((field) => ({ code: 9101, message: `${field} is a required data field.` })));
    }
    return { content: contentOfData(type, full), data: full };
  }
  if (fields !== undefined) {
    const parsed = typeof given === "string" ? dataOfContent(type, given) : undefined;
    if (parsed === undefined) {
      errors.push({ code: 9101, message: `data is a required field for ${type} records.` });
      return { content: "" };
    }
    const full = canonicalData(type, parsed);
    return { content: contentOfData(type, full), data: full };
  }
  if (type === "MX" && given === undefined && data !== undefined) return { content: "" };
  const form = canonical(type, typeof given === "string" ? given : "", quotes);
  if (typeof form === "string") return { content: form };
  errors.push(form);
  return { content: "" };
}

function priorityOf(type: string, body: Body, data: Body | undefined, errors: Refusal[]): number | undefined {
  const given = type === "SRV" ? (data?.["priority"] ?? body["priority"]) : body["priority"];
  if (!["MX", "SRV", "URI"].includes(type)) return undefined;
  if (typeof given === "number" && Number.isInteger(given) && given >= 0 && given <= 65_535) return given;
  errors.push({ code: 9100, message: "priority is a required field." });
  return undefined;
}

function settingsOf(type: string, body: Body, proxied: boolean): Draft["settings"] {
  const given = body["settings"];
  if (typeof given === "object" && given !== null && Object.keys(given).length > 0) return given as Body;
  if (type !== "CNAME") return {};
  return proxied ? { flatten_cname: false } : undefined;
}

/** Checks a whole record and brings it to the form that the service answers; throws with every error found. */
function draft(zone: Zone, body: Body, behaviour: Behaviour): Draft {
  const errors: Refusal[] = [];
  const type = typeof body["type"] === "string" ? body["type"].toUpperCase() : "";
  if (!(plainTypes as readonly string[]).includes(type) && dataFields[type] === undefined) {
    throw refuse(400, 9002, `Invalid value for field "type": "${type}".`);
  }
  const name = fullName(zone, body["name"]);
  if (name === undefined) errors.push({ code: 9000, message: "DNS name is invalid." });
  const { content, data } = contentAndData(type, body, behaviour.txtQuotes, errors);
  const priority = priorityOf(type, body, data, errors);
  const proxied = body["proxied"] === true;
  if (proxied && !proxiable.has(type)) errors.push({ code: 9004, message: "This record type cannot be proxied." });
  const ttl = proxied ? 1 : (body["ttl"] ?? 1);
  if (typeof ttl !== "number" || !Number.isInteger(ttl) || (ttl !== 1 && (ttl < 60 || ttl > 86_400))) {
    errors.push({ code: 9021, message: "TTL must be between 60 and 86400 seconds, or 1 for Automatic." });
  }
  const tags = Array.isArray(body["tags"]) ? body["tags"].map(String) : [];
  if (tags.length > behaviour.tagsQuota) {
    const message = `DNS record has ${tags.length} tags, exceeding the quota of ${behaviour.tagsQuota}.`;
    errors.push({ code: 9300, message });
  }
  const comment = typeof body["comment"] === "string" && body["comment"] !== "" ? body["comment"] : null;
  if (comment !== null && comment.length > 100) {
    errors.push({ code: 9313, message: "DNS record comment exceeds the limit of 100 characters." });
  }
  if (errors.length > 0) throw new ApiError(400, errors);
  const settings = settingsOf(type, body, proxied);
  return {
    name: name ?? "",
    type,
    content,
    proxied,
    ttl: ttl as number,
    comment,
    tags,
    ...(settings === undefined ? {} : { settings }),
    ...(priority === undefined ? {} : { priority }),
    ...(data === undefined ? {} : { data }),
  };
}

function same(a: Draft, b: Draft): boolean {
  if (a.name !== b.name || a.type !== b.type) return false;
  if (a.type === "TXT") return txtStrings(a.content).join("") === txtStrings(b.content).join("");
  return a.content === b.content && (a.type !== "SRV" || a.priority === b.priority);
}

/** Refuses what can't stand beside the zone's other records. */
function checkConflicts(zone: Zone, record: Draft, others: readonly DnsRecord[]): void {
  if (others.some((other) => same(other, record))) throw refuse(400, 81058, "An identical record already exists.");
  const beside = others.filter(({ name }) => name === record.name);
  const address = new Set(["A", "AAAA", "CNAME"]);
  const apex = record.name === zone.name;
  if (record.type === "CNAME") {
    // At the apex the service answers addresses instead of the CNAME, so that other types can stand beside it.
    if (beside.some(({ type }) => address.has(type) || !apex)) throw refuse(400, 81053, conflictText);
  } else if (beside.some(({ type }) => type === "CNAME" && (!apex || address.has(record.type)))) {
    throw refuse(400, address.has(record.type) ? 81053 : 81054, address.has(record.type) ? conflictText : cnameText);
  }
  if (apex || beside.length === 0 || record.type === "DS") return;
  const delegated = beside.some(({ type }) => type === "NS");
  if (delegated !== (record.type === "NS") && beside.some(({ type }) => type !== "DS")) {
    throw refuse(400, 81056, delegationText);
  }
}

function find(zone: Zone, id: string): DnsRecord {
  const record = zone.records.find((one) => one.id === id);
  if (record === undefined) throw refuse(404, 81044, "Record does not exist.");
  return record;
}

/** Adds a record; 81058 when the very same exists. */
export function createRecord(zone: Zone, body: Body, maker: Maker): DnsRecord {
  const made = draft(zone, body, maker.behaviour);
  checkConflicts(zone, made, zone.records);
  const now = maker.now();
  const record: DnsRecord = {
    id: maker.id(),
    ...made,
    created_on: now,
    modified_on: now,
    ...(made.comment === null ? {} : { comment_modified_on: now }),
    ...(made.tags.length === 0 ? {} : { tags_modified_on: now }),
  };
  zone.records.push(record);
  return record;
}

/** Changes a record: `whole` for PUT, where what isn't given gets its default, else PATCH. Data wins over content. */
export function changeRecord(zone: Zone, id: string, body: Body, whole: boolean, maker: Maker): DnsRecord {
  const before = find(zone, id);
  let asked: Body = body;
  if (!whole) {
    const kept: Body = { ...before };
    if (body["content"] !== undefined) delete kept["data"];
    if (body["data"] !== undefined) delete kept["content"];
    if (body["type"] !== undefined && body["type"] !== before.type) delete kept["settings"];
    asked = { ...kept, ...body };
  }
  const made = draft(zone, asked, maker.behaviour);
  const others = zone.records.filter((other) => other.id !== id);
  checkConflicts(zone, made, others);
  const now = maker.now();
  const commentOn = made.comment === before.comment ? before.comment_modified_on : now;
  const tagsOn = isDeepStrictEqual(made.tags, before.tags) ? before.tags_modified_on : now;
  const record: DnsRecord = {
    id,
    ...made,
    created_on: before.created_on,
    modified_on: now,
    ...(made.comment === null || commentOn === undefined ? {} : { comment_modified_on: commentOn }),
    ...(made.tags.length === 0 || tagsOn === undefined ? {} : { tags_modified_on: tagsOn }),
  };
  zone.records[zone.records.indexOf(before)] = record;
  return record;
}

/** Removes a record; 81044 when there is none. */
export function deleteRecord(zone: Zone, id: string): { id: string } {
  find(zone, id);
  zone.records = zone.records.filter((record) => record.id !== id);
  return { id };
}

/** One record; 81044 when there is none. */
export function getRecord(zone: Zone, id: string): Answer {
  return { result: shownRecord(find(zone, id)) };
}

/** The zone's records that match the query, a page at a time (100 unless said). */
export function listRecords(zone: Zone, { query }: Call): Answer {
  return paginate(filterRecords(zone.records, query).map(shownRecord), query, 100, 5_000_000);
}

/** Deletes, patches, puts and posts, in this order, all or nothing. */
export function batchRecords(zone: Zone, body: Body, maker: Maker): Answer {
  const list = (key: string) => (Array.isArray(body[key]) ? (body[key] as Body[]) : []);
  const [deletes, patches, puts, posts] = [list("deletes"), list("patches"), list("puts"), list("posts")];
  if (deletes.length + patches.length + puts.length + posts.length > 200) {
    throw refuse(400, 9312, "Batch exceeds the limit of 200 changes.");
  }
  const before = [...zone.records];
  try {
    const result = {
      deletes: deletes.map(({ id }) => {
        const record = find(zone, String(id));
        deleteRecord(zone, record.id);
        return shownRecord(record);
      }),
      patches: patches.map(({ id, ...change }) => shownRecord(changeRecord(zone, String(id), change, false, maker))),
      puts: puts.map(({ id, ...change }) => shownRecord(changeRecord(zone, String(id), change, true, maker))),
      posts: posts.map((one) => shownRecord(createRecord(zone, one, maker))),
    };
    return { result };
  } catch (error) {
    zone.records = before;
    throw error;
  }
}
