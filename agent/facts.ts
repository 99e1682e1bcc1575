import { existsSync } from "node:fs";
import { securedSites } from "./certificates.ts";

/** What rendered files depend on besides the documents. */
export interface Facts {
  ipv6: boolean;
  /** Sites whose certificate is there: their HTTP leads to HTTPS. */
  secured: ReadonlySet<string>;
}

/** Looks at this host. */
export function observeFacts(): Facts {
  return { ipv6: existsSync("/proc/net/if_inet6"), secured: securedSites() };
}
