#!/usr/bin/env bash
# The demo books from a directory to Kafka and back: kafka_copy_test.sh O2C PROJECT CLUSTER, CLUSTER as tools/kafka start made it.
cluster=$3
source "$(dirname "$0")/lib.sh"
expected=$(cat "$project/tests/golden/northwind/state_root.txt")
servers=$(cat "$cluster/bootstrap.servers")

config() { kafka_config "o2c-copy-$$-$RANDOM" "$1"; }  # config LANES: topics of a prefix of their own

expect 0 northwind books
config 3
expect 2 "$o2c" journal copy --data books --to kafka --config o2c.toml
complains 'mend it with: o2c topic create'
expect 0 "$o2c" topic create --config o2c.toml
expect 2 "$o2c" journal copy --data books --to kafka --config o2c.toml --lanes 2
complains 'has 3 partitions'
expect 0 "$o2c" journal copy --data books --to kafka --config o2c.toml --output json
says "\"field\":\"state_root\",\"old\":\"${expected#state root: }\",\"new\":\"${expected#state root: }\""
says '"field":"lanes","old":1,"new":3'
expect 4 "$o2c" journal copy --data books --to kafka --config o2c.toml
complains 'of the target holds'

# An instance on the copy: the same books, and every command is known.
mkdir on-kafka
same "$("$o2c" state root --data on-kafka --config o2c.toml)" "$expected" 'state root on Kafka'
expect 0 "$o2c" journal verify --data on-kafka --config o2c.toml
expect 0 northwind on-kafka --config o2c.toml --output json
says '"what":"accepted","count":0'

# And back, after it was worked on.
expect 0 "$o2c" mark create 'on Kafka' --company northwind --data on-kafka --config o2c.toml
moved=$("$o2c" state root --data on-kafka --config o2c.toml)
expect 0 "$o2c" journal copy --data on-kafka --config o2c.toml --to back
expect 0 "$o2c" journal verify --data back
same "$(root back)" "$moved" 'state root of the way back'
same "$("$o2c" mark list --data back --output csv | grep -c 'on Kafka')" 1 'the mark that was made on Kafka'
expect 0 northwind back --output json
says '"what":"accepted","count":0'
finish
