#!/usr/bin/env bash
# A broker that stands still under load: broker_away_test.sh O2C PROJECT CLUSTER, CLUSTER as tools/kafka start made it. Commands are
# answered as unknown or unavailable, what was known stays readable, memory is bounded, and the same process goes on when the broker does.
# O2C_BROKER_AWAY: seconds, 5 if not given.
cluster=$3
source "$(dirname "$0")/lib.sh"
servers=$(cat "$cluster/bootstrap.servers")
broker=$(cut -d ' ' -f 1 "$cluster/1/pid")
server=''
end_all() {
  kill -CONT "$broker" 2>/dev/null
  if [ -n "$server" ]; then kill -9 "$server" 2>/dev/null; wait "$server" 2>/dev/null; fi
  cleanup
}
trap end_all EXIT

kafka_config "o2c-away-$$-$RANDOM" 1 '"message.timeout.ms" = 5000'
marks() {  # marks FROM TO: commands
  local i
  for ((i = $1; i <= $2; i++)); do printf '{"company":"acme","command_id":"%032x","actor":"test","body":{"create_mark":{"name":"m%d"}}}\n' "$i" "$i"; done
}
names() { "$o2c" mark list --data books --output csv | tail -n +2 | cut -d , -f 1; }
memory_mib() { echo $(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$server/status") / 1024)); }

expect 0 "$o2c" topic create --config o2c.toml
"$o2c" serve --data books --config o2c.toml >serve.out 2>serve.err &
server=$!
server_answers books "$server" || fail "the server did not start: $(cat serve.err)"
echo '{"company":"acme","command_id":"00000000000000000000000000000001","actor":"test","body":{"open_company":{"name":"A","base_currency":"CNY","time_zone":"UTC","opened_on":"2026-01-01","country":"CN"}}}' >open.jsonl
expect 0 "$o2c" command submit open.jsonl --data books
marks 2 100 >before.jsonl
expect 0 "$o2c" command submit before.jsonl --data books

kill -STOP "$broker"
until_seconds=$((SECONDS + ${O2C_BROKER_AWAY:-5}))
marks 101 5100 >away.jsonl
while :; do
  expect 6 timeout 120 "$o2c" command submit away.jsonl --data books
  same "$(grep -cE '"outcome":"(unknown|unavailable)"' out)" 5000 'commands without an outcome while the broker stands still'
  same "$(timeout 5 "$o2c" mark list --data books --output csv 2>err | wc -l)" 100 'lines of marks that were known before'
  complains 'there may be more'
  [ "$SECONDS" -lt "$until_seconds" ] || break
done
[ "$(memory_mib)" -lt 300 ] || fail "memory: $(memory_mib) MiB"
kill -CONT "$broker"

# The same commands with the same ids, until each has its outcome: once, whatever became of it before.
for _ in $(seq 1 120); do
  "$o2c" command submit away.jsonl --data books >out 2>err
  grep -qE '"outcome":"(unknown|unavailable|busy)"' out || break
  sleep 0.5
done
same "$(grep -c '"outcome":"accepted"' out)" 5000 'commands accepted once the broker is back'
kill -0 "$server" || fail "the server ended: $(tail -3 serve.err)"
same "$(names | sort -u | wc -l) $(names | wc -l)" '5099 5099' 'marks, and marks by line'
expect 0 "$o2c" projection verify --data books
kill -TERM "$server"
wait "$server"
server=''
expect 0 "$o2c" journal verify --data books --config o2c.toml
finish
