#!/usr/bin/env bash
# 64 clients at once through the socket, on the last items of a product, the last credit of a customer and the next invoice number.
source "$(dirname "$0")/lib.sh"
submit() { "$o2c" command submit "$@" --data books --output jsonl; }
command() { printf '{"company":"acme","command_id":"%032x","body":%s}\n' "$1" "$2"; }
{
  command 1 '{"open_company":{"name":"Acme","base_currency":"CNY","time_zone":"Asia/Shanghai","opened_on":"2026-01-01"}}'
  command 2 '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"tax_rules":{"rows":[{"tax_class":"standard","category":"S","rate":"0"}]}}}}'
  command 3 '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"credit_rules":{"over_limit":"refuse"}}}}'
  command 4 '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"stock_rules":{"when_short":"refuse"}}}}'
  command 5 '{"publish_policy":{"name":"NET30","effective_from":"2026-01-01","policy":{"payment_terms":{"rows":[{"days":30}]}}}}'
  for customer in rich limited; do
    limit=; [ $customer = rich ] || limit='"credit_limit":{"amount":"374.99","currency":"CNY"},'
    command 6$([ $customer = rich ]; echo $?) "{\"register_customer\":{\"customer\":{\"customer\":\"$customer\",\"name\":\"$customer\",\"currency\":\"CNY\",$limit\"payment_terms\":\"NET30\",\"sold_to\":{\"country\":\"CN\"}}}}"
  done
  for product in scarce plenty; do
    units=100; [ $product = scarce ] || units=100000
    command 7$units "{\"register_product\":{\"product\":{\"product\":\"$product\",\"name\":\"$product\",\"unit\":\"pcs\"}}}"
    command 8$units "{\"receive_stock\":{\"place\":\"main\",\"lines\":[{\"product\":\"$product\",\"quantity\":\"$units\"}],\"occurred_on\":\"2026-01-02\"}}"
  done
} >opening.jsonl
"$o2c" serve --data books >serve.out 2>serve.err &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; cleanup' EXIT
for _ in $(seq 1 100); do [ -S books/o2c.sock ] && break; sleep 0.1; done
expect 0 submit opening.jsonl

# Each client: five orders of the scarce product, five on the limited credit, five invoices.
number=1000000
for client in $(seq 1 64); do
  for i in 1 2 3 4 5; do
    command $((number += 1)) "{\"create_order\":{\"confirm\":true,\"document\":{\"customer\":\"rich\",\"lines\":[{\"product\":\"scarce\",\"quantity\":\"1\",\"unit_price\":\"10\"}]}}}"
    command $((number += 1)) "{\"create_order\":{\"confirm\":true,\"document\":{\"customer\":\"limited\",\"lines\":[{\"product\":\"plenty\",\"quantity\":\"1\",\"unit_price\":\"10\"}]}}}"
    command $((number += 1)) "{\"issue_invoice\":{\"customer\":\"rich\",\"lines\":[{\"description\":\"service $i\",\"net\":{\"amount\":\"1.00\",\"currency\":\"CNY\"}}]}}"
  done >"client-$client.jsonl"
done
clients=()
for client in $(seq 1 64); do
  submit "client-$client.jsonl" >"outcome-$client" 2>"complaint-$client" &
  clients+=($!)
done
for pid in "${clients[@]}"; do wait "$pid"; done
cat outcome-* >outcomes
same "$(wc -l <outcomes)" 960 'outcomes'
"$o2c" order list --data books --output csv --limit 10000 >orders.csv
same "$(grep -c ',rich,' orders.csv)" 100 'orders of the scarce product'
same "$(grep -c ',limited,' orders.csv)" 37 'orders within the limit'
"$o2c" stock show scarce --data books --output csv >stock.csv
grep -q '^main,100,100,0' stock.csv || fail "stock of the scarce product: $(cat stock.csv)"
"$o2c" invoice list --data books --output csv --limit 10000 | grep -o 'INV-[0-9]*' | sort -u -t- -k2n >numbers
same "$(cat numbers)" "$(seq -f 'INV-%.0f' 1 320)" 'invoice numbers'
kill -TERM "$server"
wait "$server"
expect 0 "$o2c" journal verify --data books
finish
