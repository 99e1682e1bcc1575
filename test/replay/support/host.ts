import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../lab/run.ts";

/** A Debian host on which transcripts are replayed, and the network beside it. */
export interface Ground {
  address: string;
  /** this machine's address as the host sees it */
  client: string;
  /** a free address of the same network, which the host takes as its second one */
  second: string;
  /** an address that nobody has */
  absent: string;
  /** an address whose packets vanish */
  silent: string;
  /** runs a shell script as root on the host; throws when it fails */
  shell(script: string): Promise<string>;
  /** makes packets to `silent` vanish, or stops that */
  silence(on: boolean): Promise<void>;
}

/** Where everything lies that a replay puts on the host. */
const place = "/var/lib/replay";
const mark = "replay of the plugins' transcripts";

/** Port of the replay's own database server: it must have MariaDB's automatic certificate, whatever the host's has. */
export const sqlPort = 3316;
export const sqlPassword = "replay pass'word";

export interface Keys {
  /** private keys; the third is known to no host */
  privateKeys: [string, string, string];
  publicKeys: [string, string, string];
  files: [string, string, string];
}

/** Three fresh ed25519 keys. */
export async function makeKeys(): Promise<Keys> {
  const folder = mkdtempSync(join(tmpdir(), "cassiopea-replay-"));
  const files = ["1", "2", "3"].map((name) => join(folder, name)) as Keys["files"];
  for (const file of files) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", mark, "-f", file]);
  const read = (ending: string) => files.map((file) => readFileSync(`${file}${ending}`, "utf8")) as Keys["files"];
  return { privateKeys: read(""), publicKeys: read(".pub").map((line) => line.trim()) as Keys["files"], files };
}

/** A server like Debian's own, on another port, with its own keys where the host may have none. */
function sshServer(port: number, lines: readonly string[]): string {
  return `cat > ${place}/sshd-${port}.conf <<'END'
Port ${port}
PidFile ${place}/sshd-${port}.pid
HostKey ${place}/rsa
HostKey ${place}/ecdsa
HostKey /etc/ssh/ssh_host_ed25519_key
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
Subsystem sftp internal-sftp
${lines.join("\n")}
END
/usr/sbin/sshd -f ${place}/sshd-${port}.conf
`;
}

/** Ends what earlier replays may have left, by the process ids that they wrote. */
const clean = `
for file in ${place}/*.pid; do [ -e "$file" ] && kill "$(cat "$file")" 2>/dev/null; done
rm -rf ${place} /root/copy /root/never /root/cancel /root/killed /root/order.log /root/delete.log
[ -e /root/.ssh/authorized_keys ] && sed -i "/${mark.replaceAll("'", ".")}/d" /root/.ssh/authorized_keys
`;

/** Prepares the SSH side: keys, a second address, servers on ports 2222 and 2224, a mute one on 2299. */
export async function prepareSsh(ground: Ground, keys: Keys): Promise<{ hostKey: string; rsaHostKey: string }> {
  const [first, second] = keys.publicKeys;
  const both = `${first}\n${second}`;
  await ground.shell(`${clean}
set -e
mkdir -p ${place} /root/copy /root/.ssh /run/sshd && chmod 700 ${place} /root/.ssh
ssh-keygen -q -t rsa -N '' -f ${place}/rsa && ssh-keygen -q -t ecdsa -N '' -f ${place}/ecdsa
cat >> /root/.ssh/authorized_keys <<'END'
${both}
END
cat > ${place}/keys <<'END'
${both}
END
chmod 600 /root/.ssh/authorized_keys
interface=$(ip -o -4 addr show | awk '$4 ~ "^${ground.address}/" {print $2}')
ip addr replace ${ground.second}/24 dev "$interface"
${sshServer(2222, [`AuthorizedKeysFile ${place}/keys`, "PerSourcePenalties no", "AcceptEnv LANG LC_* COLORTERM NO_COLOR PULUMI_COMMAND_*"])}
${sshServer(2224, ["AcceptEnv LANG LC_* COLORTERM NO_COLOR"])}
setsid perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 2299, Listen => 5, ReuseAddr => 1) or die;
open(my $f, ">", "${place}/mute.pid"); print $f $$; close $f; sleep' </dev/null >/dev/null 2>&1 &
`);
  await ground.silence(true);
  const read = async (file: string) => (await ground.shell(`cut -d' ' -f1,2 ${file}`)).trim();
  return { hostKey: await read("/etc/ssh/ssh_host_ed25519_key.pub"), rsaHostKey: await read(`${place}/rsa.pub`) };
}

