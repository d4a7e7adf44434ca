#!/usr/bin/env bash
# Bad input: a clear complaint with place and rule, the right exit code, nothing left behind.
source "$(dirname "$0")/lib.sh"
expect 2 "$o2c" report aging --limt 5
complains '--limt'
expect 2 "$o2c" reprot aging
complains 'did you mean report'
expect 2 "$o2c" report
expect 3 "$o2c" report aging --data nowhere
[ ! -e nowhere ] || fail 'a reading verb made a directory'
expect 3 "$o2c" journal verify --data nowhere

printf '%s\n' '{"company":"acme","body":{"open_company":{"name":"Acme","base_currency":"CNY","time_zone":"Asia/Shanghai","opened_on":"2026-01-01"}}}' >open.jsonl
expect 0 "$o2c" command submit open.jsonl --data books
says '"outcome":"accepted"'
expect 0 "$o2c" command submit open.jsonl --data books
says '"repeat":true'
entries=$("$o2c" journal info --data books --output csv | grep '^entries')
# Text that is no command leaves nothing, and names line, field and rule.
while IFS='|' read -r json complaint; do
  printf '%s\n' "$json" >bad.jsonl
  expect 2 "$o2c" command submit bad.jsonl --data books
  complains "$complaint"
  complains 'bad.jsonl:1'
