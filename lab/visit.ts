import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { fetchRoot } from "./acme/authority.ts";
import { run } from "./run.ts";
import { network, ports } from "./settings.ts";

/** Answers of the lab's authoritative DNS server for a name and record type, one a line. */
export async function dig(name: string, type: string): Promise<string[]> {
  const server = [`@${network.address}`, "-p", String(ports.dns)];
  const { stdout } = await run("dig", [...server, "+short", "+time=2", "+tries=2", name, type]);
  return stdout.split("\n").filter((line) => line !== "");
}

export interface Visit {
  address: string;
  /** Where the visit ended. */
  url: string;
  status: number;
  body: string;
}

/** Fetches `http://name/` at the address that the lab's DNS server gives, and follows to HTTPS, as a browser in the lab would. */
export async function visit(name: string): Promise<Visit> {
  const first = await fetchPage(new URL(`http://${name}/`));
  return first.location === undefined ? first.visit : (await fetchPage(new URL(first.location))).visit;
}

async function fetchPage(url: URL): Promise<{ visit: Visit; location: string | undefined }> {
  const [address] = await dig(url.hostname, "A");
  if (address === undefined) throw new Error(`the lab's DNS server has no address for ${url.hostname}`);
  const options = { host: address, path: url.pathname, headers: { Host: url.hostname }, timeout: 10_000, agent: false };
  const secure = url.protocol === "https:" ? { servername: url.hostname, ca: await fetchRoot() } : undefined;
  return new Promise((resolve, reject) => {
    const use = (response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () =>
        resolve({
          visit: { address, url: url.href, status: response.statusCode ?? 0, body },
          location: response.headers.location,
        }),
      );
    };
    const asked = secure === undefined ? http.get(options, use) : https.get({ ...options, ...secure }, use);
    asked.on("error", reject);
  });
}
