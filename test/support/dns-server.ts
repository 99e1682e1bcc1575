import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, streamEncode } from "dns-packet";

/** Codes of an answer (RFC 1035, 4.1.1). */
const codes = { none: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

export interface DnsServer {
  /** `127.0.0.1:<port>`, the same for UDP and TCP. */
  address: string;
  port: number;
  close: () => Promise<void>;
}

/**
 * A DNS server on loopback that answers what is given, in the order given; aliases are followed. Names are in lower case,
 * without final dot.
 * @param failing names for which it answers this code
 */
export async function startDnsServer(
  records: readonly Answer[],
  failing: Readonly<Record<string, "SERVFAIL" | "REFUSED">> = {},
): Promise<DnsServer> {
  const byName = Map.groupBy(records, ({ name }) => name.toLowerCase());
  const respond = (message: Buffer): Packet => {
    const { id = 0, questions = [] } = decode(message);
    const [question] = questions;
    const name = question?.name.toLowerCase() ?? "";
    const answers: Answer[] = [];
    let code = failing[name] === undefined ? codes.none : codes[failing[name]];
    for (let next: string | undefined = name; next !== undefined && code === codes.none; ) {
      const own: Answer[] = byName.get(next) ?? [];
      const alias: Answer | undefined = own.find(({ type }) => type === "CNAME" && question?.type !== "CNAME");
      answers.push(...(alias === undefined ? own.filter(({ type }) => type === question?.type) : [alias]));
      // RFC 8020: a name with names below it exists.
      if (own.length === 0 && ![...byName.keys()].some((other) => other.endsWith(`.${next}`))) code = codes.NXDOMAIN;
      next = alias?.type === "CNAME" ? alias.data.toLowerCase() : undefined;
    }
    return { type: "response", id, flags: AUTHORITATIVE_ANSWER | code, questions, answers };
  };
  const tcp = createServer((socket: Socket) => {
    socket.on("data", (data) => socket.end(streamEncode(respond(data.subarray(2)))));
    socket.on("error", () => socket.destroy());
  });
  tcp.listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4");
  udp.on("message", (message, from) => udp.send(encode(respond(message)), from.port, from.address));
  udp.bind(port, "127.0.0.1");
  await once(udp, "listening");
  return {
    address: `127.0.0.1:${port}`,
    port,
    close: async () => {
      udp.close();
      tcp.close();
      await once(tcp, "close");
    },
  };
}
