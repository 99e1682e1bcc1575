import type { Answer } from "dns-packet";
import { quotedPieces } from "../../src/dns/value.ts";
import type { DnsRecord } from "../../src/plan/types.ts";

/** A planned record as a DNS server answers it. */
export function asAnswer({ name, type, content = "", priority = 0, data = {}, ttl }: DnsRecord): Answer {
  switch (type) {
    case "A":
    case "AAAA":
    case "CNAME":
      return { name, type, ttl, data: content };
    case "MX":
      return { name, type, ttl, data: { preference: priority, exchange: content } };
    case "TXT":
      return { name, type, ttl, data: quotedPieces(content).map((piece) => Buffer.from(piece, "latin1")) };
    case "SRV": {
      const [order, weight, port] = ["priority", "weight", "port"].map((key) => Number(data[key]));
      return { name, type, ttl, data: { priority: order, weight, port: port ?? 0, target: String(data["target"]) } };
    }
    case "CAA":
      return {
        name,
        type,
        ttl,
        data: { flags: Number(data["flags"]), tag: String(data["tag"]) as "issue", value: String(data["value"]) },
      };
    default:
      return type satisfies never;
  }
}
