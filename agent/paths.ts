/** Where everything of ours lies on a host. */
export const paths = {
  etc: "/etc/hosting",
  hostDocument: "/etc/hosting/host.json",
  members: "/etc/hosting/members",
  state: "/etc/hosting/state",
  rendered: "/etc/hosting/state/rendered.json",
  fpm: "/etc/hosting/fpm",
  pages: "/etc/hosting/pages",
  local: "/etc/hosting/local",
  /** What was changed by hand and rendered anew since, by its path: root's alone. */
  aside: "/etc/hosting/aside",
  /** Where nginx-quarantine puts files that would keep nginx from starting. */
  quarantine: "/etc/hosting/quarantine",
  /** Hash of the agent that last rendered all the documents. */
  renderedBy: "/etc/hosting/state/agent",
  /** The ACME client's own: accounts, certificates, tokens, and the links that nginx follows. */
  acme: "/var/lib/hosting/acme",
  /** Private keys by which mail is signed, by selector. */
  dkim: "/etc/hosting/dkim",
  /** Keys, requests and chains of certificates that members bought, by site. */
  bought: "/var/lib/hosting/bought",
  acmeConfig: "/etc/hosting/acme.conf",
  /** When names that are pending are tried next. */
  acmeNext: "/etc/hosting/state/acme.json",
  /** Names that are served until the DNS has forgotten them. */
  leaving: "/etc/hosting/state/leaving.json",
  settleLock: "/run/hosting-settle.lock",
  /** What is measured of each member. */
  measure: "/var/lib/hosting/measure",
  measureLock: "/run/hosting-measure.lock",
  identityKey: "/etc/hosting/identity.key",
  firewall: "/etc/hosting/firewall.nft",
  srv: "/srv/hosting",
  /** Exports of members, root's alone. Beside the trees, where the room is; outside them, so that no limit counts them. */
  exports: "/srv/hosting/.export",
  /** Records of purges, by member. */
  purged: "/etc/hosting/purged",
  exportLock: "/run/hosting-export.lock",
  log: "/var/log/hosting",
  /** Software as it is installed for members, by version, each with its checksums beside it. */
  software: "/var/lib/hosting/software",
  sites: "/etc/nginx/members.d",
  run: "/run/hosting",
  queue: "/run/hosting/queue",
  /** Logins to members' files: ProFTPD's settings, its host key, the accounts and their keys. */
  ftp: "/etc/hosting/ftp",
  /** What passwords made here are checked by, by login. */
  credentials: "/etc/hosting/credentials",
  /** Passwords made here that nobody has been shown yet, by member. */
  handover: "/etc/hosting/handover",
} as const;

/** PHP version of Debian 13. */
export const hostPhp = "8.4";
