import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, ApiError, type Refusal, refuse } from "./answers.ts";
import { bodyOf, Control, type Fault, type RateLimit } from "./control.ts";
import type { Behaviour, Maker } from "./records.ts";
import { route, type World } from "./routes.ts";
import { openStore, type Store, type Zone } from "./store.ts";
import { takeElsewhere } from "./zones.ts";

/** What a token may do: see everything, or change it too. */
export type Rights = "read" | "edit";

export interface EmulatorOptions {
  /** folder of the zones' state */
  state: string;
  /** 0 takes a free port */
  port: number;
  /** tokens that are known; any well-formed one when absent */
  tokens?: ReadonlyMap<string, Rights>;
  account?: Zone["account"];
  rateLimit?: RateLimit;
  /** called after each change, before the answer; a failure is the caller's to tell */
  changed?: (store: Store) => Promise<void>;
  /** makes ids, for tests that compare with recordings */
  id?: () => string;
  /** sees each request under /client and its answer */
  observe?: (exchange: Exchange) => void;
}

export interface Exchange {
  method: string;
  target: string;
  headers: IncomingMessage["headers"];
  body: unknown;
  /** 0 when the connection was closed without an answer */
  status: number;
  /** what was answered; undefined for a fault */
  answer?: unknown;
}

export interface Emulator {
  /** base URL of the API, `http://127.0.0.1:<port>/client/v4` */
  url: string;
  store: Store;
  control: Control;
  behaviour: Behaviour;
  close(): Promise<void>;
}

const api = "/client/v4";

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(text);
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parse(text: string): Record<string, unknown> {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The refusal below says it.
  }
  throw refuse(400, 9207, "Request body is invalid.");
}

/** Id of a token's owner, or the service's refusal: no token, no well-formed one, an unknown one, one without rights. */
function authenticate(request: IncomingMessage, path: string, tokens: EmulatorOptions["tokens"]): string {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw refuse(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers");
  }
  const token = /^Bearer (?<token>[0-9A-Za-z_-]{40,80})$/.exec(header)?.groups?.["token"];
  if (token === undefined) {
    const chain: Refusal[] = [{ code: 6111, message: "Invalid format for Authorization header" }];
    throw new ApiError(400, [{ code: 6003, message: "Invalid request headers", error_chain: chain }]);
  }
  const rights = tokens === undefined ? "edit" : tokens.get(token);
  if (rights === undefined) {
    throw path === "/user/tokens/verify"
      ? refuse(401, 1000, "Invalid API Token")
      : refuse(403, 9109, "Invalid access token");
  }
  if (rights === "read" && request.method !== "GET") throw refuse(403, 10_000, "Authentication error");
  return createHash("sha256").update(token).digest("hex").slice(0, 32);
}

function unroutable(path: string): ApiError {
  const message = `Could not route to ${path}, perhaps your object identifier is invalid?`;
  return new ApiError(404, [{ code: 7003, message, error_chain: [{ code: 7000, message: "No route for that URI" }] }]);
}

function envelope({ result, messages = [], result_info }: Answer): unknown {
  return { result, success: true, errors: [], messages, ...(result_info === undefined ? {} : { result_info }) };
}

class Server {
  readonly options: EmulatorOptions;
  readonly store: Store;
  readonly control = new Control();
  readonly behaviour: Behaviour = { tagsQuota: 0, txtQuotes: false, dnssecActive: false };
  readonly #world: Omit<World, "token">;

  constructor(options: EmulatorOptions) {
    this.options = options;
    this.store = openStore(options.state);
    this.control.rateLimit = options.rateLimit;
    const maker: Maker = {
      behaviour: this.behaviour,
      id: options.id ?? (() => randomBytes(16).toString("hex")),
      now: () => new Date().toISOString().replace("Z", "000Z"),
    };
    const account = options.account ?? { id: "0123456789abcdef0123456789abcdef", name: "Cassiopea" };
    this.#world = { store: this.store, maker, account };
  }

