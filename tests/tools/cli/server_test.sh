#!/usr/bin/env bash
# o2c serve: every verb goes through the socket, with the same answers as on the directory.
source "$(dirname "$0")/lib.sh"
northwind direct >/dev/null 2>&1
"$o2c" serve --data served >serve.out 2>serve.err &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; cleanup' EXIT
for _ in $(seq 1 100); do [ -S served/o2c.sock ] && break; sleep 0.1; done
[ -S served/o2c.sock ] || fail 'the server did not start'
same "$(stat -c %a served/o2c.sock)" 600 'rights of the socket'
expect 0 northwind served
expect 0 northwind served --output json
says '"what":"accepted","count":0'
for question in 'report aging --by country --as-of 1998-05-06' 'report trial-balance --as-of 1998-05-06' 'order show 10248' 'report open-items --as-of 1998-05-06' 'customer list'; do
  # shellcheck disable=SC2086
  same "$("$o2c" $question --data served --output csv | sha256sum)" "$("$o2c" $question --data direct --output csv | sha256sum)" "$question"
done
expect 4 "$o2c" serve --data served
expect 0 "$o2c" event show 5 --data served
expect 2 "$o2c" report aging --data served --by colour:
kill -TERM "$pid"
wait "$pid"
same "$?" 143 'exit code of a stopped server'
[ ! -e served/o2c.sock ] || fail 'the socket was left behind'
same "$(root served)" "$(root direct)" 'state root of the served instance'
finish