/** Takes away what `prepareSsh` has put on the host. */
export async function cleanSsh(ground: Ground): Promise<void> {
  await ground.silence(false);
  await ground.shell(`${clean}
interface=$(ip -o -4 addr show | awk '$4 ~ "^${ground.second}/" {print $2}')
[ -z "$interface" ] || ip addr del ${ground.second}/24 dev "$interface"
`);
}

/** Takes the second key away from the server on port 2222. */
export function revokeSecondKey(keys: Keys): string {
  return `cat > ${place}/keys <<'END'\n${keys.publicKeys[0]}\nEND`;
}

/** Starts a database server of the replay's own, from Debian's package, which is taken away afterwards if it was not there. */
export async function prepareSql(ground: Ground): Promise<void> {
  await ground.shell(`
[ -e ${place}-sql/sql.pid ] && kill "$(cat ${place}-sql/sql.pid)" 2>/dev/null
set -e
rm -rf ${place}-sql && mkdir -p ${place}-sql
if ! command -v mariadbd >/dev/null; then
  policy=/usr/sbin/policy-rc.d
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy -o DPkg::Lock::Timeout=120 --no-install-recommends mariadb-server
  touch ${place}-installed && rm -f $policy
fi
chown mysql: ${place}-sql
mariadb-install-db --no-defaults --force --user=mysql --datadir=${place}-sql --skip-test-db --auth-root-authentication-method=socket
setsid mariadbd --no-defaults --user=mysql --datadir=${place}-sql --port=${sqlPort} --bind-address=0.0.0.0 --skip-name-resolve \\
  --socket=${place}-sql/sql.sock --pid-file=${place}-sql/sql.pid </dev/null >${place}-sql/server.log 2>&1 &
for i in $(seq 100); do [ -S ${place}-sql/sql.sock ] && break; sleep 0.1; done
`);
  const network = ground.address.replace(/\.\d+$/, ".%");
  await sql(
    ground,
    `CREATE USER tradmin@'${network}' IDENTIFIED BY '${sqlPassword.replaceAll("'", "''")}'; GRANT ALL ON *.* TO tradmin@'${network}' WITH GRANT OPTION`,
  );
}

/** Runs statements as the server's root; rows as lines, columns parted by tabs. */
export async function sql(ground: Ground, statements: string): Promise<string[]> {
  const text = await ground.shell(
    `mariadb --no-defaults -S ${place}-sql/sql.sock --default-character-set=utf8mb4 -BN --raw <<'END'\n${statements};\nEND`,
  );
  return text.split("\n").filter((line) => line !== "");
}

/** Stops the replay's database server and takes away its data, and the package if it was installed for this. */
export async function cleanSql(ground: Ground): Promise<void> {
  await ground.shell(`
[ -e ${place}-sql/sql.pid ] && kill "$(cat ${place}-sql/sql.pid)" && while [ -e ${place}-sql/sql.pid ]; do sleep 0.1; done
if [ -e ${place}-installed ]; then
  DEBIAN_FRONTEND=noninteractive apt-get purge -qy --autoremove 'mariadb-*' mysql-common >/dev/null && rm ${place}-installed
fi
rm -rf ${place}-sql
`);
}
