/**
 * Ids that no member may have: accounts and groups of a Debian host with all roles, the databases' own names, and words
 * that would mislead. Read off a host with all roles; extended when a role brings a new account.
 */
const reserved = new Set(
  `root daemon bin sys sync games man lp mail news uucp proxy www data backup list irc gnats nobody
  adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev staff
  users nogroup input kvm render sgx netdev crontab messagebus polkitd sshd ssh tss uuidd ntp ntpsec systemd journal
  mysql mariadb aria ib performance information test admin postfix postdrop dovecot dovenull vmail opendkim rspamd
  redis clamav unbound bind named knot nginx apache php sympa listmaster ftp sftp proftpd vsftpd web staging default
  postmaster abuse webmaster hostmaster security noc administrator lists dns ns1 ns2 git cassiopea pulumi hosting registry
  debian localhost member members host hosts domain null true false undefined`
    .split(/\s+/)
    .filter((word) => word !== ""),
);

/** Whether an id is kept for the system or the association. */
export function isReservedId(id: string): boolean {
  return reserved.has(id);
}
