#!/usr/bin/env bash
# Without a server too, reservations that are over are released before the next command, by the timer; reading and trying change nothing.
source "$(dirname "$0")/lib.sh"
for body in '{"open_company":{"name":"A","base_currency":"CNY","time_zone":"Asia/Shanghai","opened_on":"2026-01-01"}}' \
  '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"tax_rules":{"rows":[{"tax_class":"standard","category":"S","rate":"13"}]}}}}' \
  '{"publish_policy":{"name":"NET30","effective_from":"2026-01-01","policy":{"payment_terms":{"rows":[{"days":30}]}}}}' \
  '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"stock_rules":{"reservation_days":1}}}}' \
  '{"register_customer":{"customer":{"customer":"C","name":"C","currency":"CNY","payment_terms":"NET30","sold_to":{"country":"CN"}}}}' \
  '{"register_product":{"product":{"product":"P","name":"P","unit":"pcs"}}}' \
  '{"receive_stock":{"place":"main","lines":[{"product":"P","quantity":"10"}],"occurred_on":"2026-01-02"}}' \
  '{"create_order":{"order":"OLD","confirm":true,"occurred_on":"2026-02-01","document":{"customer":"C","lines":[{"product":"P","quantity":"10","unit_price":"10"}]}}}'; do
  printf '{"company":"acme","body":%s}\n' "$body"
done >books.jsonl
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
