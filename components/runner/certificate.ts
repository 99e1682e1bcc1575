import { domainToASCII } from "node:url";
import { sshClient } from "./hosts.ts";
import { openSession, Refusal } from "./session.ts";
import { readable } from "./summary.ts";
import { texts } from "./texts.ts";

/**
 * The signing request (PKCS#10, PEM) that a site's host made for a certificate that its member buys.
 * @throws Refusal when there is no such site, its certificate is free, or its host has made none yet
 */
export async function signingRequest(
  { stack, members }: { stack: string; members?: string },
  name: string,
): Promise<string> {
  const session = openSession(stack, members);
  const site = domainToASCII(name);
  const documents = session.plans.flatMap((plan) => plan.documents);
  const on = documents.find(({ sites = [] }) => sites.some((one) => one.name === site));
  const host = session.hosts.find((one) => one.host === on?.host);
  if (on === undefined || host === undefined) throw new Refusal(texts.noSite(name));
  if (on.sites?.find((one) => one.name === site)?.bought === undefined)
    throw new Refusal(texts.freeCertificate(name, on.member));
  const ssh = sshClient([host], session.env);
  try {
    // A name that is a site's has passed the schema: nothing in it means anything to a shell.
    const asked = await ssh.on(host, `PATH=/usr/local/sbin:$PATH; printf %s ${site} | hosting-agent request`);
    if (asked.code !== 0)
      throw new Refusal(texts.noRequest(host.host, readable(`${asked.stdout}\n${asked.stderr}`), stack));
    return (JSON.parse(asked.stdout) as { request: string }).request;
  } finally {
    ssh.end();
  }
}
