import type { MemberDocument } from "../../src/document.ts";
import type { DesiredFile } from "../files.ts";
import { hostPhp, paths } from "../paths.ts";

/** The member's PHP-FPM pool; an own master per member, started by its socket. */
export function poolFile(document: MemberDocument): DesiredFile {
  const { member } = document;
  const home = `${paths.srv}/${member}`;
  const errors = `${paths.log}/${member}/php-error.log`;
  const content = `[global]
error_log = ${errors}
daemonize = no
process_control_timeout = 20s
[${member}]
listen = /run/php-member/${member}.sock
pm = ondemand
pm.max_children = 6
pm.process_idle_timeout = 30s
pm.max_requests = 500
request_terminate_timeout = 120s
security.limit_extensions = .php
clear_env = yes
catch_workers_output = yes
php_admin_value[sys_temp_dir] = ${home}/tmp
php_admin_value[upload_tmp_dir] = ${home}/tmp
php_admin_value[upload_max_filesize] = 64M
php_admin_value[post_max_size] = 64M
php_admin_value[session.save_path] = ${home}/sessions
php_admin_value[session.gc_probability] = 1
php_admin_value[error_log] = ${errors}
php_admin_flag[log_errors] = on
php_admin_value[memory_limit] = 128M
php_admin_value[ffi.enable] = 0
php_admin_value[disable_functions] = exec,passthru,shell_exec,system,proc_open,popen,pcntl_exec,dl
php_admin_value[sendmail_path] = "/usr/bin/msmtp --file=${home}/private/msmtprc -t"
`;
  return { path: `${paths.fpm}/${member}.conf`, content, mode: 0o640, group: member, key: "php", member };
}

/** Limits of the member's own, which stand in place of everybody's (systemd.resource-control(5)); none where it has none. */
export function limitFiles({ member, limits }: MemberDocument): DesiredFile[] {
  if (limits === undefined) return [];
  const { memory, processes, processor } = limits;
  const lines = [
    ...(memory === undefined ? [] : [`MemoryHigh=${Math.floor(memory * 0.75)}`, `MemoryMax=${memory}`]),
    ...(processes === undefined ? [] : [`TasksMax=${processes}`]),
    ...(processor === undefined ? [] : [`CPUQuota=${processor}%`]),
  ];
  const path = `/etc/systemd/system/php-member@${member}.service.d/limits.conf`;
  return [{ path, content: `[Service]\n${lines.join("\n")}\n`, mode: 0o644, key: "limits", member }];
}

/** systemd units that serve every member's pool. */
export function phpUnits(): DesiredFile[] {
  const unit = (name: string, content: string): DesiredFile => ({
    path: `/etc/systemd/system/${name}`,
    content,
    mode: 0o644,
    key: "roles",
  });
  return [
    unit("php-members.target", "[Unit]\nDescription=PHP of all members\n[Install]\nWantedBy=multi-user.target\n"),
    unit("php-member@.socket", socket),
    unit("php-member@.service", service),
  ];
}

const socket = `[Unit]
Description=PHP socket of member %i
[Socket]
ListenStream=/run/php-member/%i.sock
SocketUser=root
SocketGroup=www-data
SocketMode=0660
[Install]
WantedBy=sockets.target
`;

const hardening = [
  "NoNewPrivileges=yes",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "ProtectProc=invisible",
  "ProcSubset=pid",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectKernelLogs=yes",
  "ProtectControlGroups=yes",
  "ProtectClock=yes",
  "ProtectHostname=yes",
  "RestrictNamespaces=yes",
  "RestrictSUIDSGID=yes",
  "RestrictRealtime=yes",
  "LockPersonality=yes",
  "RemoveIPC=yes",
  "CapabilityBoundingSet=",
  "SystemCallArchitectures=native",
  "SystemCallFilter=@system-service",
  "SystemCallErrorNumber=EPERM",
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
].join("\n");

// SIGQUIT and process_control_timeout let running requests end; a plain stop would cut them (502).
const service = `[Unit]
Description=PHP of member %i
PartOf=php-members.target
ConditionPathExists=${paths.fpm}/%i.conf
[Service]
Type=notify
User=%i
Group=%i
UMask=0027
Restart=on-failure
Environment=FPM_SOCKETS=/run/php-member/%i.sock=3
ExecStartPre=/usr/sbin/php-fpm${hostPhp} -t -y ${paths.fpm}/%i.conf
ExecStart=/usr/sbin/php-fpm${hostPhp} --nodaemonize --fpm-config ${paths.fpm}/%i.conf
ExecReload=/usr/sbin/php-fpm${hostPhp} -t -y ${paths.fpm}/%i.conf
ExecReload=/bin/kill -USR2 $MAINPID
KillSignal=SIGQUIT
TimeoutStopSec=30
MemoryHigh=384M
MemoryMax=512M
TasksMax=64
CPUWeight=50
TemporaryFileSystem=${paths.srv}:ro
BindPaths=${paths.srv}/%i
ReadWritePaths=${paths.srv}/%i ${paths.log}/%i
${hardening}
`;
