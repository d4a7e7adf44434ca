#!/usr/bin/env bash
# run.sh O2C SCENARIO: submits SCENARIO/commands.jsonl to new books and compares what each question of SCENARIO/expected.txt answers.
# expected.txt: a line "$ VERBS…" and below it the exact answer, up to an empty line; lines with # are for people.
set -uo pipefail
o2c=$1 scenario=$2
export NO_COLOR=1 LC_ALL=C.UTF-8 O2C_DATA
work=$(mktemp -d "${TMPDIR:-/tmp}/o2c-scenario.XXXXXX")
trap 'rm -rf "$work"' EXIT
O2C_DATA=$work/books
failures=0
fail() { echo "NOT MET: $*" >&2; failures=$((failures + 1)); }

"$o2c" command submit "$scenario/commands.jsonl" --output jsonl >"$work/outcomes" 2>"$work/err" || fail "the commands: $(cat "$work/err")"
question='' asked=0
ask() {
  [ -n "$question" ] || return 0
  # shellcheck disable=SC2086
  "$o2c" $question >"$work/answer" 2>&1
  diff -u --label expected --label "$question" "$work/expected" "$work/answer" >&2 || fail "$question"
  asked=$((asked + 1)) question=''
}
while IFS= read -r line || [ -n "$line" ]; do
  case $line in
    '$ '*) ask; question=${line#'$ '}; : >"$work/expected" ;;
    '#'* | '') ask ;;
    *) printf '%s\n' "$line" >>"$work/expected" ;;
  esac
done <"$scenario/expected.txt"
ask
[ "$asked" -gt 0 ] || fail 'no question was asked'
"$o2c" projection verify >"$work/answer" 2>&1 || fail "read models differ from a rebuild: $(cat "$work/answer")"
"$o2c" journal verify >"$work/answer" 2>&1 || fail "journal: $(cat "$work/answer")"
[ "$failures" = 0 ] || exit 1
echo "$asked questions answered as expected"
