import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { project } from "../../lab/settings.ts";
import { account, type Bench, bench, token } from "../cloudflare/support.ts";

/** An answer with the client's type of it, and where the service says null although its client doesn't. */
interface Answer {
  title: string;
  type: string;
  nulls: string;
  value: Record<string, unknown>;
}

const records = [
  { type: "A", content: "192.0.2.1" },
  { type: "AAAA", content: "2001:db8::1" },
  { type: "CNAME", content: "ailleurs.example" },
  { type: "MX", content: "mx.example.org", priority: 10 },
  { type: "NS", content: "ns1.example.org" },
  { type: "PTR", content: "a.example.org" },
  { type: "TXT", content: '"v=spf1 -all"', comment: "un mot" },
  { type: "CAA", data: { flags: 0, tag: "issue", value: "letsencrypt.org" } },
  { type: "SRV", data: { priority: 0, weight: 1, port: 993, target: "mx.example.org" } },
  { type: "TLSA", data: { usage: 3, selector: 1, matching_type: 1, certificate: "ab".repeat(32) } },
  { type: "SSHFP", data: { algorithm: 4, type: 2, fingerprint: "cd".repeat(32) } },
  { type: "HTTPS", data: { priority: 1, target: ".", value: 'alpn="h2"' } },
  { type: "DS", data: { key_tag: 1, algorithm: 13, digest_type: 2, digest: "ef".repeat(32) } },
];
const recordType = (type: unknown) => `Extract<Cloudflare.DNS.RecordResponse, { type: "${String(type)}" }>`;
const zoneNulls = '"owner.id" | "tenant.id" | "tenant.name" | "tenant_unit.id"';

let test: Bench;
const answers: Answer[] = [];

/** The answers of every kind, as they come over HTTP. */
beforeAll(async () => {
  test = await bench();
  const ask = async <T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> => {
    const sent = { method, headers: { authorization: `Bearer ${token}` } };
    const answer = await fetch(
      `${test.emulator.url}${path}`,
      body === undefined ? sent : { ...sent, body: JSON.stringify(body) },
    );
    const { success, result } = (await answer.json()) as { success: boolean; result: T };
    expect(success, `${method} ${path}`).toBe(true);
    return result;
  };
  const add = (title: string, type: string, nulls: string, value: Record<string, unknown>) =>
    answers.push({ title, type, nulls, value });
  const zone = await ask("POST", "/zones", { account, name: "lac.example" });
  const path = `/zones/${String(zone["id"])}`;
  add("a zone that is made", "Cloudflare.Zones.Zone", zoneNulls, zone);
  add("a zone", "Cloudflare.Zones.Zone", zoneNulls, await ask("GET", path));
  add("a zone that changes", "Cloudflare.Zones.Zone", zoneNulls, await ask("PATCH", path, { paused: true }));
  for (const [index, record] of records.entries()) {
    const made = await ask("POST", `${path}/dns_records`, { name: `r${index}`, ttl: 300, ...record });
    add(`a record ${record.type} that is made`, recordType(record.type), '"comment"', made);
  }
  for (const record of await ask<Record<string, unknown>[]>("GET", `${path}/dns_records`))
    add(`a record ${String(record["type"])} of the list`, recordType(record["type"]), '"comment"', record);
  const first = answers.find(({ title }) => title === "a record A that is made");
  const recordPath = `${path}/dns_records/${String(first?.value["id"])}`;
  add("a record that changes", recordType("A"), '"comment"', await ask("PATCH", recordPath, { proxied: true }));
  add("a record that goes", "Cloudflare.DNS.RecordDeleteResponse", "never", await ask("DELETE", recordPath));
  add("DNSSEC", "Cloudflare.DNS.DNSSEC", "never", await ask("GET", `${path}/dnssec`));
  add("DNSSEC, on", "Cloudflare.DNS.DNSSEC", "never", await ask("PATCH", `${path}/dnssec`, { status: "active" }));
  for (const setting of await ask<Record<string, unknown>[]>("GET", `${path}/settings`)) {
    const type = `Extract<Cloudflare.Zones.SettingGetResponse, { id: "${String(setting["id"])}" }>`;
    add(`setting ${String(setting["id"])}`, type, "never", setting);
  }
  add("the token", "Cloudflare.User.TokenVerifyResponse", "never", await ask("GET", "/user/tokens/verify"));
});
afterAll(() => test.end());

/** What the compiler has against values, each taken for the client's type of it; the service answers more than its client knows. */
function objections(tried: readonly Answer[]): string[] {
  const source = `import type Cloudflare from "cloudflare";
import type { Answered } from "../../lab/cloudflare/answers.ts";
type Open<T> = T extends readonly (infer Item)[] ? Open<Item>[]
  : T extends object ? { [K in keyof T]: Open<T[K]> } & Record<string, unknown> : T;
${tried
  .map(
    ({ type, nulls, value }, index) =>
      `export const a${index}: [${type}] extends [never] ? "unknown to the client" : Open<Answered<${type}, ${nulls}>> = ${JSON.stringify(value)};`,
  )
  .join("\n")}
`;
  const file = join(project, "test", "judges", "answers.generated.ts");
  const { config } = ts.readConfigFile(join(project, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, project);
  const host = ts.createCompilerHost(options);
  const onDisk = ts.createCompilerHost(options);
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.Latest) : onDisk.getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  const firstLine = source.slice(0, source.indexOf("export const a0")).split("\n").length - 1;
  return ts.getPreEmitDiagnostics(program).map(({ start = 0, messageText, file: where }) => {
    const line = (where?.getLineAndCharacterOfPosition(start).line ?? 0) - firstLine;
    return `${tried[line]?.title ?? where?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

const changed = (title: string, change: Record<string, unknown>): Answer => {
  const answer = answers.find((one) => one.title === title);
  if (answer === undefined) throw new Error(`no answer ${title}`);
  return { ...answer, value: JSON.parse(JSON.stringify({ ...answer.value, ...change })) as Answer["value"] };
};

describe("the emulator's answers", () => {
  it("are what the service's npm client expects, each of its own type", () => {
    expect(answers.length).toBeGreaterThan(2 * records.length + 30);
    expect(objections(answers)).toEqual([]);
  });

  it("would be refused for a field that is missing, null or of another type, or a record of another type", () => {
    const wrong = [
      changed("a zone", { name_servers: undefined }),
      changed("a zone", { name: null }),
      changed("a zone", { status: "perhaps" }),
      changed("a record MX that is made", { ttl: "300" }),
      changed("a record MX that is made", { modified_on: undefined }),
      changed("a record CAA of the list", { data: { flags: 0, tag: 1 } }),
      changed("a record A that is made", { type: "AAAA" }),
      changed("setting ssl", { value: "perhaps" }),
      changed("DNSSEC, on", { status: 1 }),
      changed("a record that goes", { id: null }),
    ];
    expect(objections(wrong).map((said) => said.split(":")[0])).toEqual(wrong.map(({ title }) => title));
  });
});