done <<'CASES'
{"company":"acme","body":{"create_mark":{"nmae":"x"}}}|did you mean "name"
{"company":"acme","body":{"create_mark":{}}}|name
{"company":"acme","body":{"create_mark":{"name":"x","name":"y"}}}|name
{"company":"acme","body":{"record_receipt":{"customer":"C","amount":{"amount":"1.234","currency":"CNY"}}}}|/body/record_receipt/amount/amount
{"company":"acme","body":{"record_receipt":{"customer":"C","amount":{"amount":"1.00","currency":"cny"}}}}|currency
{"company":"acme","body":{"close_period":{"until":"2026-02-30"}}}|/body/close_period/until
{"company":"acme"}|body
{|bad.jsonl
CASES
[ "$("$o2c" journal info --data books --output csv | grep '^entries')" = "$entries" ] || fail 'bad input changed the journal'
# What the trade refuses is answered with its number, in both languages.
printf '%s\n' '{"company":"acme","body":{"record_receipt":{"customer":"C-9","amount":{"amount":"1.00","currency":"CNY"}}}}' >refused.jsonl
expect 1 "$o2c" command submit refused.jsonl --data books
says '"code":200'
says 'there is no such customer'
expect 1 "$o2c" command submit refused.jsonl --data books --lang zh
says '客户不存在'
expect 1 "$o2c" command submit - --data books --dry-run <refused.jsonl
# Same id, other content.
printf '%s\n' '{"company":"acme","command_id":"00000000000000000000000000000001","body":{"create_mark":{"name":"a"}}}' >one.jsonl
printf '%s\n' '{"company":"acme","command_id":"00000000000000000000000000000001","body":{"create_mark":{"name":"b"}}}' >two.jsonl
expect 0 "$o2c" command submit one.jsonl --data books
expect 4 "$o2c" command submit two.jsonl --data books
says 'conflict'
expect 0 "$o2c" report aging --data books --known a
# What a program asks for comes in the form it asks for.
position=$("$o2c" event list --data books --output csv | sed -n '$p' | cut -d, -f1)
for format in json jsonl csv; do
  expect 0 "$o2c" explain decision "$position" --data books --output "$format"
  says 'mark_created'
  expect 0 "$o2c" state root --data books --output "$format"
  says 'state_root'
  expect 0 "$o2c" version --output "$format"
done
expect 2 "$o2c" event show "$position" --data books --output csv
expect 3 "$o2c" event show "$position" --data books --company zeta
expect 2 "$o2c" report aging --data books --known nonsense
expect 2 "$o2c" report aging --data books --as-of 2026-02-30
expect 2 "$o2c" report aging --data books --by colour:
expect 3 "$o2c" order show SO-1 --data books
# The only company need not be named; of several, the complaint names them all.
expect 0 "$o2c" mark create b --data books
says '"outcome":"accepted"'
expect 1 "$o2c" mark create b --data books  # now is another position
printf '%s\n' '{"name":"default","effective_from":"2026-01-01","policy":{"stock_rules":{"reservation_days":1}}}' >policy.json
expect 0 "$o2c" policy check policy.json --data books
expect 0 "$o2c" policy publish policy.json --data books
expect 0 "$o2c" policy show stock_rules/default --data books
expect 3 "$o2c" mark create a --data nowhere
[ ! -e nowhere ] || fail 'a mark made a directory'
cp -r books several
sed 's/acme/zeta/' open.jsonl >second.jsonl
expect 0 "$o2c" command submit second.jsonl --data several
for verb in 'mark create c' 'policy check policy.json' 'policy publish policy.json' 'policy show stock_rules/default'; do
  # shellcheck disable=SC2086
  expect 2 "$o2c" $verb --data several
  complains 'acme, zeta'
done
expect 0 "$o2c" mark create c --data several --company zeta
expect 0 "$o2c" company list --data several --output csv
says 'zeta,'
# Import: where the rejected rows cannot be listed, nothing is begun.
for rejects in open.jsonl/rejects.csv missing/rejects.csv . /proc/rejects.csv; do
  expect 5 northwind unlisted --rejects "$rejects"
  complains "$rejects: the reject file cannot be written"
  [ ! -e unlisted ] || fail "an import without a reject file made a directory ($rejects)"
done
# Import: a bad row rejects the whole file and names the place; nothing is submitted.
sed 's/^10248,VINET/10248,NOBODY/' "$project/connectors/import/data/northwind/orders.csv" >orders.csv
files=("$project"/connectors/import/data/northwind/{categories,customers,employees,employee_territories,order_details,products,region,shippers,suppliers,territories}.csv)
"$o2c" import run --mapping "$project/connectors/import/mappings/northwind.toml" orders.csv "${files[@]}" --data fresh >out 2>err
code=$?
[ "$code" = 1 ] || [ "$code" = 2 ] || fail "a bad row gave exit $code"
[ ! -e fresh ] || fail 'a rejected import made a directory'
grep -q 'orders.csv' import-rejects.csv || fail 'the reject file does not name the row'
# A reader that had enough is no failure.
northwind nw >/dev/null 2>&1
"$o2c" event list --data nw --output csv | head -n 1 >/dev/null
[ "${PIPESTATUS[0]}" = 0 ] || fail 'a closed pipe was taken for a failure'
# What could not be written is no success.
for question in 'version' 'event list' 'report kpi --output json' 'report orders --output csv' 'journal export' 'journal info'; do
  # shellcheck disable=SC2086
  "$o2c" $question --data nw >/dev/full 2>err
  same "$?" 6 "exit code of $question on a full device"
done
# A group that no document knows is no group; sums beyond 64 bits fail, and the program does not.
expect 2 "$o2c" report aging --by foo --data nw
expect 2 "$o2c" report aging --by customer,country --data nw
for customer in ALFKI ANATR; do
  printf '{"company":"northwind","body":{"record_receipt":{"receipt":"HUGE-%s","customer":"%s","amount":{"amount":"92233720368547758.07","currency":"USD"}}}}\n' $customer $customer
done >huge.jsonl
cp -r nw huge
expect 0 "$o2c" command submit huge.jsonl --data huge
expect 2 "$o2c" report aging --data huge
complains '64 bits'
complains "aging: unapplied of 'ALL USD'"
expect 2 "$o2c" report trial-balance --data huge
complains "trial_balance: debit of '1002 Bank"
complains '64 bits'
expect 2 "$o2c" report kpi --by total --data huge
complains "kpi: receipts of 'total USD'"
expect 2 "$o2c" explain trial-balance --account 1002 --currency USD --data huge
expect 0 "$o2c" state root --data huge
expect 0 "$o2c" report aging --by customer --customer ALFKI --data huge
expect 0 "$o2c" journal verify --data huge
expect 2 "$o2c" command submit . --data nw
# What is still to come would change the answer; two columns of one name hide one; nothing to submit writes nothing.
expect 2 "$o2c" report aging --known 2099-01-01T00:00:00Z --data nw
complains 'this instant is still to come'
expect 2 "$o2c" report aging --rename current=total_open --data nw
complains 'there is a column of that name'
expect 2 "$o2c" report aging --output xml --data nw
complains 'xml: one of csv, json, jsonl, table'
entries=$("$o2c" journal info --data nw --output csv | grep '^entries')
: >nothing.jsonl
expect 0 "$o2c" command submit nothing.jsonl --data nw
complains 'nothing.jsonl: no command in it'
printf '%s' '{"company":"northwind","body":{"create_mark":{"name":"m"}}} trailing' >trailing.jsonl
expect 2 "$o2c" command submit trailing.jsonl --data nw
complains 'trailing.jsonl:1: byte 60: more after the end of the document'
expect 3 "$o2c" import run --mapping nowhere.toml trailing.jsonl --data nw
complains 'nowhere.toml: no such file'
same "$("$o2c" journal info --data nw --output csv | grep '^entries')" "$entries" 'entries after what was not submitted'
# Completion knows the verbs, their flags, and nothing else.
complete_words() { bash -c 'source <("$0" completion bash); COMP_WORDS=("${@:1}"); COMP_CWORD=$(($# - 1)); _o2c; printf "%s\n" "${COMPREPLY[@]}"' "$o2c" o2c "$@"; }
same "$(complete_words report ag)" aging 'completion of a verb'
same "$(complete_words report aging --kno)" --known 'completion of a flag'
same "$(complete_words report --data /x statement --cust)" --customer 'completion after a global flag'
# A value of an option is no verb.
for before in '--data ibm' '--data=ibm' '-o csv' '--output csv --lang en'; do
  expect 2 "$o2c" $before report agin
  complains "unknown word 'agin' after 'report', did you mean aging?"
done
finish
