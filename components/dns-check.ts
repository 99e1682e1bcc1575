import type { CaaRecord } from "node:dns";
import { Resolver } from "node:dns/promises";
import { connect } from "node:net";
import { decode, RECURSION_DESIRED, streamEncode } from "dns-packet";
import { InputError } from "../src/cli/input-error.ts";
import { dsValue } from "../src/dns/delegation.ts";
import { dnsTexts } from "../src/dns/texts.ts";
import { type Answer, ipv6Value, nameValue, type Question, textValue, type Unanswered } from "../src/dns/value.ts";

/** Milliseconds that a server has to answer a question, and how often it is asked. */
const LIMIT = 3000;
const TRIES = 2;
/** Questions that are open at a time, so that no resolver takes a check for an attack. */
const AT_ONCE = 20;

/**
 * Asks the DNS, some questions at a time; the answers in their order.
 * @param server `address[:port]`, IPv6 as `[address]:port`; undefined: the system's resolvers
 * @throws InputError when `server` is no address
 */
export async function askDns(questions: readonly Question[], server: string | undefined): Promise<Answer[]> {
  const resolver = new Resolver({ timeout: LIMIT, tries: TRIES });
  if (server !== undefined) {
    try {
      resolver.setServers([server]);
    } catch (error) {
      throw new InputError([dnsTexts.fr.resolver(server)], { cause: error });
    }
  }
  const answers: Answer[] = [];
  for (let start = 0; start < questions.length; start += AT_ONCE) {
    const some = questions.slice(start, start + AT_ONCE);
    answers.push(...(await Promise.all(some.map(async (question) => ask(resolver, question)))));
  }
  return answers;
}

async function ask(resolver: Resolver, question: Question): Promise<Answer> {
  try {
    return { values: await valuesOf(resolver, question) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // No such name, or a name without this type.
    if (code === "ENOTFOUND" || code === "ENODATA") return { values: [] };
    return { failed: reasons[code ?? ""] ?? "failed" };
  }
}

const reasons: Record<string, Unanswered> = {
  ETIMEOUT: "timeout",
  ECONNREFUSED: "refused",
  EREFUSED: "refused",
};

async function valuesOf(resolver: Resolver, { name, type }: Question): Promise<string[]> {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return (await resolver.resolve6(name)).map(ipv6Value);
    case "CNAME":
      return (await resolver.resolveCname(name)).map(nameValue);
    case "NS":
      return (await resolver.resolveNs(name)).map(nameValue);
    case "MX":
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${nameValue(exchange)}`);
    case "TXT":
      return (await resolver.resolveTxt(name)).map(textValue);
    case "SRV":
      return (await resolver.resolveSrv(name)).map(
        ({ priority, weight, port, name: target }) => `${priority} ${weight} ${port} ${nameValue(target)}`,
      );
    case "CAA":
      return (await resolver.resolveCaa(name)).map(caaValue);
    case "DS":
      return resolveDs(resolver, name);
    default:
      return type satisfies never;
  }
}

/** `flags tag "value"`; the tag is the one key of the answer that is none of its own. */
function caaValue({ critical, ...rest }: CaaRecord): string {
  const [tag = "", value = ""] = Object.entries(rest).find(([key]) => key !== "type") ?? [];
  return `${critical} ${tag} "${value}"`;
}

/** DS records (RFC 4034, 5), which Node's resolver does not know: asked by TCP, where no answer is cut. */
async function resolveDs(resolver: Resolver, name: string): Promise<string[]> {
  let last: unknown;
  for (const server of resolver.getServers()) {
    try {
      return await dsFrom(server, name);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function dsFrom(server: string, name: string): Promise<string[]> {
  const { hostname, port } = new URL(
    `dns://${server.split(":").length > 2 && !server.startsWith("[") ? `[${server}]` : server}`,
  );
  const id = Math.floor(Math.random() * 65_536);
  const asked = streamEncode({ type: "query", id, flags: RECURSION_DESIRED, questions: [{ type: "DS", name }] });
  const {
    answers = [],
    flags = 0,
    id: answered,
  } = decode(await exchange(hostname.replaceAll(/[[\]]/g, ""), Number(port || 53), asked));
  const code = flags & 0xf;
  if (answered !== id || (code !== 0 && code !== NXDOMAIN))
    throw Object.assign(new Error(`DNS: code ${code}`), { code: code === REFUSED ? "EREFUSED" : "ESERVFAIL" });
  return answers.flatMap((answer) =>
    answer.type === "DS" ? [dsValue({ ...answer.data, digest: answer.data.digest.toString("hex") })] : [],
  );
}

/** Codes of an answer (RFC 1035, 4.1.1). */
const NXDOMAIN = 3;
const REFUSED = 5;

/** Sends a message with its length (RFC 1035, 4.2.2) and gives the answer's, without. */
async function exchange(address: string, port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, timeout: LIMIT });
    let received = Buffer.alloc(0);
    const end = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.on("connect", () => socket.write(message));
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
    socket.on("timeout", () => end(Object.assign(new Error("DNS: no answer"), { code: "ETIMEOUT" })));
    socket.on("end", () => end(Object.assign(new Error("DNS: answer cut"), { code: "ESERVFAIL" })));
    socket.on("error", end);
  });
}
