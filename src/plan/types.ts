import type { BillingFacts } from "../billing/facts.ts";
import type { HostDocument, MemberDocument } from "../document.ts";

/** One DNS record in Cloudflare's own normal form. */
export interface DnsRecord {
  /** Fully qualified, lower case, A-labels, no final dot. */
  name: string;
  type: "A" | "AAAA" | "CNAME" | "MX" | "TXT" | "SRV" | "CAA";
  /** Distinguishes records of the same name and type: a role or a target, never an address (design of resource names). */
  key: string;
  /** Left out where `data` says it, or a host makes it. */
  content?: string;
  priority?: number;
  data?: Record<string, string | number>;
  /** Seconds; 1 = automatic. */
  ttl: number;
  proxied: boolean;
  /** Says who owns the record, ASCII, at most 100 characters. */
  comment: string;
}

/** What the association gives to the DNS of every domain with mail, and asks of it. */
export interface MailPolicy {
  /** The association's own zone. */
  zone: string;
  /** Name whose SPF record holds the addresses that send. */
  spf: string;
  /** The two selectors whose keys are live, the older first. */
  dkimSelectors: readonly string[];
  dmarc: { policy: "none" | "quarantine" | "reject"; reports: string };
  /** Where reports on TLS go. */
  tlsReports: string;
  mtaSts: { mode: "testing" | "enforce"; maxAge: number };
  caa: { issuers: readonly string[]; accountUri?: string; reports: string };
}

export interface DomainPlan {
  /** Registrable domain, A-label; the zone's name. */
  domain: string;
  records: DnsRecord[];
  /** Settings of the zone by the API's own names; left out where no name of it is proxied. */
  settings?: Record<string, string>;
}

/** Everything that follows from one member's declaration on given hosts; plain data, sorted, deterministic. */
export interface MemberPlan {
  member: string;
  /** Members that had a domain which this one has now: their documents come before, so that no host is told of two holders. */
  after?: string[];
  documents: MemberDocument[];
  databases: { host: string; name: string }[];
  /** Domains whose DNS is ours. */
  domains: DomainPlan[];
  facts: BillingFacts;
}

/** A host as the stack's configuration describes it (validated by `src/plan/hosts.ts`). */
export interface Host {
  /** Short name: the key in the configuration, and in resource names. */
  host: string;
  /** Where SSH and MariaDB are reached. */
  address: string;
  port: number;
  user: string;
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  ipv4: string;
  ipv6?: string;
  /** Fully qualified name. */
  name: string;
  roles: HostDocument["roles"];
}
