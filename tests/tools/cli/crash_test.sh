#!/usr/bin/env bash
# kill -9 at random moments of an import: run again, it completes, nothing is doubled, the state root is the right one.
source "$(dirname "$0")/lib.sh"
expected=$(cat "$project/tests/golden/northwind/state_root.txt")
started=$EPOCHREALTIME
northwind whole >/dev/null 2>&1 || fail 'the import itself'
elapsed_us=$((${EPOCHREALTIME/./} - ${started/./}))
RANDOM=20261122
interrupted=0
for round in $(seq 1 20); do
  rm -rf books
  (exec "$o2c" import run --mapping "$project/connectors/import/mappings/northwind.toml" "$project"/connectors/import/data/northwind/*.csv --data books >/dev/null 2>&1) &
  pid=$!
  # Anywhere in the time that a whole run takes.
  sleep "$(printf '0.%06d' $(((RANDOM * 32768 + RANDOM) % (elapsed_us < 900000 ? elapsed_us : 900000))))"
  if kill -9 "$pid" 2>/dev/null; then interrupted=$((interrupted + 1)); fi
  wait "$pid" 2>/dev/null
  expect 0 northwind books
  same "$(root books)" "$expected" "state root after kill $round"
  expect 0 "$o2c" journal verify --data books
done
[ "$interrupted" -ge 5 ] || fail "only $interrupted of 20 runs were interrupted"
finish
