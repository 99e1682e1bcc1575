#!/bin/sh
# `npm run demo`: everything from nothing to the members' sites and the bill. Root on Debian; see README.md.
set -e
. "$(dirname "$0")/node.sh"
exec node "$root/lab/demo.ts"
