#!/usr/bin/env bash
# kill -9 at random moments of an import: run again, it completes, nothing is doubled, the state root is the right one.
source "$(dirname "$0")/lib.sh"
expected=$(cat "$project/tests/golden/northwind/state_root.txt")
started=$EPOCHREALTIME
northwind whole >/dev/null 2>&1 || fail 'the import itself'
elapsed_us=$((${EPOCHREALTIME/./} - ${started/./}))

# What a killed process left in the scratch directory under this process number is not ours, and does not stop us.
(
  pid=$BASHPID
  mkdir -p "scratch/o2c-rehearsal-$pid/journal"
  exec "$o2c" import run --mapping "$project/connectors/import/mappings/northwind.toml" \
    "$project"/connectors/import/data/northwind/*.csv --data after-pid
) >out 2>err || fail "import with the process number of a killed one: $(head -c 300 err)"
same "$(root after-pid)" "$expected" 'state root with the process number of a killed one'
same "$(find scratch -mindepth 1 -maxdepth 1 | wc -l)" 1 'directories in scratch: the one that was there'

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
