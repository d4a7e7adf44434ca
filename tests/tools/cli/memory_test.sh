#!/usr/bin/env bash
# What was known at a moment stays known: a report at (date, position) gives the same bytes after ten thousand later entries that are dated
# back, reverse and un-allocate; and the same commands twice give the same books.
source "$(dirname "$0")/lib.sh"
northwind books >/dev/null 2>&1 || fail 'the import'
position=$("$o2c" journal info --data books --output csv | sed -n 's/^entries,//p')
[ "${position:-0}" -gt 3000 ] || fail "position '$position'"
reports() {
  for by in total country customer region seller currency; do "$o2c" report aging --by $by --as-of 1998-03-31 --known "$position" --data "$1" --output csv; done
  for question in 'aging --as-of 1997-06-30 --basis business' 'open-items --as-of 1998-03-31' 'trial-balance --as-of 1998-03-31' 'statement --customer ALFKI --as-of 1998-03-31' \
    'customer-value --as-of 1998-05-06' 'kpi --by month --as-of 1998-05-06' 'orders --as-of 1998-05-06' 'receivables --by month --as-of 1998-05-06' 'fulfilment --as-of 1998-05-06' 'backlog --as-of 1998-05-06'; do
    # shellcheck disable=SC2086
    "$o2c" report $question --known "$position" --data "$1" --output csv || echo "failed: $question"
  done
}
reports books >before
! grep -q '^failed' before || fail "$(grep '^failed' before)"
before=$(sha256sum <before)

# 10,000 entries dated 1997 and 1998: invoices, cash on them, taken back, applied again, reversed; and old receipts taken off old invoices.
awk 'function c(body) { printf "{\"company\":\"northwind\",\"command_id\":\"%032x\",\"body\":%s}\n", 70000000 + ++n, body }
BEGIN {
  for (i = 1; i <= 1600; ++i) {
    day = sprintf("1998-%02d-%02d", 1 + i % 5, 1 + i % 28); customer = i % 2 ? "ALFKI" : "QUICK"
    c(sprintf("{\"issue_invoice\":{\"invoice\":\"L-%d\",\"customer\":\"%s\",\"occurred_on\":\"%s\",\"lines\":[{\"description\":\"late\",\"net\":{\"amount\":\"%d.17\",\"currency\":\"USD\"}}]}}", i, customer, day, i))
    c(sprintf("{\"record_receipt\":{\"receipt\":\"LR-%d\",\"customer\":\"%s\",\"occurred_on\":\"%s\",\"amount\":{\"amount\":\"%d.17\",\"currency\":\"USD\"},\"applications\":[{\"invoice\":\"L-%d\"}]}}", i, customer, day, i, i))
    c(sprintf("{\"unapply_cash\":{\"receipt\":\"LR-%d\",\"invoice\":\"L-%d\",\"occurred_on\":\"%s\"}}", i, i, day))
    c(sprintf("{\"apply_cash\":{\"receipt\":\"LR-%d\",\"occurred_on\":\"%s\",\"applications\":[{\"invoice\":\"L-%d\"}]}}", i, day, i))
    c(sprintf("{\"return_receipt\":{\"receipt\":\"LR-%d\",\"reason\":\"bounced\",\"occurred_on\":\"%s\"}}", i, day))
    c(sprintf("{\"reverse_invoice\":{\"invoice\":\"L-%d\",\"reason\":\"late\",\"occurred_on\":\"%s\"}}", i, day))
  }
  for (order = 10248; order < 10648; ++order) c(sprintf("{\"unapply_cash\":{\"receipt\":\"R-%d\",\"invoice\":\"I-%d\"}}", order, order))
}' >later.jsonl
same "$(wc -l <later.jsonl)" 10000 'later commands'
"$o2c" command submit later.jsonl --data books --output jsonl >outcomes 2>err
accepted=$(grep -c '"accepted"' outcomes)
[ "$accepted" -ge 9990 ] || fail "only $accepted of 10,000 were accepted: $(grep -v accepted outcomes | head -3) $(cat err)"
reports books >after
same "$(sha256sum <after)" "$before" "reports as known at $position"
now=$("$o2c" report aging --data books --output csv)
[ "$now" != "$("$o2c" report aging --known "$position" --data books --output csv)" ] || fail 'the later entries changed nothing at all'
expect 0 "$o2c" projection verify --data books

# The same files on other books, twice: nothing is decided again, and the books are the same.
northwind others >/dev/null 2>&1
"$o2c" command submit later.jsonl --data others --output jsonl >first 2>/dev/null
once=$(root others)
"$o2c" command submit later.jsonl --data others --output jsonl >second 2>/dev/null
same "$(root others)" "$once" 'state root after the same commands again'
same "$once" "$(root books)" 'state root of the same commands on other books'
finish
