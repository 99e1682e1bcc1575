#!/bin/sh
# `npm run check`: types, lint, format, dead code, declarations. Seconds, no root; all are run even when one fails.
set -e
. "$(dirname "$0")/node.sh"
cd "$root"
passed=0
failed=0

check() {
  title=$1
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok      $title"
  else
    failed=$((failed + 1))
    echo "FAILED  $title: $*"
    echo "$output"
  fi
}

check types tsc --project .
check lint oxlint --deny-warnings
check format biome ci --colors=off --config-path=.biome.json
check "dead code" knip
check declarations cassiopea check
echo "checks: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
