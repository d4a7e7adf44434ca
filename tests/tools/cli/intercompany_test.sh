#!/usr/bin/env bash
# Two companies of one instance: an order shipped in one is a purchase receipt in the other, whoever runs, whatever is killed.
source "$(dirname "$0")/lib.sh"
server=
end_all() {
  [ -z "$server" ] || { kill -9 "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
  cleanup
}
trap end_all EXIT
serve() {
  rm -f books/o2c.sock  # of a killed one, which would seem to listen
  "$o2c" serve --data books "$@" >serve.out 2>serve.err &
  server=$!
  server_answers books "$server" || fail "no server: $(cat serve.err)"
}

# Four lanes, so that the two lie on different ones.
serve --lanes 4
books_that_trade north south >books.jsonl
expect 0 "$o2c" command submit books.jsonl --data books
same "$("$o2c" company list --data books --output csv | tail -n +2 | cut -d, -f2 | sort -u | wc -l)" 2 'lanes of the two companies'
sales north 1 20 >sales.jsonl
expect 0 "$o2c" command submit sales.jsonl --data books
same "$(traded books)" 'north,south,CNY,20,20,200.00,200.00,0.00,0.00,200.00,0.00' 'goods between the companies'
expect 0 "$o2c" stock list --company south --data books --output csv
says 'P,P,docks,pcs,20,0,20'
expect 0 "$o2c" partner list --company north --data books --output csv
says 'south,B,,20,20,0'
expect 0 "$o2c" report trial-balance --company south --as-of 2026-01-31 --data books --output csv
says ',库存商品（集团采购）,CNY,0.00,0.00,200.00,0.00,200.00,0.00'
says ',应付账款（集团，已收货）,CNY,0.00,0.00,0.00,200.00,0.00,200.00'
expect 0 "$o2c" report trial-balance --company north --as-of 2026-01-31 --data books --output csv
says ',发出商品（集团在途）,CNY,0.00,0.00,200.00,200.00,0.00,0.00'

# Only the engine brings messages.
expect 2 "$o2c" command submit - --data books <<<'{"company":"south","body":{"take_message":{"from":"north","number":"21","body":{"goods_accepted":{"shipment":"S1"}}}}}'
complains 'take_message is brought by the engine itself'

# Killed while it ships: what was shipped arrives with the next server, once.
sales north 21 220 >sales.jsonl
"$o2c" command submit sales.jsonl --data books >/dev/null 2>&1 &
submitting=$!
sleep 0.1
kill -9 "$server"
wait "$server" 2>/dev/null
wait "$submitting" 2>/dev/null
serve
expect 0 "$o2c" command submit sales.jsonl --data books
same "$(traded books)" 'north,south,CNY,220,220,2200.00,2200.00,0.00,0.00,2200.00,0.00' 'goods after a kill'
kill -TERM "$server"
wait "$server" 2>/dev/null
server=

# Without a server a verb brings what its commands said before it ends. What the other company does not take lies where it was again.
printf '{"company":"south","body":{"set_partner":{"partner":"north"}}}\n' >no.jsonl
sales north 221 222 >>no.jsonl
expect 0 "$o2c" command submit no.jsonl --data books
same "$(traded books)" 'north,south,CNY,222,222,2220.00,2200.00,20.00,0.00,2200.00,0.00' 'goods that were not taken'
expect 0 "$o2c" stock list --company north --data books --output csv
says 'P,P,main,pcs,780,0,780'
expect 0 "$o2c" event list --company north --type goods_returned --data books
says 'partner/south'
expect 0 "$o2c" projection verify --data books
expect 0 "$o2c" journal verify --data books
finish
