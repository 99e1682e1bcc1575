#!/bin/sh
# Command line of the lab; see `npm run lab -- --help`.
set -e
. "$(dirname "$0")/node.sh"
exec node "$root/lab/lab.ts" "$@"
