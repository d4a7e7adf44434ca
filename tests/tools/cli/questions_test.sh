#!/usr/bin/env bash
# What a question takes: names that the books know, words of the list in its help, dates of the calendar.
source "$(dirname "$0")/lib.sh"
northwind books >/dev/null 2>&1
export O2C_DATA=$work/books
# A name that the books do not know is an error that says which flag; one that they know without rows is an empty table.
while IFS='|' read -r question flag; do
  # shellcheck disable=SC2086
  expect 3 "$o2c" $question --"$flag" NOBODY
  complains "--$flag NOBODY"
done <<'QUESTIONS'
report aging|customer
report aging|country
report aging|region
report aging|seller
report aging|team
report aging|grade
report open-items|customer
report statement|customer
report receivables|customer
report payment-behaviour|seller
report exposure-peak|country
report orders|customer
report journal|customer
report journal|account
explain figure --currency USD --column balance|customer
order list|customer
quote list|customer
invoice list|customer
invoice list|order
payment list|customer
stock list|place
event list|stream
event list|actor-is
QUESTIONS
expect 3 "$o2c" report aging --by attribute:NOBODY
complains '--by attribute:NOBODY'
expect 0 "$o2c" report aging --customer ALFKI --as-of 1996-01-01 --output csv
same "$(wc -l <out)" 1 'rows of a known customer before the first invoice'
expect 0 "$o2c" report orders --customer PARIS --output csv
same "$(wc -l <out)" 1 'orders of a customer that never ordered'
# Each report takes exactly the groups that its help lists.
for report in aging receivables payment-behaviour exposure-peak sales fulfilment backlog kpi; do
  "$o2c" report $report --help >out
  words=$(tr -s ' \n' ' ' <out | sed -n 's/.*--by TEXT [^:]*: \([^-]*\(-[a-z][^-]*\)*\) --.*/\1/p' | sed 's/ or attribute:NAME//')
  [ "$(tr ',' '\n' <<<"$words" | wc -l)" -ge 8 ] || fail "the help of report $report lists no groups: $words"
  for word in ${words//,/ }; do expect 0 "$o2c" report $report --by "$word" --as-of 1996-08-01 --output csv; done
  expect 2 "$o2c" report $report --by month,customer
  complains '--by month,customer: one of'
done
expect 2 "$o2c" order list --status finished
complains 'short_closed'
# Lists are as known at a position, so a date is no flag of theirs.
for list in order invoice payment quote customer stock; do
  expect 2 "$o2c" $list list --as-of 1998-01-01
  complains '--as-of'
done
for day in 9999-01-01 1899-12-31 1998-02-30 tomorrow; do
  expect 2 "$o2c" report aging --as-of $day
  complains '1900-01-01 to 2999-12-31'
done
# One customer's view says what the reports over all say of this one.
expect 0 "$o2c" customer show ALFKI --as-of 1998-05-06 --output json
row=$(sed -n 's/.*"customer_value":\[{\(.*\)}\].*/\1/p' out)
"$o2c" report customer-value --as-of 1998-05-06 --output jsonl >all
grep -qF -- "{$row}" all || fail "the value of ALFKI is '$row' here, and in the report $(grep ALFKI all)"
"$o2c" payment list --customer ALFKI --output jsonl | tail -n 5 >latest
while read -r payment; do says "${payment:1:-1}"; done <latest
[ -s latest ] || fail 'ALFKI has paid nothing'
# The entries behind a figure add up to it, whatever report it stands in.
# explained 'REPORT' 'EXPLAIN' COLUMN...: one row is looked at by both, the explanation ends with its figures.
explained() {
  local report=$1 explain=$2 column shown
  shift 2
  expect 0 "$o2c" report $report --output jsonl
  cp out row
  [ "$(wc -l <row)" = 1 ] || grep -- "$row" out >row
  for column in "$@"; do
    shown=$(sed -n "s/.*\"$column\":\"\{0,1\}\([^\",}]*\).*/\1/p" row)
    expect 0 "$o2c" explain $explain --currency USD --column "$column" --output csv
    same "$(tail -n 1 out | awk -F, '{ print $NF }')" "$shown" "sum of what is behind $column of $report"
    [ "$(wc -l <out)" -gt 2 ] || fail "nothing is behind $column of $report"
  done
}
january='--by month --from 1998-01-01 --until 1998-02-01'
row='"1998-01"'
explained "kpi $january" "kpi $january --value 1998-01" orders order_value sales invoiced receipts receivables_end
explained "fulfilment $january" "fulfilment $january --value 1998-01" orders shipped
explained "backlog --as-of 1998-04-15" "backlog --as-of 1998-04-15" open_orders open_net_value
explained "receivables --as-of 1998-05-06" "receivables --month 1998-01 --as-of 1998-05-06" \
  opening_ar invoiced invoices_issued collected invoices_settled closing_ar open_invoices closing_current \
  late_settled_count
# Quantities are figures too, whatever their sign.
expect 0 "$o2c" explain sales --by customer --value ALFKI --currency USD --column units --output csv
grep -q "'" out && fail "a quantity shown as a text: $(grep -m 1 "'" out)"
row='"ALFKI"'
explained 'customer-value --as-of 1998-05-06' 'customer-value --value ALFKI --as-of 1998-05-06' order_value orders
explained 'exposure-peak --as-of 1998-05-06' 'exposure-peak --value ALFKI --as-of 1998-05-06' peak_open_balance
explained 'payment-behaviour --by customer --as-of 1998-05-06' \
  'payment-behaviour --by customer --value ALFKI --as-of 1998-05-06' invoices invoiced
expect 2 "$o2c" explain kpi $january --value 1998-01 --currency USD --column dso
complains 'dso'
# A row that is not there is no sum of nothing.
expect 3 "$o2c" explain receivables --month 2020-03 --currency USD --column invoiced
complains "receivables has no row of month '2020-03', currency 'USD'"
expect 3 "$o2c" explain receivables --by customer --value NOBODY --month 1998-01 --currency USD --column invoiced
expect 3 "$o2c" explain payment-behaviour --currency EUR --column invoices
expect 2 "$o2c" explain figure --by customer --currency USD --column balance
complains '--value is needed'
expect 2 "$o2c" explain figure --value ALFKI --currency USD --column balance
complains '--value'
expect 2 "$o2c" explain kpi --by total --value ALFKI --currency USD --column sales
expect 2 "$o2c" explain kpi --by customer --currency USD --column sales
complains '--value is needed'
# A column that is not there is a slip of the pen, whatever the report.
for report in 'figure' 'receivables --month 1998-01' 'payment-behaviour' 'sales --value 1998-01' \
  'trial-balance --account 1122'; do
  expect 2 "$o2c" explain $report --currency USD --column no_such
  complains 'no_such'
done
expect 0 "$o2c" report trial-balance --as-of 1998-05-06 --output csv
debits=$(grep '^total,' out | cut -d, -f7)
expect 0 "$o2c" explain trial-balance --account total --currency USD --column debit --as-of 1998-05-06 --output csv
same "$(tail -n 1 out | awk -F, '{ print $NF }')" "$debits" 'sum of what is behind all debits'
expect 2 "$o2c" explain trial-balance --currency USD
complains '--account is needed'
expect 3 "$o2c" explain trial-balance --account 1122 --currency EUR
complains "trial_balance has no row of account '1122', currency 'EUR'"
finish
