import type { DesiredFile } from "../files.ts";

/** The daily measure. A sample that could not be taken, for instance while MariaDB restarts, is tried again in the same day. */
export function measureUnits(): DesiredFile[] {
  const unit = (name: string, content: string): DesiredFile => ({
    path: `/etc/systemd/system/hosting-measure.${name}`,
    content,
    mode: 0o644,
    key: "host",
  });
  return [
    unit(
      "service",
      `[Unit]
Description=Disk and traffic of members
After=nginx.service mariadb.service
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/hosting-agent measure
Restart=on-failure
RestartSec=1h
`,
    ),
    unit(
      "timer",
      `[Unit]
Description=Measures disk and traffic of members once a day
[Timer]
OnCalendar=*-*-* 03:30
RandomizedDelaySec=30min
Persistent=true
[Install]
WantedBy=timers.target
`,
    ),
  ];
}
