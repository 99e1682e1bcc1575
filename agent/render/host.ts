import { isIPv6 } from "node:net";
import type { HostDocument } from "../../src/document.ts";
import type { DesiredFile } from "../files.ts";
import { paths } from "../paths.ts";

/** Debian packages of a host with these roles. */
export function packagesFor(roles: HostDocument["roles"], { btrfs }: { btrfs: boolean }): string[] {
  const php = ["fpm", "cli", "mysql", "gd", "xml", "mbstring", "intl", "zip", "curl"].map((part) => `php8.4-${part}`);
  return [
    "acl",
    "nftables",
    "openssl",
    "zstd",
    btrfs ? "btrfs-progs" : "quota",
    ...(roles.includes("web") ? ["nginx", ...php, "msmtp", "dehydrated", "proftpd-core", "proftpd-mod-crypto"] : []),
    ...(roles.includes("database") ? ["mariadb-server", "mariadb-client"] : []),
  ];
}

/** sshd: many parallel sessions of the deployers are wanted, and no penalty for them. */
export function sshdFile(document: HostDocument): DesiredFile {
  return {
    path: "/etc/ssh/sshd_config.d/60-hosting.conf",
    content: `MaxStartups 100:30:200\nPerSourcePenaltyExemptList ${document.deployers.join(",")}\n`,
    mode: 0o644,
    key: "deployers",
  };
}

/**
 * MariaDB's settings: TLS for all that comes over the network, names never resolved.
 * The host's own clients come by the socket, where 11.8 would also ask for a CA: Debian's upgrade at start then fails.
 */
export function mariadbFile(document: HostDocument): DesiredFile {
  return {
    path: "/etc/mysql/mariadb.conf.d/70-hosting.cnf",
    content: `[mariadbd]
bind_address = ${document.addresses.join(",")}
skip_name_resolve = ON
max_connections = 300
require_secure_transport = ON
ssl_cert = ${tls.certificate}
ssl_key = ${tls.key}
tls_version = TLSv1.2,TLSv1.3
[client]
disable-ssl-verify-server-cert
`,
    mode: 0o644,
    key: "addresses",
  };
}

/** Where MariaDB reads its certificate and key. */
export const tls = {
  folder: "/etc/mysql/tls",
  certificate: "/etc/mysql/tls/server.crt",
  key: "/etc/mysql/tls/server.key",
};

/** The certificate of the document and the key that the host made itself. */
export function tlsFiles(document: HostDocument, key: string): DesiredFile[] {
  const file = (path: string, content: string, mode: number): DesiredFile => ({
    path,
    content,
    mode,
    group: "mysql",
    key: "certificate",
  });
  return [file(tls.certificate, document.certificate, 0o644), file(tls.key, key, 0o640)];
}

/** Only deployers reach MariaDB over the network; loading the file twice gives the same rules. */
export function firewallFile(document: HostDocument): DesiredFile {
  const v6 = document.deployers.filter((address) => isIPv6(address));
  const v4 = document.deployers.filter((address) => !isIPv6(address));
  const accept = [
    ...(v4.length > 0 ? [`    tcp dport 3306 ip saddr { ${v4.join(", ")} } accept`] : []),
    ...(v6.length > 0 ? [`    tcp dport 3306 ip6 saddr { ${v6.join(", ")} } accept`] : []),
  ];
  return {
    path: paths.firewall,
    content: `table inet hosting
delete table inet hosting
table inet hosting {
  chain input {
    type filter hook input priority filter; policy accept;
    iif lo accept
${accept.join("\n")}
    tcp dport 3306 reject with tcp reset
  }
}
`,
    mode: 0o644,
    key: "deployers",
  };
}

/** Loads the firewall before MariaDB listens. */
export function firewallUnit(): DesiredFile {
  return {
    path: "/etc/systemd/system/hosting-firewall.service",
    content: `[Unit]
Description=Rules that limit MariaDB to the deployers
Before=network-pre.target mariadb.service
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${paths.firewall}
ExecReload=/usr/sbin/nft -f ${paths.firewall}
[Install]
WantedBy=multi-user.target
`,
    mode: 0o644,
    key: "deployers",
  };
}

/** login.defs with the highest ids that the host may give out itself: those of members begin above. */
export function withIdLimits(loginDefs: string): string {
  return ["UID_MAX", "GID_MAX"].reduce((text, name) => {
    const line = `${name}\t\t\t19999`;
    const pattern = new RegExp(`^${name}\\s.*$`, "m");
    return pattern.test(text) ? text.replace(pattern, line) : `${text}${line}\n`;
  }, loginDefs);
}
