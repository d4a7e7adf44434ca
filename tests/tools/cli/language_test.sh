#!/usr/bin/env bash
# --lang zh: what a person reads is Chinese; what programs read, and what a person typed, is as it is.
source "$(dirname "$0")/lib.sh"
northwind books >/dev/null 2>&1
export O2C_DATA=$work/books
zh() { expect "$1" "$o2c" "${@:2}" --lang zh; }
zh 0 order show 10248
says '已完成'
says '全部'
! grep -qw completed out || fail 'a status stayed English'
"$o2c" order show 10248 --output json >english
zh 0 order show 10248 --output json
same "$(cat out)" "$(cat english)" 'JSON does not depend on the language'
zh 3 order show NONE
complains 'o2c: 未找到：没有订单“NONE”'
zh 3 report aging --customer NOBODY
complains 'o2c: 未找到：--customer NOBODY：账簿中没有这个客户'
zh 2 report aging --as-of 2026-02-30
complains '输入有误：--as-of 2026-02-30：需要 1900-01-01 至 2999-12-31'
zh 2 report aging --limt 5
complains '未知选项 --limt'
zh 3 report aging --data nowhere
complains '未找到'
# A name that reads like a word of the engine is a name, whatever its column is called.
printf '%s\n' '{"company":"northwind","body":{"register_customer":{"customer":{"customer":"late","name":"open","currency":"USD","sold_to":{"country":"DE"}}}}}' >customer.jsonl
expect 0 "$o2c" command submit customer.jsonl
for renamed in name=reason name=status customer=reason; do
  zh 0 customer list --rename $renamed
  grep -qE '^late +open ' out || fail "--rename $renamed: a name was translated: $(grep -n 逾期 out)"
done
zh 0 customer show late
says 'open'
finish
