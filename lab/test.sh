#!/bin/sh
# `npm test [-- unit|browser|judges|replay|e2e …]`: sets up what is missing and runs all tests, or those of the projects named.
set -e
. "$(dirname "$0")/node.sh"
exec node "$root/lab/test.ts" "$@"
