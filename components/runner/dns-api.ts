import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";

const Zone = z.object({ id: z.string(), name: z.string(), account: z.object({ id: z.string() }).partial().optional() });
export type ListedZone = z.output<typeof Zone>;

const Record_ = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  content: z.string().optional(),
  priority: z.number().nullish(),
  data: z.record(z.string(), z.unknown()).nullish(),
  ttl: z.number(),
  proxied: z.boolean().optional(),
  comment: z.string().nullish(),
});
export type ListedRecord = z.output<typeof Record_>;

const Answer = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
  result_info: z.object({ total_pages: z.number().optional(), page: z.number().optional() }).nullish(),
});

/** Why the API of the DNS host can't be used. */
export class DnsApiError extends Error {
  readonly kind: "unreachable" | "refused" | "failed";
  constructor(kind: DnsApiError["kind"], message: string) {
    super(message);
    this.name = "DnsApiError";
    this.kind = kind;
  }
}

/** The few calls that the runner makes to Cloudflare's API (v4), each within seconds. */
export interface DnsApi {
  /** @throws DnsApiError when the API can't be reached or refuses the token */
  verify: () => Promise<void>;
  zones: (accountId: string) => Promise<ListedZone[]>;
  records: (zoneId: string) => Promise<ListedRecord[]>;
  /**
   * One call of any kind: its result, or the codes of its refusal.
   * @throws DnsApiError when that says nothing of the request: a token without rights, too many calls, a failing service
   */
  ask: (method: string, path: string, body?: unknown) => Promise<{ result: Record<string, unknown>; codes: number[] }>;
}

const cloudflare = "https://api.cloudflare.com/client/v4";
const callLimitMs = 8000;
/** Pages of this many entries; the API allows 50 zones and 5,000 records. */
const perPage = { zones: 50, records: 1000 };

/** The API at its own address or another one. */
export function dnsApi(token: string, baseUrl = cloudflare): DnsApi {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(`${baseUrl.replace(/\/$/, "")}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(callLimitMs),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new DnsApiError("unreachable", cause instanceof Error ? cause.message : String(cause));
    }
  };
  const pause = (response: Response) => sleep(Math.min(Number(response.headers.get("retry-after") ?? 1), 5) * 1000);
  const get = async (path: string, tries = 3): Promise<z.output<typeof Answer>> => {
    const response = await call(path);
    if ((response.status === 429 || response.status >= 500) && tries > 1) {
      await pause(response);
      return get(path, tries - 1);
    }
    const body = Answer.safeParse(await response.json().catch(() => undefined));
    if (response.ok && body.success && body.data.success) return body.data;
    const said = body.success ? body.data.errors.map(({ code, message }) => `${message} (${code})`).join(", ") : "";
    const refused = response.status === 401 || response.status === 403 || response.status === 400;
    throw new DnsApiError(refused ? "refused" : "failed", `${response.status} ${said}`.trim());
  };
  // Only what was surely not done is asked again.
  const ask: DnsApi["ask"] = async (method, path, body) => {
    const send = () => call(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    let response = await send();
    for (let tries = 1; response.status === 429 && tries < 3; tries += 1) {
      await pause(response);
      response = await send();
    }
    const { status } = response;
    const answer = Answer.safeParse(await response.json().catch(() => undefined));
    if (!answer.success || status === 429 || status >= 500) throw new DnsApiError("failed", String(status));
    const { result, errors } = answer.data;
    if (status === 401 || status === 403) {
      const said = errors.map(({ code, message }) => `${message} (${code})`).join(", ");
      throw new DnsApiError("refused", `${status} ${said}`.trim());
    }
    return { result: (result ?? {}) as Record<string, unknown>, codes: errors.map(({ code }) => code) };
  };
  const pages = async <T>(path: string, size: number, schema: z.ZodType<T>): Promise<T[]> => {
    const all: T[] = [];
    for (let page = 1; ; page += 1) {
      const answer = await get(`${path}${path.includes("?") ? "&" : "?"}per_page=${size}&page=${page}`);
      const entries = z.array(schema).parse(answer.result);
      all.push(...entries);
      if (entries.length === 0 || page >= (answer.result_info?.total_pages ?? 1)) return all;
    }
  };
  return {
    verify: async () => {
      await get("/user/tokens/verify");
    },
    zones: async (accountId) => pages(`/zones?account.id=${accountId}`, perPage.zones, Zone),
    ask,
    records: async (zoneId) => pages(`/zones/${zoneId}/dns_records`, perPage.records, Record_),
  };
}
