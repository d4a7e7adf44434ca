#!/usr/bin/env bash
# The main job on the shipped data: everything is accepted, a repeat does nothing, the state root is the pinned one, read models equal a rebuild.
source "$(dirname "$0")/lib.sh"
expect 0 northwind books --output json
says '"what":"refused","count":0'
expect 0 root books
same "$(cat out)" "$(cat "$project/tests/golden/northwind/state_root.txt")" 'state root'
expect 0 northwind books --output json
says '"what":"accepted","count":0'
same "$(root books)" "$(cat "$project/tests/golden/northwind/state_root.txt")" 'state root after a repeat'
expect 0 "$o2c" journal verify --data books
expect 0 "$o2c" projection verify --data books --output csv
says ',yes'
# A dry run on a new directory creates nothing.
expect 0 northwind elsewhere --dry-run
[ ! -e elsewhere ] || fail 'a dry run made a directory'
# Any changed byte is named.
for file in books/journal/*.log books/journal/*.sst; do
  [ -s "$file" ] || continue
  size=$(stat -c %s "$file")
  cp -r books damaged
  printf '\xff' | dd of="damaged/journal/$(basename "$file")" bs=1 seek=$((size / 2)) conv=notrunc status=none
  if ! cmp -s "$file" "damaged/journal/$(basename "$file")"; then expect 7 "$o2c" journal verify --data damaged; fi
  rm -rf damaged
done
finish
