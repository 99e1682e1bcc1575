import { home, host, type Kind, lac, siteFile } from "./kind.ts";

const link = "/var/lib/hosting/acme/live/lac.example";
const quota = [lac("quota lac", "disk")];
const group = "1/$(id -u lac)";

/** Limits, units, firewall and packages. */
export const services: Kind[] = [
  { name: "disk limit raised", damage: `btrfs qgroup limit 50G ${group} /srv/hosting`, drift: quota },
  { name: "disk limit taken off", damage: `btrfs qgroup limit none ${group} /srv/hosting`, drift: quota },
  {
    name: "tree out of its quota group",
    damage: `btrfs qgroup remove 0/$(btrfs inspect-internal rootid ${home}) ${group} /srv/hosting`,
    drift: quota,
  },
  {
    name: "socket of PHP disabled",
    damage: "systemctl disable --now --quiet php-member@lac.socket",
    drift: [lac("php-member@lac.socket", "sites")],
  },
  {
    name: "socket of PHP masked",
    damage: "systemctl disable --now --quiet php-member@lac.socket; systemctl mask --quiet php-member@lac.socket",
    drift: [lac("php-member@lac.socket", "sites")],
  },
  {
    name: "socket of a suspended member enabled",
    damage: "systemctl enable --now --quiet php-member@port.socket",
    drift: [{ path: "php-member@port.socket", kind: "hand-made", key: "sites", member: "port" }],
  },
  { name: "nginx stopped", damage: "systemctl stop nginx", drift: [host("nginx.service", "roles")] },
  {
    name: "nginx not started at boot",
    damage: "systemctl disable --quiet nginx",
    drift: [host("nginx.service", "roles")],
  },
  {
    name: "timer of certificates stopped",
    damage: "systemctl stop hosting-settle.timer",
    drift: [host("hosting-settle.timer", "roles")],
  },
  {
    name: "timer of measures disabled",
    damage: "systemctl disable --quiet hosting-measure.timer",
    drift: [host("hosting-measure.timer", "roles")],
  },
  {
    name: "PHP of Debian's started",
    damage: "systemctl start php8.4-fpm",
    drift: [host("php8.4-fpm.service", "roles")],
  },
  {
    name: "firewall stopped",
    damage: "systemctl stop hosting-firewall",
    drift: [host("hosting-firewall.service", "roles")],
  },
  {
    name: "rules of the firewall flushed",
    damage: "nft delete table inet hosting",
    drift: [host("firewall", "deployers")],
  },
  {
    name: "rule let into the firewall",
    damage: "nft insert rule inet hosting input tcp dport 3306 accept",
    drift: [host("firewall", "deployers")],
  },
  {
    name: "package removed",
    damage: "dpkg --purge --force-depends msmtp >/dev/null",
    drift: [host("package msmtp", "roles")],
  },
  // The last: nothing can be told of accounts meanwhile.
  { name: "MariaDB stopped", damage: "systemctl stop mariadb", drift: [host("mariadb.service", "roles")] },
];

/** Links that lead to certificates. */
export const certificates: Kind[] = [
  {
    name: "certificate of a neighbour",
    damage: `ln -sfn ../certs/mer.example ${link}; systemctl reload nginx`,
    drift: [lac(link, "sites.lac.example")],
  },
  {
    name: "placeholder in place of a certificate",
    damage: `ln -sfn ../placeholder ${link}; systemctl reload nginx`,
    drift: [{ ...lac(siteFile, "sites.lac.example"), kind: "not-applied" }, lac(link, "sites.lac.example")],
  },
  {
    name: "folder in place of a certificate's link",
    damage: `rm ${link}; cp -rL /var/lib/hosting/acme/placeholder ${link}`,
    drift: [{ ...lac(siteFile, "sites.lac.example"), kind: "not-applied" }, lac(link, "sites.lac.example")],
  },
];
