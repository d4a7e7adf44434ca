#!/usr/bin/env bash
# tools/kafka with three brokers: what it says, that one may be killed and comes back, and that nothing is left behind.
#
#   three_brokers_test.sh TOP   (the checkout)

set -euo pipefail
kafka=$1/tools/kafka
world=$(mktemp -d "${TMPDIR:-/tmp}/o2c-three-brokers.XXXXXX")
trap '"$kafka" wipe "$world/cluster" || true; rm -rf "$world"' EXIT
cd "$world"

failed=0
expect() {  # expect WHAT COMMAND...
  local what=$1
  shift
  "$@" || { echo "not met: $what"; failed=1; }
}
exits() {  # exits CODE COMMAND...
  local code=0 wanted=$1
  shift
  "$@" >"$world/out" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ]
}
in_sync() { "$kafka" tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$servers" --describe --topic safe | grep -q "Isr: $1"; }
soon() { local n; for n in {1..15}; do ! "$@" || return 0; sleep 0.5; done; return 1; }

servers=$("$kafka" start cluster --port 0 --brokers 3)
expect 'three servers are named' grep -qE '^(127\.0\.0\.1:[0-9]+,){2}127\.0\.0\.1:[0-9]+$' <<<"$servers"
expect 'the file says the same' grep -qxF "$servers" cluster/bootstrap.servers
expect 'starting again changes nothing' [ "$("$kafka" start cluster)" = "$servers" ]
expect 'all run' exits 0 "$kafka" status cluster
expect 'another number of brokers is refused' exits 4 "$kafka" start cluster --brokers 1
expect 'a folder with something else in it is not taken' exits 4 "$kafka" start "$1"
expect 'nor wiped' exits 3 "$kafka" wipe "$1"

"$kafka" tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$servers" --create --topic safe >/dev/null
"$kafka" tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$servers" --describe --topic safe >described
expect 'three copies' grep -q 'ReplicationFactor: 3' described
expect 'two of them in sync at least' grep -q 'min.insync.replicas=2' described
expect 'no unclean leader' grep -q 'unclean.leader.election.enable=false' described

"$kafka" kill cluster 2
expect 'one does not run' exits 6 "$kafka" status cluster
expect 'and it is named' grep -q 'broker 2 .* does not run' out
expect 'the other two stay in sync' soon in_sync '\(1,3\|3,1\)[^,]'
expect 'the killed one comes back' [ "$("$kafka" start cluster)" = "$servers" ]
expect 'and catches up' soon in_sync '[123],[123],[123]'

pids=$(cut -d ' ' -f 1 cluster/*/pid)
"$kafka" wipe cluster
expect 'the folder is gone' [ ! -e cluster ]
for pid in $pids; do expect "process $pid is gone" exits 1 kill -0 "$pid"; done
[ $failed -eq 0 ]
echo 'every expectation held'
