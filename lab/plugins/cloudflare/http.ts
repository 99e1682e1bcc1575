import { STATUS_CODES } from "node:http";
import { setTimeout } from "node:timers/promises";
import { BaseCloudflare } from "cloudflare/client";
import { APIConnectionError, APIError } from "cloudflare/error";
import { sortedKeys } from "../../../src/document.ts";
import { joinHostPort, systemText } from "../net.ts";

/** How the service is reached; texts that are not set are absent. */
export interface Connection {
  baseUrl: string;
  apiToken?: string;
  apiKey?: string;
  email?: string;
  apiUserServiceKey?: string;
  userAgentOperatorSuffix?: string;
}

/** A problem in the two parts of the official plugin: shown as `<summary>: <detail>`, and logged the other way round. */
export class Problem extends Error {
  readonly summary: string;
  readonly detail: string;
  /** HTTP status, when the service answered */
  readonly status: number | undefined;

  constructor(summary: string, detail: string, status?: number) {
    super(`${summary}: ${detail}`);
    this.summary = summary;
    this.detail = detail;
    this.status = status;
  }
}

const requestFailed = "failed to make http request";

/** A refusal of the client itself, before any request. */
export function missingParameter(name: string): Problem {
  return new Problem(requestFailed, `missing required ${name} parameter`);
}

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Attempts in all, and the longest wait between two. */
const attempts = 11;
const longestWaitMs = 30_000;

/**
 * How long the official plugin waits after failure number `failures` (from 1): what the service says, whatever its
 * size, else 2 s doubled each time up to 30 s, less up to a quarter.
 * @param random from 0 to 1
 */
export function waitMs(failures: number, headers: Headers | undefined, nowMs: number, random: number): number {
  const milliseconds = Number.parseFloat(headers?.get("retry-after-ms") ?? "");
  if (milliseconds >= 0) return milliseconds;
  const after = headers?.get("retry-after") ?? "";
  const seconds = Number.parseFloat(after);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(after);
  if (date >= nowMs) return date - nowMs;
  return Math.min(2000 * 2 ** (failures - 1), longestWaitMs) * (1 - random / 4);
}

interface Failure {
  problem: Problem;
  headers?: Headers;
  again: boolean;
}

function retried({ status, headers }: { status: number; headers: Headers }): boolean {
  const asked = headers.get("x-should-retry");
  if (asked === "true" || asked === "false") return asked === "true";
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** The text of Go's net/http for a connection that failed. */
function transportText(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code, address, port, hostname, errors } = cause as NodeJS.ErrnoException & {
      address?: string;
      port?: number;
      hostname?: string;
      errors?: unknown[];
    };
    if (errors?.[0] instanceof Error) return transportText(errors[0]);
    if (code === "UND_ERR_SOCKET") return "EOF";
    if (code === "ENOTFOUND") return `dial tcp: lookup ${hostname ?? ""}: no such host`;
    if (address !== undefined && port !== undefined) {
      return `dial tcp ${joinHostPort(address, port)}: connect: ${systemText(cause)}`;
    }
    if (code !== undefined) return systemText(cause);
  }
  return error instanceof Error ? error.message : String(error);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What makes requests: the real clock and chance, or a test's. */
export interface Pace {
  wait(ms: number): Promise<unknown>;
  random(): number;
}

const realPace: Pace = { wait: (ms) => setTimeout(ms), random: Math.random };

/** A client of the service that tries again as the official plugin does. */
export class Api {
  readonly #connection: Connection;
  readonly #client: BaseCloudflare;
  readonly #pace: Pace;
  /** bodies of refusals as they were received, by the headers that came with them */
  readonly #bodies = new WeakMap<Headers, string>();

