import { get } from "node:http";
import { run } from "./run.ts";
import { network, ports } from "./settings.ts";

/** Answers of the lab's authoritative DNS server for a name and record type, one a line. */
export async function dig(name: string, type: string): Promise<string[]> {
  const server = [`@${network.address}`, "-p", String(ports.dns)];
  const { stdout } = await run("dig", [...server, "+short", "+time=2", "+tries=2", name, type]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** Fetches `http://name/` at the address that the lab's DNS server gives, as a browser in the lab would. */
export async function visit(name: string): Promise<{ address: string; status: number; body: string }> {
  const [address] = await dig(name, "A");
  if (address === undefined) throw new Error(`the lab's DNS server has no address for ${name}`);
  return new Promise((resolve, reject) => {
    get({ host: address, headers: { Host: name }, timeout: 10_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ address, status: response.statusCode ?? 0, body }));
    }).on("error", reject);
  });
}
