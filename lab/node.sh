# Sourced by the project's scripts: installs the npm packages where needed and puts the project's own Node first on PATH.
# Sets $root, the project's folder; $0 is a script in a folder right below it.
root=$(cd "$(dirname "$0")/.." && pwd)

packages_are_current() {
  [ -n "$(find "$root/node_modules/.package-lock.json" -newer "$root/package-lock.json" 2>/dev/null)" ]
}
node_runs() {
  "$root/node_modules/.bin/node" --version >/dev/null 2>&1
}

install_packages() {
  packages_are_current || {
    echo "• installing npm packages …" >&2
    (cd "$root" && npm ci --no-progress --loglevel=error) >&2
    touch "$root/node_modules/.package-lock.json"
  }
  # Where npm runs no install scripts, the package `node` is empty: its script would have fetched this one.
  node_runs || {
    version=$(cat "$root/.node-version")
    case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
    echo "• installing Node $version …" >&2
    fetched=$(mktemp -d)
    npm install --prefix "$fetched" --no-save --ignore-scripts --loglevel=error "node-linux-$arch@$version" >&2
    mkdir -p "$root/node_modules/node/bin" "$root/node_modules/.bin"
    mv -f "$fetched/node_modules/node-linux-$arch/bin/node" "$root/node_modules/node/bin/node"
    ln -sf ../node/bin/node "$root/node_modules/.bin/node"
    rm -rf "$fetched"
  }
}

if ! packages_are_current || ! node_runs; then
  command -v npm >/dev/null || {
    echo "npm is needed (Debian: apt-get install nodejs npm)." >&2
    exit 1
  }
  # Two scripts at a time take turns; the one that waited finds everything there.
  exec 9<"$root"
  flock 9
  install_packages
  exec 9<&-
fi
PATH=$root/node_modules/.bin:$PATH
export PATH
