import { edited, host, type Kind, lac, siteFile } from "./kind.ts";

const site = [lac(siteFile, "sites.lac.example")];
const limits = "/etc/systemd/system/php-member@lac.service.d/limits.conf";
const pool = "/etc/hosting/fpm/lac.conf";
const unit = "/etc/systemd/system/php-member@.service";
const nginxBase = "/etc/nginx/conf.d/00-hosting.conf";
const mariadbConf = "/etc/mysql/mariadb.conf.d/70-hosting.cnf";
const ftp = "/etc/hosting/ftp";

/** Files that the agent renders for a member. */
export const memberFiles: Kind[] = [
  edited("site file", siteFile, lac(siteFile, "sites.lac.example")),
  { name: "site file removed", damage: `rm ${siteFile}`, drift: site },
  { name: "site file writable by all", damage: `chmod 666 ${siteFile}`, drift: site },
  { name: "site file given to the member", damage: `chown lac ${siteFile}`, drift: site },
  {
    name: "link in place of a site file",
    damage: `mv ${siteFile} /root/lac.conf && ln -s /root/lac.conf ${siteFile}`,
    drift: site,
  },
  {
    name: "folder in place of a site file",
    damage: `rm ${siteFile} && mkdir ${siteFile} && echo note > ${siteFile}/note`,
    drift: site,
    text: "note",
  },
  {
    name: "foreign site file",
    damage: "echo 'server { listen 80; server_name other.example; }' > /etc/nginx/members.d/other.conf",
    drift: [host("/etc/nginx/members.d/other.conf", "sites")],
    text: "server_name other.example",
  },
  {
    name: "foreign site file that nginx refuses",
    damage: "echo 'no_such_directive on;' > /etc/nginx/members.d/other.conf",
    drift: [host("/etc/nginx/members.d/other.conf", "sites")],
    text: "no_such_directive on;",
  },
  {
    ...edited("pool", pool, lac(pool, "php")),
    damage: `sed -i 's/^clear_env = yes/clear_env = no/' ${pool}`,
    text: "clear_env = no",
  },
  {
    name: "foreign pool",
    damage: "echo '; a pool of nobody' > /etc/hosting/fpm/other.conf",
    drift: [host("/etc/hosting/fpm/other.conf", "php")],
    text: "; a pool of nobody",
  },
  {
    ...edited("limits", limits, lac(limits, "limits")),
    damage: `sed -i 's/TasksMax=.*/TasksMax=9999/' ${limits}`,
    text: "TasksMax=9999",
  },
  {
    name: "limits removed",
    damage: `rm -r ${limits.replace("/limits.conf", "")}`,
    drift: [lac(limits.replace("/limits.conf", ""), "limits"), lac(limits, "limits")],
  },
  {
    name: "unit of a member changed beside its limits",
    damage: `printf '[Service]\\nPrivateTmp=no\\n' > ${limits.replace("limits", "override")}`,
    drift: [lac(limits.replace("limits", "override"), "limits")],
    text: "PrivateTmp=no",
  },
  {
    name: "unit of all members changed beside",
    damage:
      "mkdir -p /etc/systemd/system/php-member@.service.d; printf '[Service]\\nPrivateDevices=no\\n' > /etc/systemd/system/php-member@.service.d/override.conf",
    drift: [host("/etc/systemd/system/php-member@.service.d/override.conf", "limits")],
    text: "PrivateDevices=no",
  },
];

/** Files that it renders for the host. */
export const hostFiles: Kind[] = [
  edited("sshd", "/etc/ssh/sshd_config.d/60-hosting.conf", host("/etc/ssh/sshd_config.d/60-hosting.conf", "deployers")),
  edited("nginx base", nginxBase, host(nginxBase, "roles")),
  {
    name: "nginx base that nginx refuses",
    damage: `echo 'no_such_directive on;' >> ${nginxBase}`,
    drift: [host(nginxBase, "roles")],
    text: "no_such_directive on;",
  },
  edited("settings of MariaDB", mariadbConf, host(mariadbConf, "addresses")),
  {
    name: "key of MariaDB readable by all",
    damage: "chmod 644 /etc/mysql/tls/server.key",
    drift: [host("/etc/mysql/tls/server.key", "certificate")],
  },
  edited("unit of PHP", unit, host(unit, "roles")),
  edited("firewall", "/etc/hosting/firewall.nft", host("/etc/hosting/firewall.nft", "deployers")),
  edited("settings of the ACME client", "/etc/hosting/acme.conf", host("/etc/hosting/acme.conf", "acme")),
  edited("closed page", "/etc/hosting/pages/suspended.html", host("/etc/hosting/pages/suspended.html", "roles")),
  {
    name: "highest ids of the host",
    damage: "sed -i 's/^UID_MAX.*/UID_MAX 60000/' /etc/login.defs",
    drift: [host("/etc/login.defs", "host")],
  },
];

/** Who may log in to members' files, and how. */
export const fileAccess: Kind[] = [
  {
    name: "foreign login to files",
    damage: `echo 'eve:!:0:0::/:/usr/sbin/nologin' >> ${ftp}/accounts`,
    drift: [host(`${ftp}/accounts`, "accounts")],
    text: "eve:!:0:0::/:/usr/sbin/nologin",
  },
  {
    name: "further key of a login",
    damage: `echo '# a key of somebody' >> ${ftp}/keys/lac`,
    drift: [lac(`${ftp}/keys/lac`, "accounts.lac")],
    text: "# a key of somebody",
  },
  {
    name: "key of a foreign login",
    damage: `echo '# a key of eve' > ${ftp}/keys/eve`,
    drift: [host(`${ftp}/keys/eve`, "accounts")],
    text: "# a key of eve",
  },
  edited("settings of ProFTPD", `${ftp}/proftpd.conf`, host(`${ftp}/proftpd.conf`, "roles")),
  {
    name: "file access stopped",
    damage: "systemctl stop hosting-ftp",
    drift: [host("hosting-ftp.service", "roles")],
  },
  {
    name: "FTP in the clear let run",
    damage: "systemctl unmask --quiet proftpd",
    drift: [host("proftpd.service", "roles")],
  },
];
