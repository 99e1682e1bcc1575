import { createHash } from "node:crypto";
import { type DocumentSite, type DocumentSoftware, type MemberDocument, namesOfSite } from "../../src/document.ts";
import { liveFiles } from "../certificates.ts";
import type { Facts } from "../facts.ts";
import type { DesiredFile } from "../files.ts";
import { paths } from "../paths.ts";
import { challengeSnippet } from "./acme.ts";

/** Where a member's own exceptions in nginx are read from. */
export function localFolder(member: string): string {
  return `${paths.local}/nginx/${member}`;
}

/** The path that the agent asks for to see that a site is served; member code takes no part in the answer. */
export const probePath = "/.well-known/hosting-site";

const mark = "@revision@";

/** What a site answers at `probePath`, read from its own nginx file: it names the very text that nginx has loaded. */
export function probeAnswer(text: string): string | undefined {
  return /return 200 "([^"]*)"/.exec(text)?.[1];
}

// The answer carries a digest of the file, so that a probe can't be taken in by workers that still have the old one.
function withRevision(text: string): string {
  return text.replace(mark, createHash("sha256").update(text).digest("hex").slice(0, 12));
}

/** Path of the nginx file of a site. */
export function siteFile(site: string): string {
  return `${paths.sites}/${site}.conf`;
}

/** One nginx file per declared site. Every value has passed the schema's patterns, so none can leave its directive. */
export function siteFiles(document: MemberDocument, facts: Facts): DesiredFile[] {
  return (document.sites ?? []).map((site) => ({
    path: siteFile(site.name),
    content: withRevision(siteText(document, site, facts)),
    mode: 0o644,
    key: `sites.${site.name}`,
    member: document.member,
  }));
}

/** Seconds for which browsers keep to HTTPS: a day, so that a mistake is soon forgotten. */
const hstsSeconds = 86_400;

// Until its certificate is there a site is served over HTTP without redirect; afterwards HTTP only leads to HTTPS, and
// further names to the first. A closed site says so on both.
function siteText(document: MemberDocument, declared: DocumentSite, facts: Facts): string {
  const { member, status } = document;
  const { name: site } = declared;
  const names = namesOfSite(declared);
  const logs = `${paths.log}/${member}`;
  const software = (document.software ?? []).filter((one) => one.site === site);
  const body = status === undefined ? activeBody(member, declared, software) : closedBody(status);
  const secured = facts.secured.has(site);
  const certificate = liveFiles(site);
  const common = `  server_name ${names.join(" ")};
  access_log ${logs}/access.log combined;
  access_log ${logs}/traffic.log meter;
`;
  const redirect = `  location / {
    return 301 https://${site}$request_uri;
  }
`;
  const canonical = `  add_header Strict-Transport-Security "max-age=${hstsSeconds}" always;
  if ($host != ${site}) {
    return 301 https://${site}$request_uri;
  }
`;
  const local = `  include ${localFolder(member)}/*.conf;\n`;
  return `# Written by hosting-agent from the declaration of ${member}; exceptions go to ${localFolder(member)}/*.conf.
server {
  listen 80;
${facts.ipv6 ? "  listen [::]:80;\n" : ""}${common}  include ${challengeSnippet};
  location = ${probePath} {
    access_log off;
    default_type text/plain;
    return 200 "${member} ${site} ${mark}";
  }
${secured && status === undefined ? redirect : `${body}${local}`}}
server {
  listen 443 ssl;
${facts.ipv6 ? "  listen [::]:443 ssl;\n" : ""}  http2 on;
${common}  include ${tlsSnippet};
  ssl_certificate ${certificate.chain};
  ssl_certificate_key ${certificate.key};
${secured && status === undefined ? canonical : ""}${body}${local}}
`;
}

// Browsers keep it for an hour, so that a mistake is soon forgotten.
function redirectBody(to: string): string {
  return `  location / {
    expires 1h;
    return 301 ${to};
  }
`;
}

/** A copy to try things on is no second site to search engines. */
const noIndex = '  add_header X-Robots-Tag "noindex, nofollow" always;\n';

// No `.htaccess` exists in nginx: hidden files are refused for all, `.well-known` apart.
// Links lead no further than what the member owns: looked at from the member's folder on, which is root's. Their own `sites`
// and a site's folder are the member's to put a link in place of.
function activeBody(
  member: string,
  { name: site, redirect, staging }: DocumentSite,
  software: readonly DocumentSoftware[],
): string {
  if (redirect !== undefined) return redirectBody(redirect);
  const atRoot = software.find(({ folder }) => folder === undefined) && spipRules.entry;
  return `${staging === true ? noIndex : ""}  root ${paths.srv}/${member}/sites/${site};
  index index.php index.html;
  disable_symlinks if_not_owner from=${paths.srv}/${member};
  client_max_body_size 64m;
  location / {
    try_files $uri $uri/ ${atRoot === undefined ? "=404" : `/${atRoot}?$args`};
  }
${software.map(softwareLocations).join("")}  location ~ /\\.(?!well-known/) {
    return 404;
  }
  location ~ \\.php$ {
    try_files $uri =404;
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass unix:/run/php-member/${member}.sock;
  }
`;
}

