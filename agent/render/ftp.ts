import type { DocumentAccount, HostDocument, MemberDocument } from "../../src/document.ts";
import { liveFiles } from "../certificates.ts";
import type { DesiredFile } from "../files.ts";
import { paths } from "../paths.ts";

/** Ports of FTPS and of SFTP; the host's own SSH keeps its port. */
export const ftpPorts = { ftps: 21, sftp: 2222, passive: { first: 49_152, last: 49_407 } };

/** ProFTPD's own files on a host, and what it reads at each login. */
export const ftpPaths = {
  settings: `${paths.ftp}/proftpd.conf`,
  accounts: `${paths.ftp}/accounts`,
  keys: `${paths.ftp}/keys`,
  hostKey: `${paths.ftp}/ssh_host_ed25519_key`,
  control: "/run/hosting-ftp/control",
};

/** The password of nobody: no text has it as its hash. */
const noPassword = "!";

/** Settings of FTPS and SFTP and the unit that serves them; Debian's own unit would serve FTP in the clear. */
export function ftpFiles(document: HostDocument): DesiredFile[] {
  const file = (path: string, content: string): DesiredFile => ({ path, content, mode: 0o644, key: "roles" });
  return [file(ftpPaths.settings, settings(document)), file("/etc/systemd/system/hosting-ftp.service", unit)];
}

function settings({ addresses, name }: HostDocument): string {
  const certificate = liveFiles(name);
  const { ftps, sftp, passive } = ftpPorts;
  return `LoadModule mod_ls.c
LoadModule mod_xfer.c
LoadModule mod_delay.c
LoadModule mod_ctrls_admin.c
LoadModule mod_tls.c
LoadModule mod_sftp.c
ServerName "${name}"
ServerIdent on "${name}"
DefaultAddress ${addresses.join(" ")}
Port ${ftps}
SocketBindTight on
PassivePorts ${passive.first} ${passive.last}
UseReverseDNS off
User proftpd
Group nogroup
PidFile /run/hosting-ftp/pid
ScoreboardFile /run/hosting-ftp/scoreboard
DelayTable /run/hosting-ftp/delay
WtmpLog off
TransferLog none
MaxInstances 100
TimeoutLogin 60
TimeoutIdle 900
ControlsEngine on
ControlsSocket ${ftpPaths.control}
ControlsACLs all allow user root
AdminControlsEngine on
AdminControlsACLs all allow user root
<Global>
  AuthOrder mod_auth_file.c
  AuthUserFile ${ftpPaths.accounts}
  RequireValidShell off
  UseFtpUsers off
  RootLogin off
  DefaultRoot ~
  AllowChrootSymlinks off
  AllowOverwrite on
  AllowStoreRestart on
  AllowRetrieveRestart on
  Umask 027 027
  MaxClientsPerUser 10
  MaxLoginAttempts 3
</Global>
TLSEngine on
TLSRequired on
TLSProtocol TLSv1.2 TLSv1.3
TLSOptions NoSessionReuseRequired
TLSECCertificateFile ${certificate.chain}
TLSECCertificateKeyFile ${certificate.key}
TLSCertificateChainFile ${certificate.chain}
<VirtualHost ${addresses.join(" ")}>
  ServerName "${name}"
  Port ${sftp}
  TLSEngine off
  SFTPEngine on
  SFTPHostKey ${ftpPaths.hostKey}
  SFTPAuthMethods publickey
  SFTPAuthorizedUserKeys file:${ftpPaths.keys}/%u
  SFTPOptions IgnoreSFTPSetPerms IgnoreSFTPUploadPerms IgnoreSCPUploadPerms
</VirtualHost>
`;
}

// It has to become each member, and to be shut up in their folder: that is all it may.
const unit = `[Unit]
Description=Files of members over FTPS and SFTP
Wants=network-online.target
After=network-online.target
[Service]
Type=exec
RuntimeDirectory=hosting-ftp
RuntimeDirectoryMode=0700
ExecStartPre=/usr/sbin/proftpd --configtest -c ${ftpPaths.settings}
ExecStart=/usr/sbin/proftpd --nodaemon -c ${ftpPaths.settings}
ExecReload=/usr/sbin/proftpd --configtest -c ${ftpPaths.settings}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
RestrictNamespaces=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service @mount
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_SYS_CHROOT CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_CHOWN CAP_FOWNER CAP_KILL
ReadWritePaths=${paths.srv}
[Install]
WantedBy=multi-user.target
`;

/**
 * Who may log in where, and by which keys: one line an account in passwd(5)'s form, one file of keys a login (RFC 4716).
 * @param verifierOf what a login's password is checked by, once it has one
 */
export function accountFiles(
  documents: Iterable<MemberDocument>,
  verifierOf: (login: string) => string | undefined,
): DesiredFile[] {
  const all = [...documents].flatMap((document) => (document.accounts ?? []).map((account) => ({ document, account })));
  const lines = all.map(({ document, account }) => {
    const password = account.kind === "ftps" ? verifierOf(account.login) : undefined;
    return accountLine(document, account, password ?? noPassword);
  });
  const keys = all.flatMap(({ document: { member }, account: { login, keys = [] } }): DesiredFile[] =>
    keys.length === 0
      ? []
      : [
          {
            path: `${ftpPaths.keys}/${login}`,
            content: keys.map(publicKeyBlock).join(""),
            mode: 0o600,
            key: `accounts.${login}`,
            member,
          },
        ],
  );
  const list = lines.toSorted().map((line) => `${line}\n`);
  return [{ path: ftpPaths.accounts, content: list.join(""), mode: 0o600, key: "accounts" }, ...keys];
}

/** Where an account is shut up: the member's tree, or its folder in there. */
export function accountHome(member: string, { folder }: Pick<DocumentAccount, "folder">): string {
  const home = `${paths.srv}/${member}`;
  return folder === undefined ? home : `${home}/sites/${folder}`;
}

function accountLine({ member, uid }: MemberDocument, account: DocumentAccount, password: string): string {
  return [account.login, password, uid, uid, "", accountHome(member, account), "/usr/sbin/nologin"].join(":");
}

/** A public key as RFC 4716 has it, of one line of OpenSSH's. */
export function publicKeyBlock(key: string): string {
  const [, blob = ""] = key.split(" ");
  const lines = blob.match(/.{1,70}/g) ?? [];
  return ["---- BEGIN SSH2 PUBLIC KEY ----", ...lines, "---- END SSH2 PUBLIC KEY ----", ""].join("\n");
}
