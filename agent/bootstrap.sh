# Run by root's shell on a host that may have neither Node nor agent; the host's document comes on stdin.
set -eu
umask 022
document=$(cat)
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH DEBIAN_FRONTEND=noninteractive
began=$(date +%s%3N)
exec 9>/run/hosting-bootstrap.lock
flock -w 600 9 || { echo "une autre préparation de cet hôte est en cours" >&2; exit 3; }
hash=$(printf '%s\n' "$document" | sed -n 's/.*"agent": *"\([0-9a-f]\{16\}\)".*/\1/p' | head -n 1)
[ -n "$hash" ] || { echo "document d'hôte sans agent" >&2; exit 4; }
if ! [ -x /usr/bin/node ]; then
  echo "installation de nodejs" >&2
  log=/var/log/hosting-bootstrap.log
  { apt-get -q -y -o DPkg::Lock::Timeout=300 update &&
    apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends nodejs; } >"$log" 2>&1 </dev/null ||
    { tail -n 5 "$log" >&2; exit 4; }
fi
lib=/usr/local/lib/hosting
file=$lib/agent-$hash.cjs
mkdir -p "$lib"
if ! [ -f "$file" ]; then
  delivered=/root/hosting-agent-$hash.cjs
  [ "$(sha256sum "$delivered" | cut -c 1-16)" = "$hash" ] || { echo "agent $hash absent ou altéré" >&2; exit 4; }
  cp "$delivered" "$lib/.candidate.cjs"
  /usr/bin/node "$lib/.candidate.cjs" self-test >/dev/null </dev/null || { echo "l'agent $hash ne passe pas son épreuve" >&2; exit 4; }
  chmod 0644 "$lib/.candidate.cjs"
  mv "$lib/.candidate.cjs" "$file"
fi
current=$(readlink "$lib/agent" || true)
if [ "$current" != "agent-$hash.cjs" ]; then
  rm -f "$lib/.previous" "$lib/.agent"
  [ -z "$current" ] || { ln -s "$current" "$lib/.previous" && mv -T "$lib/.previous" "$lib/previous"; }
  ln -s "agent-$hash.cjs" "$lib/.agent"
  mv -T "$lib/.agent" "$lib/agent"
fi
# The one before is kept, for a way back; older ones are not.
for old in "$lib"/agent-*.cjs; do
  case ${old##*/} in "agent-$hash.cjs" | "$(readlink "$lib/previous" || true)") ;; *) rm -f "$old" ;; esac
done
wrapper='#!/bin/sh
exec /usr/bin/node /usr/local/lib/hosting/agent "$@"'
if [ "$(cat /usr/local/sbin/hosting-agent 2>/dev/null || true)" != "$wrapper" ]; then
  printf '%s\n' "$wrapper" >/usr/local/sbin/.hosting-agent
  chmod 0755 /usr/local/sbin/.hosting-agent
  mv /usr/local/sbin/.hosting-agent /usr/local/sbin/hosting-agent
fi
exec 9>&-
logger -t hosting-agent "verb=bootstrap start=$began end=$(date +%s%3N) exit=0" || true
printf '%s\n' "$document" | /usr/local/sbin/hosting-agent host
