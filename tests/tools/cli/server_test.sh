#!/usr/bin/env bash
# o2c serve: every verb goes through the socket, with the same answers as on the directory.
source "$(dirname "$0")/lib.sh"
northwind direct >/dev/null 2>&1
"$o2c" serve --data served >serve.out 2>serve.err &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; cleanup' EXIT
for _ in $(seq 1 100); do [ -S served/o2c.sock ] && break; sleep 0.1; done
[ -S served/o2c.sock ] || fail 'the server did not start'
same "$(stat -c %a served/o2c.sock)" 600 'rights of the socket'
expect 0 northwind served
expect 0 northwind served --output json
says '"what":"accepted","count":0'
for question in 'report aging --by country --as-of 1998-05-06' 'report trial-balance --as-of 1998-05-06' 'order show 10248' 'report open-items --as-of 1998-05-06' 'customer list'; do
  # shellcheck disable=SC2086
  same "$("$o2c" $question --data served --output csv | sha256sum)" "$("$o2c" $question --data direct --output csv | sha256sum)" "$question"
done
expect 4 "$o2c" serve --data served
# Those who look after it are answered too.
for question in 'state root' 'journal info' 'journal verify' 'projection status' 'projection verify'; do
  # shellcheck disable=SC2086
  expect 0 "$o2c" $question --data served
done
"$o2c" journal export --data served >exported.jsonl || fail 'export through the server'
[ "$(wc -l <exported.jsonl)" -gt 3400 ] || fail "exported $(wc -l <exported.jsonl) entries"
expect 0 "$o2c" event show 5 --data served
expect 2 "$o2c" report aging --data served --by colour:
expect 3 "$o2c" report aging --data served --customer NOBODY
complains '--customer NOBODY'
expect 0 "$o2c" mark create "through the socket" --dry-run --data served
expect 0 "$o2c" company list --data served --output csv
says 'northwind,0'
kill -TERM "$pid"
wait "$pid"
same "$?" 143 'exit code of a stopped server'
[ ! -e served/o2c.sock ] || fail 'the socket was left behind'
same "$(root served)" "$(root direct)" 'state root of the served instance'

# Reservations that have run out while nobody served are released at the start, in every company, whatever the length of its texts.
{
  for company in aa bbb; do
    books_that_reserve "$company" 100
    for order in O O2 O23 O234 O2345 O23456 O234567 O2345678 O23456789; do
      printf '{"company":"%s","body":{"create_order":{"order":"%s","confirm":true,"occurred_on":"2026-02-01","document":{"customer":"C","lines":[{"product":"P","quantity":"1","unit_price":"10"}]}}}}\n' "$company" "$order"
    done
  done
} >reserved.jsonl
expect 0 "$o2c" command submit reserved.jsonl --data timed
"$o2c" serve --data timed >serve.out 2>serve.err &
pid=$!
for _ in $(seq 1 100); do [ -S timed/o2c.sock ] && break; sleep 0.1; done
for company in aa bbb; do
  for _ in $(seq 1 50); do
    "$o2c" stock show P --company $company --data timed --output csv >stock.csv 2>&1
    grep -q '^main,100,0,100' stock.csv && break
    sleep 0.1
  done
  grep -q '^main,100,0,100' stock.csv || fail "reservations of $company are not released: $(cat stock.csv serve.err)"
done
kill -TERM "$pid"
wait "$pid"

# The bench starts servers of its own, and ends them. Its books can be kept and asked.
expect 0 timeout 120 "$o2c" bench o2c-1 --cycles 200 --no-latency
says 'socket commands/s (16 waiting clients)'
same "$(find "$TMPDIR" -mindepth 1 | wc -l)" 0 'files that a bench leaves'
expect 0 timeout 120 "$o2c" bench o2c-1 --cycles 200 --no-latency --no-socket --dir measured --keep
expect 0 "$o2c" journal verify --data measured/throughput
timeout -s INT 1 "$o2c" bench o2c-1 --cycles 200000 >/dev/null 2>&1
for _ in $(seq 1 50); do  # what it started ends a moment after it
  [ -n "$(find "$TMPDIR" -mindepth 1)" ] || break
  sleep 0.1
done
same "$(find "$TMPDIR" -mindepth 1 | wc -l)" 0 'files that an interrupted bench leaves'
finish