  constructor(connection: Connection, pace: Pace = realPace) {
    this.#connection = connection;
    this.#pace = pace;
    this.#client = new BaseCloudflare({
      baseURL: connection.baseUrl,
      apiToken: connection.apiToken ?? null,
      apiKey: connection.apiKey ?? null,
      apiEmail: connection.email ?? null,
      userServiceKey: connection.apiUserServiceKey ?? null,
      maxRetries: 0,
      // The official plugin waits for an answer as long as it takes.
      timeout: 2_147_483_647,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (response.ok) return response;
        const text = await response.text();
        const copy = new Response(text, { status: response.status, headers: response.headers });
        this.#bodies.set(copy.headers, text);
        return copy;
      },
    });
  }

  /**
   * Makes a request until it is answered for good, at most 11 times.
   * @param path below the base URL, with its query
   * @returns the parsed answer
   * @throws Problem with the official plugin's text
   */
  async call(method: Method, path: string, body?: unknown): Promise<Record<string, unknown>> {
    for (let failures = 1; ; failures += 1) {
      const outcome = await this.#attempt(method, path, body, failures - 1);
      if (!("problem" in outcome)) return outcome.answer;
      if (!outcome.again || failures === attempts) throw outcome.problem;
      await this.#pace.wait(waitMs(failures, outcome.headers, Date.now(), this.#pace.random()));
    }
  }

  async #attempt(
    method: Method,
    path: string,
    body: unknown,
    retries: number,
  ): Promise<Failure | { answer: Record<string, unknown> }> {
    const base = this.#connection.baseUrl.replace(/\/$/, "");
    const verb = `${method[0]?.toUpperCase() ?? ""}${method.slice(1)}`;
    if (!URL.canParse(base)) {
      const detail = `${verb} "/${encodeURI(base)}${path}": unsupported protocol scheme ""`;
      return { problem: new Problem(requestFailed, detail), again: true };
    }
    try {
      const response = await this.#client
        .request({
          method,
          path,
          ...(body === undefined ? {} : { body: JSON.stringify(sortedKeys(body)) }),
          headers: this.#headers(body !== undefined, retries),
        })
        .asResponse();
      return { answer: (await response.json()) as Record<string, unknown> };
    } catch (error) {
      return this.#failure(error, method, verb, `${base}${path}`);
    }
  }

  #failure(error: unknown, method: Method, verb: string, url: string): Failure {
    if (error instanceof APIError && !(error instanceof APIConnectionError)) {
      const { status, headers } = error as { status: number; headers: Headers };
      const text = this.#bodies.get(headers) ?? "";
      const body = isJson(text) ? text : "";
      const detail = `${method.toUpperCase()} "${url}": ${status} ${STATUS_CODES[status] ?? ""} ${body}`;
      return { problem: new Problem(requestFailed, detail, status), headers, again: retried({ status, headers }) };
    }
    return { problem: new Problem(requestFailed, `${verb} "${url}": ${transportText(error)}`), again: true };
  }

  #headers(hasBody: boolean, retries: number): Record<string, string | null> {
    const { apiToken, apiKey, email, apiUserServiceKey, userAgentOperatorSuffix } = this.#connection;
    const agent =
      "terraform-provider-cloudflare/pulumi terraform-plugin-framework/1.19.0 terraform/pulumi-terraform-bridge";
    return {
      "user-agent": userAgentOperatorSuffix === undefined ? agent : `${agent} ${userAgentOperatorSuffix}`,
      "x-stainless-lang": "Terraform",
      "x-stainless-package-version": "pulumi",
      "x-stainless-runtime": "terraform-plugin-framework",
      "x-stainless-runtime-version": "1.19.0",
      "x-stainless-retry-count": String(retries),
      "x-stainless-timeout": null,
      "api-version": null,
      ...(hasBody ? { "content-type": "application/json" } : {}),
      authorization: apiToken === undefined ? null : `Bearer ${apiToken}`,
      "x-auth-key": apiKey ?? null,
      "x-auth-email": email ?? null,
      "x-auth-user-service-key": apiUserServiceKey ?? null,
    };
  }
}
