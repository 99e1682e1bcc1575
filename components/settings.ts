import * as z from "zod";
import { HostDocument } from "../src/document.ts";
import { ownDomain } from "../src/plan/own-zone.ts";
import type { DomainPlan, Host } from "../src/plan/types.ts";
import { hostSettings } from "./host-settings.ts";

const publicAddress = z.string().regex(/^[0-9a-fA-F.:]+$/);

/** The stack's configuration in plain values, keys of the project `cassiopea`; secrets apart. */
export const StackSettings = z.strictObject({
  /** Servers by short name. */
  hosts: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), hostSettings),
  /** Where members without a place of their own go; left out when roles decide. */
  defaultHost: z.string().optional(),
  /** Addresses that deploy. */
  deployers: z.array(publicAddress).min(1),
  dns: z.strictObject({
    /** Left out for Cloudflare's own API. */
    baseUrl: z.url().optional(),
    accountId: z.string().regex(/^[0-9a-f]{32}$/),
    /** Whether the association's own zone is this stack's: of several stacks, one has it. */
    ownZone: z.boolean().optional(),
  }),
  /** Where certificates of members' names come from; `trust` is left out for a public authority. */
  acme: HostDocument.shape.acme,
  /** The association's CA, PEM. */
  caCertificate: z.string().startsWith("-----BEGIN CERTIFICATE-----"),
});
export type StackSettings = z.output<typeof StackSettings>;

/** The association's own zone; undefined in a stack whose it is not. */
export function ownZone({ dns }: StackSettings, hosts: readonly Host[]): DomainPlan | undefined {
  return dns.ownZone === true ? ownDomain(hosts) : undefined;
}

/**
 * Validates the stack's configuration.
 * @param read the value of a key of the project, parsed; undefined when it is not set
 * @throws Error that names every wrong key
 */
export function readSettings(read: (key: string) => unknown): StackSettings {
  const present = Object.keys(StackSettings.shape)
    .map((key) => [key, read(key)] as const)
    .filter(([, value]) => value !== undefined);
  const result = StackSettings.safeParse(Object.fromEntries(present));
  if (result.success) return result.data;
  throw new Error(`Configuration de la pile :\n${z.prettifyError(result.error)}`);
}
