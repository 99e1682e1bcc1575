import type { HostDocument } from "../../src/document.ts";
import type { DesiredFile } from "../files.ts";
import { paths } from "../paths.ts";

/** Where names prove that they lead here; served over HTTP by every server. */
export const challengeSnippet = "/etc/nginx/snippets/hosting-acme.conf";
export const challengePath = "/.well-known/acme-challenge";

/**
 * Settings of Debian's ACME client, what it trusts, where nginx answers for it, and the timer that goes on with what is pending.
 * A renewal keeps the key, since TLSA records may name it.
 */
export function acmeFiles({ acme }: HostDocument): DesiredFile[] {
  const file = (path: string, content: string, mode = 0o644): DesiredFile => ({ path, content, mode, key: "acme" });
  const trust = acme.trust === undefined ? [] : [file(`${paths.etc}/acme-trust.pem`, acme.trust)];
  return [
    ...trust,
    file(
      paths.acmeConfig,
      `CA="${acme.directory}"
BASEDIR="${paths.acme}"
CERTDIR="${paths.acme}/certs"
ACCOUNTDIR="${paths.acme}/accounts"
WELLKNOWN="${paths.acme}/challenge"
LOCKFILE="${paths.acme}/lock"
CHALLENGETYPE="http-01"
KEY_ALGO="prime256v1"
PRIVATE_KEY_RENEW="no"
CONTACT_EMAIL="${acme.email}"
RENEW_DAYS="30"
AUTO_CLEANUP="yes"
${trust.length === 0 ? "" : `CURL_OPTS="--cacert ${paths.etc}/acme-trust.pem"\n`}`,
    ),
    file(
      challengeSnippet,
      `location ^~ ${challengePath}/ {
  alias ${paths.acme}/challenge/;
  default_type text/plain;
  auth_basic off;
  access_log off;
  disable_symlinks off;
}
`,
    ),
    file(
      "/etc/systemd/system/hosting-settle.service",
      `[Unit]
Description=Certificates of names that lead here
After=network-online.target nginx.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/hosting-agent settle --due
`,
    ),
    file(
      "/etc/systemd/system/hosting-settle.timer",
      `[Unit]
Description=Goes on with certificates that are pending or near their end
[Timer]
OnBootSec=2min
OnUnitInactiveSec=2min
[Install]
WantedBy=timers.target
`,
    ),
  ];
}
