#!/usr/bin/env bash
# Without a server too, reservations that are over are released before the next command, by the timer; reading and trying change nothing.
source "$(dirname "$0")/lib.sh"
{
  books_that_reserve acme 10
  printf '%s\n' '{"company":"acme","body":{"create_order":{"order":"OLD","confirm":true,"occurred_on":"2026-02-01","document":{"customer":"C","lines":[{"product":"P","quantity":"10","unit_price":"10"}]}}}}'
} >books.jsonl
expect 0 "$o2c" command submit books.jsonl --data books
stock() { "$o2c" stock show P --data books --output csv | grep '^main'; }
entries() { "$o2c" journal info --data books --output csv | grep '^entries'; }
same "$(stock)" main,10,10,0 'stock as reserved'
printf '%s\n' '{"company":"acme","body":{"create_order":{"order":"NEW","confirm":true,"document":{"customer":"C","lines":[{"product":"P","quantity":"10","unit_price":"10"}]}}}}' >new.jsonl
# Trying it sees what the real one would: the goods are free again. Nothing is written.
before=$(entries)
expect 0 "$o2c" report orders --data books
expect 0 "$o2c" command submit new.jsonl --data books --dry-run
says '"outcome":"accepted"'
same "$(entries)" "$before" 'entries after reading and trying'
same "$(stock)" main,10,10,0 'stock after reading and trying'
# The command itself finds the goods, and the release is the timer's entry before it.
expect 0 "$o2c" command submit new.jsonl --data books
"$o2c" event list --data books --output csv >events.csv
released=$(grep -n ',timer,reservation_released,' events.csv | cut -d: -f1)
created=$(grep -n ',order_created,.*NEW' events.csv | cut -d: -f1)
[ -n "$released" ] && [ "$released" -lt "$created" ] || fail "the timer did not release first: $(cat events.csv)"
"$o2c" event list --stream NEW --data books --output csv | grep -q ',stock_reserved,' || fail 'the new order got no goods'
# Again does no more.
before=$(entries)
expect 0 "$o2c" mark create later --data books
same "$("$o2c" event list --actor-is timer --data books --output csv | wc -l)" 2 'entries of the timer'
finish
