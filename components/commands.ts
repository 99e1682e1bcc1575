/**
 * The constant lines that are run on hosts. A changed line runs again on every host, so they change as rarely as possible.
 * Each reads its stdin to the end.
 */
export const lines = {
  /**
   * Makes the host's own key once and prints its public half (PEM). Written with what a bare Debian with sshd has:
   * neither openssl nor node is there yet.
   */
  identity: [
    "set -eu; cat >/dev/null; umask 077; key=/etc/hosting/identity.key",
    "mkdir -p -m 0711 /etc/hosting",
    'if ! [ -s "$key" ]; then',
    "  made=$(mktemp -d /etc/hosting/.identity.XXXXXX)",
    '  ssh-keygen -q -t ecdsa -b 256 -m PKCS8 -N "" -C "" -f "$made/key" </dev/null',
    '  mv "$made/key" "$key"; rm -r "$made"',
    "fi",
    'ssh-keygen -e -m PKCS8 -f "$key"',
  ].join("\n"),
  settle: "exec /usr/local/sbin/hosting-agent settle </dev/null",
  /** Makes what DKIM keys are missing, and prints their public halves. */
  keys: (selectors: readonly string[]) => `exec /usr/local/sbin/hosting-agent keys ${selectors.join(" ")}`,
  apply: "exec /usr/local/sbin/hosting-agent apply",
  /** A removed resource changes nothing on the host: what is declared in the documents decides. */
  left: "exec cat >/dev/null",
} as const;
