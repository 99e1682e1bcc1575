import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freeNumber, registryText } from "../../src/registry.ts";

export interface GenerateOptions {
  /** Short name of the host of the nth member (from 0); left out: roles decide. */
  place?: (index: number) => string;
}

/**
 * Writes `count` members with their registry into a folder: pack autonomous since 2026, one domain `<id>.example`, its
 * default site, and the included database `site`. The same count gives the same files. Ids are `m00001`, `m00002` …
 */
export function generateMembers(count: number, folder: string, options: GenerateOptions = {}): string[] {
  mkdirSync(join(folder, "registry"), { recursive: true });
  const taken = new Set<number>();
  return Array.from({ length: count }, (_, index) => {
    const id = `m${String(index + 1).padStart(5, "0")}`;
    const number = freeNumber(id, taken);
    taken.add(number);
    const host = options.place?.(index);
    writeFileSync(join(folder, `${id}.ts`), memberText(id, number, host));
    const places = host === undefined ? {} : { places: { web: host, database: host } };
    const entry = { id, databases: [`${id}_site`], logins: [id], robots: [], lists: [], ...places };
    writeFileSync(join(folder, "registry", String(number)), registryText(entry));
    return id;
  });
}

function memberText(id: string, number: number, host: string | undefined): string {
  return `import { member } from "../src/member.ts";

export default member({
  number: ${number},
  name: "Association ${id}",
  kind: "association",
  membership: { since: "2026-01-01" },
${host === undefined ? "" : `  host: { web: "${host}" },\n`}  packs: [{ pack: "autonomous", from: "2026-01-01" }],
  domains: [{ name: "${id}.example", from: "2026-01-01" }],
  databases: [{ name: "site" }],
});
`;
}
