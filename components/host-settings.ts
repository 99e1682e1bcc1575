import * as z from "zod";
import { HostDocument } from "../src/document.ts";
import type { Host } from "../src/plan/types.ts";

/** One host in the stack's configuration, without its short name, which is the key. */
export const hostSettings = z.strictObject({
  address: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().default("root"),
  hostKey: z.string().regex(/^ssh-ed25519 [A-Za-z0-9+/=]+$/, "an ed25519 host key: `ssh-ed25519 AAAA…`"),
  ipv4: z.ipv4(),
  ipv6: z.ipv6().optional(),
  name: HostDocument.shape.name,
  roles: HostDocument.shape.roles,
});

/** The configured hosts as a sorted list, the key as `host`. */
export function hostList(hosts: Record<string, z.output<typeof hostSettings>>): Host[] {
  return Object.entries(hosts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, { ipv6, ...rest }]) => ({ host, ...rest, ...(ipv6 === undefined ? {} : { ipv6 }) }));
}
