#!/usr/bin/env bash
# Every `sh` block of the README is run as it stands, in order, from the project's folder, with a data directory of its own.
source "$(dirname "$0")/lib.sh"
mkdir bin && ln -s "$o2c" bin/o2c
{
  echo 'set -euo pipefail'
  awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$project/README.md"
} >examples.sh
[ "$(grep -c '^o2c ' examples.sh)" -ge 8 ] || fail 'the README has too few examples'
(cd "$project" && PATH="$work/bin:$PATH" O2C_DATA="$work/books" bash "$work/examples.sh") >out 2>err || fail "an example of the README failed: $(tail -3 err)"
finish
