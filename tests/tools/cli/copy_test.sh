#!/usr/bin/env bash
# The demo books copied to other lanes and back: copy_test.sh O2C PROJECT.
source "$(dirname "$0")/lib.sh"
expected=$(cat "$project/tests/golden/northwind/state_root.txt")

expect 0 northwind books
expect 0 "$o2c" journal copy --data books --to four --lanes 4 --output json
says "\"field\":\"state_root\",\"old\":\"${expected#state root: }\",\"new\":\"${expected#state root: }\""
says '"field":"lanes","old":1,"new":4'
says '"journal":"old","lane":0'
says '"journal":"new","lane":3'
complains 'commands copied in'
expect 0 "$o2c" journal copy --data four --to back --lanes 1
for copy in four back; do
  same "$(root $copy)" "$expected" "state root of $copy"
  expect 0 "$o2c" journal verify --data $copy
  expect 0 northwind $copy --output json
  says '"what":"accepted","count":0'
  expect 0 "$o2c" report aging --as-of 1998-05-06 --data $copy
  cp out aging.$copy
done
expect 0 "$o2c" report aging --as-of 1998-05-06 --data books
cmp -s out aging.four && cmp -s out aging.back || fail 'the aging of a copy is another'

# The heads of the old journal stand at the beginning of the new one.
expect 0 "$o2c" journal info --data books --output csv
old=$(sed -n 's/^lane_0,.* \([0-9a-f]*\)$/\1/p' out)
expect 0 "$o2c" journal export --data four
grep -F '"kind":"copied"' out | grep -qF "$old" || fail "no copied entry names $old"

# What is there already is never written to, and nothing is copied while somebody has it open.
expect 4 "$o2c" journal copy --data books --to four
complains 'a copy needs an empty target'
expect 4 "$o2c" journal copy --data books --to books
complains 'a copy needs an empty target'
touch file
expect 2 "$o2c" journal copy --data books --to file
complains 'file: a copy needs a directory'
expect 3 "$o2c" journal copy --data nowhere --to other
[ ! -e other ] || fail 'a copy of nothing left a directory'
expect 2 "$o2c" journal copy --data books --to kafka
complains '--config FILE'

# A copy that was killed is no instance.
"$o2c" journal copy --data books --to killed >/dev/null 2>&1 &
pid=$!
for _ in $(seq 1 2000); do
  [ -e killed/journal.tip ] && break
  sleep 0.001
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
"$o2c" journal export --data killed >entries 2>/dev/null
if grep -qF '"kind":"copied"' entries && ! grep -qF '"kind":"seal"' entries; then
  expect 7 "$o2c" state root --data killed
  complains 'copy again into an empty target'
  expect 4 "$o2c" journal copy --data books --to killed
fi
finish
