#!/usr/bin/env bash
# Several processes on one journal in a topic: processes_test.sh O2C PROJECT CLUSTER, CLUSTER as tools/kafka start made it.
# Lanes are shared out; a command goes through any process, whoever has its lane; a killed, a frozen and a stopped process lose nothing.
cluster=$3
source "$(dirname "$0")/lib.sh"
servers=$(cat "$cluster/bootstrap.servers")
prefix="o2c-processes-$$-$RANDOM"
declare -A pid
end_all() {
  for name in "${!pid[@]}"; do kill -CONT "${pid[$name]}" 2>/dev/null; kill -9 "${pid[$name]}" 2>/dev/null; wait "${pid[$name]}" 2>/dev/null; done
  cleanup
}
trap end_all EXIT

kafka_config "$prefix" 4 '"session.timeout.ms" = 6000'
start() {  # start NAME
  "$o2c" serve --data "$1" --config o2c.toml >"$1.out" 2>"$1.err" &
  pid[$1]=$!
}
ready() { server_answers "$1" "${pid[$1]}" || fail "$1 did not start: $(cat "$1.err")"; }
serving() { timeout 20 "$o2c" journal info --data "$1" --output csv 2>/dev/null | cut -d, -f6 | grep -c yes; }
shares() {  # shares NAME COUNT...: bounded wait until each has as many lanes
  local met
  for _ in $(seq 1 300); do
    met=yes
    for ((i = 1; i < $#; i += 2)); do [ "$(serving "${!i}")" = "${@:i+1:1}" ] || met=no; done
    [ $met = no ] || return
    sleep 0.2
  done
  fail "lanes are not shared out as $*: $(for n in "${!pid[@]}"; do echo "$n $(serving "$n");"; done)"
}
companies='acme beta corp delta echo fox golf hotel'
commands() {  # commands KIND: one for each company; the ids are the same each time
  local n=0 company
  for company in $companies; do
    n=$((n + 1))
    case $1 in
      open) echo "{\"company\":\"$company\",\"command_id\":\"$(printf '%032x' $n)\",\"actor\":\"test\",\"body\":{\"open_company\":{\"name\":\"$company\",\"base_currency\":\"CNY\",\"time_zone\":\"UTC\",\"opened_on\":\"2026-01-01\",\"country\":\"CN\"}}}" ;;
      *) echo "{\"company\":\"$company\",\"command_id\":\"$(printf '%s' "$1$company" | sha256sum | cut -c 1-32)\",\"actor\":\"test\",\"body\":{\"create_mark\":{\"name\":\"$1\"}}}" ;;
    esac
  done
}
send() {  # send NAME KIND: until every command has its answer; what is unknown or unavailable is sent again with the same id
  commands "$2" >"commands.$2"
  for _ in $(seq 1 60); do
    "$o2c" command submit "commands.$2" --data "$1" >answers 2>err
    grep -qE '"outcome":"(unknown|unavailable|busy)"' answers || break
    sleep 0.5
  done
  [ "$(grep -c '"outcome":"accepted"' answers)" = 8 ] || fail "$2 through $1: $(cat answers err)"
}

# submit_all NAME FILE: until every command has its answer, as often as it takes.
submit_all() {
  for _ in $(seq 1 60); do
    "$o2c" command submit "$2" --data "$1" >answers 2>err
    grep -qE '"outcome":"(unknown|unavailable|busy)"' answers || break
    sleep 0.5
  done
  same "$(grep -c '"outcome":"accepted"' answers)" "$(wc -l <"$2")" "accepted of $2 through $1: $(grep -v accepted answers | head -3)"
}

expect 0 "$o2c" topic create --config o2c.toml
start one
ready one
start two
ready two
shares one 2 two 2
send one open
send two first

# Two more companies trade with each other, on lanes of either process, through all that follows.
books_that_trade north south >books.jsonl
submit_all one books.jsonl
sales north 1 20 >sales.1
submit_all two sales.1
same "$(traded one)" 'north,south,CNY,20,20,200.00,200.00,0.00,0.00,200.00,0.00' 'goods between companies of two processes'

send one second
grep -q '"repeat":true' answers && fail "a new command is answered as a repeat: $(cat answers)"
send two second
[ "$(grep -c '"repeat":true' answers)" = 8 ] || fail "sent again through another process: $(cat answers)"

# Killed: the other one gets its lanes, and what was sent is sent again with the same ids.
sales north 21 60 >sales.2
"$o2c" command submit sales.2 --data one >/dev/null 2>&1 &
submitting=$!
sleep 0.3
kill -9 "${pid[two]}"
wait "$submitting" 2>/dev/null
wait "${pid[two]}" 2>/dev/null
unset 'pid[two]'
send one third
shares one 4
submit_all one sales.2
start two
ready two
shares one 2 two 2
send two fourth

# Frozen for longer than its session lasts, then thawed: it finds out that the lanes are another's and loses nothing.
kill -STOP "${pid[two]}"
shares one 4
send one fifth
sales north 61 80 >sales.3
submit_all one sales.3
kill -CONT "${pid[two]}"
shares one 2 two 2
send two sixth
send one sixth

# Stopped: it hands its lanes over. Both directories tell the same.
kill -TERM "${pid[two]}"
wait "${pid[two]}"
same "$?" 143 "exit code of a stopped server ($(tail -3 two.err))"
unset 'pid[two]'
shares one 4
for company in $companies; do
  same "$("$o2c" mark list --company "$company" --data one --output csv | tail -n +2 | wc -l)" 6 "marks of $company"
done
start two
ready two
shares one 2 two 2
same "$(root one)" "$(root two)" 'state root of the other process'
# Either process answers a read; who only follows the lane says that there may be more.
for company in $companies; do
  following=0
  for name in one two; do
    "$o2c" mark list --company "$company" --data "$name" --output csv 2>err >out
    same "$(wc -l <out)" 7 "lines of the marks of $company, read from $name"
    if grep -qF 'there may be more' err; then following=$((following + 1)); fi
  done
  same "$following" 1 "processes that only follow the lane of $company"
done
for name in one two; do
  same "$(traded $name)" 'north,south,CNY,80,80,800.00,800.00,0.00,0.00,800.00,0.00' "goods between companies, by $name"
done
expect 0 "$o2c" projection verify --data two
finish