/**
 * What SPIP says to a web server in `.htaccess`, which nginx does not read: settings, sessions and libraries are nobody's to read,
 * and what visitors send is never run. They come before PHP's own location.
 */
const spipRules = { entry: "spip.php", closed: ["config", "tmp", "vendor"], inert: ["IMG", "local"] };

function softwareLocations({ folder }: DocumentSoftware): string {
  const base = folder === undefined ? "/" : `/${folder}/`;
  const literal = base.replaceAll(".", "\\.");
  const { entry, closed, inert } = spipRules;
  const pages = `  location ${base} {
    try_files $uri $uri/ ${base}${entry}?$args;
  }
`;
  return `${folder === undefined ? "" : pages}  location ~ ^${literal}(${closed.join("|")})(/|$) {
    return 404;
  }
  location ~ ^${literal}(${inert.join("|")})/.*\\.php {
    return 404;
  }
`;
}

function closedBody(status: "suspended" | "left"): string {
  return `  error_page 503 /${status}.html;
  location = /${status}.html {
    root ${paths.pages};
    internal;
${status === "suspended" ? "    # RFC 9110, 10.2.3: a day.\n    add_header Retry-After 86400 always;\n" : ""}  }
  location / {
    return 503;
  }
`;
}

/**
 * TLS of all servers: Mozilla's intermediate profile, version 6.0 (ssl-config.mozilla.org/guidelines/6.0.json), which needs no
 * DH parameters. Its stapling is left out: Let's Encrypt has no OCSP any more.
 */
const tlsSnippet = "/etc/nginx/snippets/hosting-tls.conf";
const tlsText = `ssl_protocols TLSv1.2 TLSv1.3;
ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1:secp384r1;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_prefer_server_ciphers off;
ssl_session_timeout 1d;
ssl_session_cache shared:hosting:10m;
ssl_session_tickets off;
`;

/** nginx's own files: log format, TLS, default servers that answer no unknown name, members' files, local exceptions. */
export function nginxBase({ ipv6 }: Pick<Facts, "ipv6">): DesiredFile[] {
  const base = `log_format meter '$msec $status $request_length $bytes_sent';
server_names_hash_bucket_size 128;
server_names_hash_max_size 8192;
server {
  listen 80 default_server;
${ipv6 ? "  listen [::]:80 default_server;\n" : ""}  server_name _;
  access_log off;
  include ${challengeSnippet};
  location / {
    return 444;
  }
}
server {
  listen 443 ssl default_server;
${ipv6 ? "  listen [::]:443 ssl default_server;\n" : ""}  server_name _;
  access_log off;
  include ${tlsSnippet};
  ssl_reject_handshake on;
}
include ${paths.sites}/*.conf;
`;
  return [
    { path: tlsSnippet, content: tlsText, mode: 0o644, key: "roles" },
    { path: "/etc/nginx/conf.d/00-hosting.conf", content: base, mode: 0o644, key: "roles" },
    {
      path: "/etc/nginx/conf.d/10-hosting-local.conf",
      content: `include ${paths.local}/nginx/*.conf;\n`,
      mode: 0o644,
      key: "roles",
    },
    { path: "/usr/local/sbin/nginx-quarantine", content: quarantine, mode: 0o755, key: "roles" },
    { path: "/etc/systemd/system/nginx.service.d/hosting.conf", content: dropIn, mode: 0o644, key: "roles" },
  ];
}

const dropIn = `[Service]
ExecStartPre=
ExecStartPre=/usr/local/sbin/nginx-quarantine
ExecStartPre=/usr/sbin/nginx -t -q -g "daemon on; master_process on;"
`;

// A start with one bad file would take every site down: the file is set aside, loudly, and the others are served.
const quarantine = `#!/bin/sh
d=${paths.sites}
i=0
while [ $i -lt 50 ]; do
  out=$(nginx -t 2>&1) && exit 0
  f=$(printf '%s\\n' "$out" | grep -o "$d/[a-z0-9._-]*\\.conf" | head -1)
  if [ -z "$f" ] && printf '%s\\n' "$out" | grep -q "${paths.local}/nginx/[^/]*\\.conf:"; then
    f=/etc/nginx/conf.d/10-hosting-local.conf
  fi
  [ -n "$f" ] || for g in "$d"/*.conf; do
    mv "$g" "$g.try"
    nginx -t -q 2>/dev/null && f=$g
    mv "$g.try" "$g"
    [ -z "$f" ] || break
  done
  [ -n "$f" ] || exit 0
  mkdir -p ${paths.quarantine}
  mv "$f" ${paths.quarantine}/
  logger -p daemon.crit -t nginx-quarantine "quarantined $f"
  i=$((i+1))
done
`;
