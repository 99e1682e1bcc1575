#!/bin/sh
# `npx cassiopea` finds the command line in the clone.
set -e
cd "$(dirname "$0")/.."
mkdir -p node_modules/.bin
ln -sf ../../components/cassiopea.js node_modules/.bin/cassiopea