  /** The API's answer to a request: status and body. A refusal changes nothing. */
  async #work(request: IncomingMessage, url: URL, text: string): Promise<{ status: number; body: unknown }> {
    const method = request.method ?? "GET";
    const path = url.pathname.slice(api.length);
    try {
      const handle = url.pathname.startsWith(`${api}/`) ? route(method, path) : undefined;
      if (!url.pathname.startsWith(`${api}/`)) throw unroutable(url.pathname);
      const token = authenticate(request, path, this.options.tokens);
      if (handle === undefined) throw unroutable(url.pathname);
      const answer = handle({ ...this.#world, token }, { query: url.searchParams, body: parse(text) });
      if (method !== "GET") await this.options.changed?.(this.store);
      return { status: 200, body: answer.text ?? envelope(answer) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, body: { result: null, success: false, errors: error.errors, messages: [] } };
    }
  }

  async #fail(fault: Fault, request: IncomingMessage, response: ServerResponse, after: () => Promise<unknown>) {
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.when === "after") await after();
    if (fault.action === "hangup") {
      request.socket.destroy();
      return 0;
    }
    // The client must give up: nothing is ever said on this connection.
    if (fault.action === "silence") return 0;
    const status = fault.status ?? 500;
    send(response, status, fault.body ?? bodyOf(status), fault.headers);
    return status;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? "/";
    const method = request.method ?? "GET";
    const url = new URL(target, "http://127.0.0.1");
    const text = await bodyText(request);
    if (url.pathname.startsWith("/lab/")) {
      await this.#steer(method, url.pathname, parse(text), response);
      return;
    }
    this.control.count(method, url.pathname);
    const observe = (status: number, answer?: unknown) => {
      const asked = text === "" ? undefined : parse(text);
      this.options.observe?.({ method, target, headers: request.headers, body: asked, status, answer });
    };
    const seconds = this.control.exceeded(request.headers.authorization ?? "", Date.now());
    if (seconds !== undefined) {
      observe(429);
      send(response, 429, bodyOf(429), { "retry-after": String(seconds) });
      return;
    }
    const fault = this.control.take(method, target);
    if (fault !== undefined && fault.action !== "delay") {
      observe(await this.#fail(fault, request, response, () => this.#work(request, url, text)));
      return;
    }
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    const { status, body } = await this.#work(request, url, text);
    observe(status, body);
    const plain = typeof body === "string" ? { "content-type": "text/plain" } : undefined;
    send(response, status, body, plain);
  }

  /** What tests and the lab steer: faults, counters, behaviour, the rate limit, zones of another account. */
  async #steer(method: string, path: string, body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    const { control, behaviour } = this;
    const key = `${method} ${path}`;
    if (key === "POST /lab/faults") control.faults.push(body);
    else if (key === "DELETE /lab/faults") control.faults = [];
    else if (key === "DELETE /lab/calls") control.calls = {};
    else if (key === "POST /lab/reset") control.reset();
    else if (key === "PATCH /lab/behaviour") Object.assign(behaviour, body);
    else if (key === "PUT /lab/rate-limit") {
      control.rateLimit = body["requests"] === undefined ? undefined : (body as unknown as RateLimit);
    } else if (key === "POST /lab/zones" || key === "DELETE /lab/zones") {
      takeElsewhere(this.store, body["name"], method === "POST", this.#world.maker);
      await this.options.changed?.(this.store);
    } else if (key !== "GET /lab/status") {
      send(response, 404, { error: `no ${key}` });
      return;
    }
    const { faults, calls, rateLimit } = control;
    send(response, 200, { faults, calls, rateLimit: rateLimit ?? null, behaviour, zones: this.store.zones.size });
  }
}

/** Starts the emulator on loopback. Its state is read from the folder and written after each change. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const emulator = new Server(options);
  const http = createServer((request, response) => {
    emulator.serve(request, response).catch((error: unknown) => {
      if (error instanceof ApiError) {
        send(response, error.status, { result: null, success: false, errors: error.errors, messages: [] });
        return;
      }
      process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
      send(response, 500, bodyOf(500));
    });
  });
  http.keepAliveTimeout = 60_000;
  await new Promise<void>((done, fail) => {
    http.once("error", fail);
    http.listen(options.port, "127.0.0.1", () => done());
  });
  const { store, control, behaviour } = emulator;
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}${api}`,
    store,
    control,
    behaviour,
    close: async () => {
      http.closeAllConnections();
      await new Promise<void>((done) => http.close(() => done()));
    },
  };
}
