#!/usr/bin/env bash
# Whoever asks for help is shown what there is and an example of each verb; the examples about books do what they say on those of the demonstration.
source "$(dirname "$0")/lib.sh"
expect 0 northwind books
export O2C_DATA=$work/books
# names WORD...: the verbs of the help, of the program or of a noun.
names() { "$o2c" "$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z0-9-]*\) .*/\1/p'; }
asked=0
# example WORD...: the verb's help has examples; those that only read are run.
example() {
  "$o2c" "$@" --help | sed -n '/^Example:/,$s/^  o2c //p' >examples
  [ -s examples ] || fail "no example in o2c $* --help"
  case $* in
    report* | explain* | 'customer '* | 'order '* | 'invoice '* | 'payment '* | 'stock '* | 'event '* | 'quote list' | 'mark list' | 'policy list' | 'policy show' | 'projection '* | 'company list' | 'state root' | 'journal verify' | 'journal info' | version | completion) ;;
    *) return ;;
  esac
  while read -r line; do
    grep -qE "^$*( |$)" <<<"$line" || fail "the example of $* is: $line"
    # shellcheck disable=SC2086 # words are meant to be split
    expect 0 "$o2c" $line
    [ -s out ] || fail "nothing comes of o2c $line"
    asked=$((asked + 1))
  done <examples
}
for noun in $(names); do
  verbs=$(names "$noun")
  "$o2c" --help | grep -qE "^  $noun +[^ ]" || fail "o2c --help does not say what $noun is"
  [ -n "$verbs" ] || example "$noun"
  for verb in $verbs; do example "$noun" "$verb"; done
done
[ "$asked" -gt 40 ] || fail "only $asked examples were found"
finish
