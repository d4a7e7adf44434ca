# Sourced by the scripts of this folder: o2c, project, work (a folder that is removed at the end), and how to expect.
set -uo pipefail
o2c=$1 project=$2
export NO_COLOR=1 LC_ALL=C.UTF-8
unset O2C_DATA
work=$(mktemp -d "${TMPDIR:-/tmp}/o2c-cli.XXXXXX")
failures=0
cleanup() { rm -rf "$work"; }
trap cleanup EXIT
mkdir "$work/scratch"
export TMPDIR=$work/scratch  # killed programs leave theirs behind
cd "$work" || exit 1

fail() { echo "NOT MET: $*" >&2; failures=$((failures + 1)); }
# expect CODE COMMAND...: runs it, keeps out and err, compares the exit code.
expect() {
  local wanted=$1 code
  shift
  "$@" >"$work/out" 2>"$work/err"
  code=$?
  [ "$code" = "$wanted" ] || fail "exit $code, not $wanted: $* ($(head -c 300 "$work/err"))"
}
says() { grep -qF -- "$1" "$work/out" || fail "output without '$1': $(head -c 300 "$work/out")"; }
complains() { grep -qF -- "$1" "$work/err" || fail "complaint without '$1': $(head -c 300 "$work/err")"; }
same() { [ "$1" = "$2" ] || fail "$3: '$1' is not '$2'"; }
root() { "$o2c" state root --data "$1"; }
finish() {
  [ "$failures" = 0 ] || exit 1
  echo 'every expectation held'
}
northwind() { "$o2c" import run --mapping "$project/connectors/import/mappings/northwind.toml" "$project"/connectors/import/data/northwind/*.csv --data "$1" "${@:2}"; }
# books_that_reserve COMPANY QUANTITY: commands of a company whose reservations last a day, with so many of product P in place main.
books_that_reserve() {
  local body
  for body in '{"open_company":{"name":"A","base_currency":"CNY","time_zone":"Asia/Shanghai","opened_on":"2026-01-01"}}' \
    '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"tax_rules":{"rows":[{"tax_class":"standard","category":"S","rate":"13"}]}}}}' \
    '{"publish_policy":{"name":"NET30","effective_from":"2026-01-01","policy":{"payment_terms":{"rows":[{"days":30}]}}}}' \
    '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"stock_rules":{"reservation_days":1}}}}' \
    '{"register_customer":{"customer":{"customer":"C","name":"C","currency":"CNY","payment_terms":"NET30","sold_to":{"country":"CN"}}}}' \
    '{"register_product":{"product":{"product":"P","name":"P","unit":"pcs"}}}' \
    "{\"receive_stock\":{\"place\":\"main\",\"lines\":[{\"product\":\"P\",\"quantity\":\"$2\"}],\"occurred_on\":\"2026-01-02\"}}"; do
    printf '{"company":"%s","body":%s}\n' "$1" "$body"
  done
}
# kafka_config PREFIX LANES [LINE...]: o2c.toml for a journal on the cluster at $servers; the lines are further settings of its client.
kafka_config() {
  printf 'journal = "kafka"\n[kafka]\nprefix = "%s"\nlanes = %s\n[kafka.client]\n"bootstrap.servers" = "%s"\n' "$1" "$2" "$servers" >o2c.toml
  [ $# = 2 ] || printf '%s\n' "${@:3}" >>o2c.toml
}
# server_answers DATA PID: bounded wait; code 1 when the server of this directory does not come to answer.
server_answers() {
  for _ in $(seq 1 300); do
    if [ -S "$1/o2c.sock" ] && "$o2c" journal info --data "$1" >/dev/null 2>&1; then return; fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  return 1
}
# books_that_trade SELLER BUYER: commands of two companies; what SELLER ships to its customer B comes in at BUYER's place docks.
books_that_trade() {
  local company body
  for company in "$1" "$2"; do
    for body in "{\"open_company\":{\"name\":\"$company\",\"base_currency\":\"CNY\",\"time_zone\":\"UTC\",\"opened_on\":\"2026-01-01\"}}" \
      '{"publish_policy":{"name":"default","effective_from":"2026-01-01","policy":{"tax_rules":{"rows":[{"tax_class":"standard","category":"S","rate":"13"}]}}}}' \
      '{"register_product":{"product":{"product":"P","name":"P","unit":"pcs"}}}'; do
      printf '{"company":"%s","body":%s}\n' "$company" "$body"
    done
  done
  printf '{"company":"%s","body":{"set_partner":{"partner":"%s","place":"docks"}}}\n' "$2" "$1"
  for body in '{"register_customer":{"customer":{"customer":"B","name":"B","currency":"CNY","sold_to":{"country":"CN"}}}}' \
    "{\"set_partner\":{\"partner\":\"$2\",\"customer\":\"B\"}}" \
    '{"receive_stock":{"place":"main","lines":[{"product":"P","quantity":"1000"}],"occurred_on":"2026-01-02"}}'; do
    printf '{"company":"%s","body":%s}\n' "$1" "$body"
  done
}
# sales SELLER FROM TO: orders FROM to TO, of one piece for 10.00 each, created and shipped.
sales() {
  local n
  for n in $(seq "$2" "$3"); do
    printf '{"company":"%s","body":{"create_order":{"order":"O%s","confirm":true,"occurred_on":"2026-01-05","document":{"customer":"B","lines":[{"product":"P","quantity":"1","unit_price":"10"}]}}}}\n' "$1" "$n"
    printf '{"company":"%s","body":{"post_shipment":{"shipment":"S%s","order":"O%s","occurred_on":"2026-01-06"}}}\n' "$1" "$n" "$n"
  done
}
# traded DATA: bounded wait until nothing is on the way between companies; then what report intercompany says, without its head.
traded() {
  for _ in $(seq 1 150); do
    "$o2c" report intercompany --data "$1" --output csv 2>/dev/null | tail -n +2 >traded.csv
    awk -F, '$4 != $5 || $9 + 0 != 0 || $11 + 0 != 0 { exit 1 }' traded.csv && break
    sleep 0.2
  done
  cat traded.csv
}
