import { refuse } from "./answers.ts";
import type { DnsRecord } from "./store.ts";

type Test = (record: DnsRecord) => boolean;

function textTest(field: (record: DnsRecord) => string, how: string, wanted: string): Test {
  const lower = wanted.toLowerCase();
  if (how === "contains") return (record) => field(record).toLowerCase().includes(lower);
  if (how === "startswith") return (record) => field(record).toLowerCase().startsWith(lower);
  if (how === "endswith") return (record) => field(record).toLowerCase().endsWith(lower);
  return (record) => field(record).toLowerCase() === lower;
}

function tagTest(how: string, wanted: string): Test {
  if (how === "present") return ({ tags }) => tags.some((tag) => tag.split(":")[0] === wanted);
  if (how === "absent") return ({ tags }) => !tags.some((tag) => tag.split(":")[0] === wanted);
  return ({ tags }) => tags.some((tag) => tag.toLowerCase() === wanted.toLowerCase());
}

function testOf(key: string, value: string): Test | undefined {
  const [field = "", how = "exact"] = key.split(".");
  if (field === "type") return ({ type }) => type === value.toUpperCase();
  if (field === "proxied") return ({ proxied }) => String(proxied) === value;
  if (field === "comment" && how === "present") return ({ comment }) => comment !== null;
  if (field === "comment" && how === "absent") return ({ comment }) => comment === null;
  if (field === "name") return textTest(({ name }) => name, how, value);
  if (field === "content") return textTest(({ content }) => content, how, value);
  if (field === "comment") return textTest(({ comment }) => comment ?? "", how, value);
  if (field === "tag") return tagTest(how, value);
  if (field === "search") {
    return ({ name, content, comment }) =>
      [name, content, comment ?? ""].some((text) => text.toLowerCase().includes(value.toLowerCase()));
  }
  return undefined;
}

const orders: Readonly<Record<string, (record: DnsRecord) => string | number>> = {
  type: ({ type }) => type,
  name: ({ name }) => name,
  content: ({ content }) => content,
  ttl: ({ ttl }) => ttl,
  proxied: ({ proxied }) => Number(proxied),
};

/** The records that match a query of `GET dns_records`, in the order it asks for. */
export function filterRecords(records: readonly DnsRecord[], query: URLSearchParams): DnsRecord[] {
  const tests = [...query].flatMap(([key, value]) => testOf(key, value) ?? []);
  const any = query.get("match") === "any";
  const found = records.filter((record) =>
    tests.length === 0 ? true : any ? tests.some((test) => test(record)) : tests.every((test) => test(record)),
  );
  const order = query.get("order");
  if (order === null) return found;
  const key = orders[order];
  if (key === undefined) throw refuse(400, 9002, `Invalid value for field "order": "${order}".`);
  const sign = query.get("direction") === "desc" ? -1 : 1;
  return found.sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}
