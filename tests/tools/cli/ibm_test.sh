#!/usr/bin/env bash
# IBM receivables: imported, and every figure equals the independently computed answers to the cent.
source "$(dirname "$0")/lib.sh"
ibm=$3
expect 0 "$o2c" import run --mapping "$project/connectors/import/mappings/ibm-receivables.toml" "$ibm/WA_Fn-UseC_-Accounts-Receivable.csv" --data books
# compare ANSWERS KEY OURS OUR_KEY [AS_OF]: rows by key, every column that both have, as numbers.
compare() {
  python3 - "$@" <<'PY'
import csv, sys
from decimal import Decimal
answers, key, ours, our_key = sys.argv[1:5]
as_of = sys.argv[5] if len(sys.argv) > 5 else None
def value(text):
    try: return Decimal(text)
    except Exception: return text
want = [r for r in csv.DictReader(open(answers)) if as_of is None or r['as_of'] == as_of]
have = {r[our_key]: r for r in csv.DictReader(open(ours))}
shared = [c for c in want[0] if c in next(iter(have.values()))]
wrong = [] if len(want) == len(have) else [f'{len(have)} rows, not {len(want)}']
for row in want:
    mine = have.get(row[key])
    if mine is None: wrong.append(f'no row {row[key]}'); continue
    wrong += [f'{row[key]} {c}: {mine[c]} is not {row[c]}' for c in shared if value(mine[c]) != value(row[c])]
if wrong: print('\n'.join(wrong[:10]))
sys.exit(1 if wrong or len(shared) < 2 else 0)
PY
}
for as_of in 2012-12-31 2013-06-30 2013-11-30; do
  for by in total country customer; do
    key=$(case $by in total) echo scope ;; country) echo countryCode ;; customer) echo customerID ;; esac)
    ours=$(case $by in total) echo scope ;; *) echo $by ;; esac)
    answers=$(case $by in total) echo aging_total ;; *) echo aging_by_$by ;; esac)
    "$o2c" report aging --by $by --as-of $as_of --buckets 30,60,90 --data books --output csv >ours.csv
    compare "$ibm/answers/$answers.csv" $key ours.csv $ours $as_of || fail "aging by $by as of $as_of"
  done
done
"$o2c" report receivables --by month --as-of 2014-01-31 --data books --output csv >ours.csv
compare "$ibm/answers/monthly.csv" month ours.csv month || fail 'receivables by month'
for row in total:total:scope:scope by_country:country:countryCode:country by_customer:customer:customerID:customer \
  by_bill_type:attribute/bill_type:PaperlessBill:attribute/bill_type by_disputed:attribute/disputed:Disputed:attribute/disputed; do
  IFS=: read -r file by key ours <<<"$row"
  "$o2c" report payment-behaviour --by "${by/\//:}" --as-of 2014-01-31 --data books --output csv >ours.csv
  ours=${ours/\//:}
  head -1 ours.csv | grep -q "^$ours," || ours=${ours#attribute:}
  compare "$ibm/answers/payment_behaviour_$file.csv" "$key" ours.csv "$ours" || fail "payment behaviour $file"
done
"$o2c" report exposure-peak --as-of 2014-01-31 --data books --output csv >ours.csv
compare "$ibm/answers/peak_exposure_by_customer.csv" customerID ours.csv customer || fail 'exposure peak'
finish
