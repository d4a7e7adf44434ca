#!/usr/bin/env bash
# An instance whose journal is a topic: kafka_test.sh O2C PROJECT CLUSTER, CLUSTER as tools/kafka start made it.
# The same commands come to the same state root as with the embedded journal, whatever is killed in between.
cluster=$3
source "$(dirname "$0")/lib.sh"
expected=$(cat "$project/tests/golden/northwind/state_root.txt")
servers=$(cat "$cluster/bootstrap.servers")
prefix="o2c-cli-$$-$RANDOM"
pid=
trap '[ -z "$pid" ] || { kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }; cleanup' EXIT

config() { kafka_config "$prefix" "$1" '"message.timeout.ms" = 5000'; }  # config LANES
serve() {
  "$o2c" serve --data books --config o2c.toml >serve.out 2>serve.err &
  pid=$!
  server_answers books "$pid" || fail "the server did not start: $(cat serve.err)"
}
kafka() { "$project/tools/kafka" "$@"; }

# What is missing or wrong refuses a start, and the answer holds the command that mends it.
config 1
expect 1 "$o2c" topic verify --config o2c.toml
expect 2 "$o2c" serve --data books --config o2c.toml
complains 'o2c topic create'
expect 0 "$o2c" topic create --config o2c.toml
expect 0 "$o2c" topic create --config o2c.toml
says 'all topics are there'
expect 0 "$o2c" topic verify --config o2c.toml
kafka tool kafka.admin.ConfigCommand --bootstrap-server "$servers" --alter --entity-type topics --entity-name "$prefix.journal.v1" --add-config retention.ms=1000 >/dev/null 2>&1 || fail 'the topic cannot be spoilt'
expect 2 "$o2c" serve --data books --config o2c.toml
complains 'retention.ms=1000'
complains 'mend it with: kafka-configs.sh'
kafka tool kafka.admin.ConfigCommand --bootstrap-server "$servers" --alter --entity-type topics --entity-name "$prefix.journal.v1" --add-config retention.ms=-1 >/dev/null 2>&1 || fail 'the topic cannot be mended'
config 3
expect 2 "$o2c" serve --data books --config o2c.toml
complains 'lanes = 1'
config 1
expect 2 "$o2c" serve --data books --journal kafka
complains '--config FILE'
printf 'journal = "kafka"\n[kafka]\ncolour = 1\n[kafka.client]\n"bootstrap.servers" = "%s"\n' "$servers" >wrong.toml
expect 2 "$o2c" topic verify --config wrong.toml
complains "wrong.toml:3: 'colour' is no setting"
printf 'journal = "kafka"\n[kafka]\n[kafka.client]\n"bootstrap.servers" = "%s"\n"acks" = "1"\n' "$servers" >wrong.toml
expect 2 "$o2c" topic verify --config wrong.toml
complains 'acks'

# A directory of an instance on Kafka never becomes an embedded one by mistake.
serve
kill -9 "$pid"
wait "$pid" 2>/dev/null
expect 2 northwind books
complains 'its journal lies on Kafka'

# Killed while the import runs: run again, it completes.
serve
(northwind books >/dev/null 2>&1) &
import=$!
sleep 0.5
kill -9 "$pid"
wait "$pid" "$import" 2>/dev/null
serve
expect 0 northwind books

# Without a broker commands are answered soon, reading goes on, and when it is back so is the lane.
kafka kill "$cluster" >kill.out 2>&1 || fail "$(cat kill.out)"
started=$SECONDS
"$o2c" mark create lost --company northwind --data books >answer 2>&1
[ $((SECONDS - started)) -le 12 ] || fail "answered after $((SECONDS - started)) s without a broker"
grep -qE '"outcome":"(unknown|unavailable)"' answer || fail "without a broker: $(cat answer)"
"$o2c" report aging --as-of 1998-05-06 --data books >out 2>err || fail "reading without a broker: $(cat err)"
kafka start "$cluster" >/dev/null 2>&1 || fail 'the broker does not come back'
for _ in $(seq 1 60); do
  northwind books >/dev/null 2>&1 && break
  sleep 0.5
done
expect 0 northwind books --output json
says '"what":"accepted","count":0'
expect 0 "$o2c" journal verify --data books
expect 0 "$o2c" projection verify --data books
# Every event reached the public topic.
for _ in $(seq 1 120); do
  "$o2c" topic status --data books --output csv >status.csv 2>&1
  grep -q '^0,live,[0-9]*,0,' status.csv && break
  sleep 0.5
done
grep -q '^0,live,[0-9]*,0,' status.csv || fail "publishing does not come to its end: $(cat status.csv)"
events=$("$o2c" event list --data books --limit 1000000 --output csv | tail -n +2 | wc -l)
"$project/tools/kafka" tool org.apache.kafka.tools.GetOffsetShell --bootstrap-server "$servers" --topic "$prefix.events.v1" >offsets 2>/dev/null
published=$(cut -d: -f3 offsets)
[ "${published:-0}" -ge "$events" ] || fail "$events events, published: $(cat offsets)"
kill -TERM "$pid"
wait "$pid"
same "$?" 143 "exit code of a stopped server ($(tail -3 serve.err))"
pid=

# A mark was perhaps made while the broker was gone; the state root of the books without it is the one of every journal.
serve
marks=$("$o2c" mark list --data books --output csv | grep -c lost)
[ "$marks" = 1 ] || same "$(root books)" "$expected" 'state root'
kill -TERM "$pid"
wait "$pid"
pid=
finish
