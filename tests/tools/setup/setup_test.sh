#!/usr/bin/env bash
# Runs tools/setup in a world of fakes: dpkg-query answers from a list, apt-get adds to that list, sudo and id say who
# we are. Only these and a few plain tools are on the PATH, so nothing of this machine can help or suffer.
#
#   setup_test.sh TOP   (the checkout)

set -euo pipefail
top=$1
world=$(mktemp -d "${TMPDIR:-/tmp}/o2c-setup-test.XXXXXX")
trap 'rm -rf "$world"' EXIT
cd "$world"

mkdir plain fakes
for tool in bash env sed sort comm head grep dirname cat; do ln -s "$(command -v $tool)" plain/; done
fake() { { echo '#!/bin/bash'; cat; } >"fakes/$1"; chmod +x "fakes/$1"; }

# dpkg-query -W -f=... PATTERN...: "installed NAME" for each that is there; like the real one it fails when one is not.
fake dpkg-query <<'FAKE'
code=0
for pattern in "${@:3}"; do
  found=
  while read -r name; do
    [[ $name != $pattern ]] || { echo "installed $name"; found=yes; }
  done <"$WORLD/installed"
  [ -n "$found" ] || code=1
done
exit $code
FAKE

# apt-get OPTION... update|install NAME...: refuses to ask, and takes all the named packages or none.
fake apt-get <<'FAKE'
[ "$DEBIAN_FRONTEND" = noninteractive ] || exit 90
echo "apt-get $*" >>"$WORLD/calls"
while [ "$1" != update ] && [ "$1" != install ]; do shift; done
[ "$1" = install ] || exit "${APT_UPDATE_CODE:-0}"
for name in "${@:2}"; do ! grep -qx "$name" "$WORLD/unavailable" || { echo "E: Unable to locate package $name"; exit 100; }; done
printf '%s\n' "${@:2}" >>"$WORLD/installed"
FAKE
fake id <<<'echo "${FAKE_UID:-0}"'
fake sudo <<'FAKE'
echo "sudo $*" >>"$WORLD/calls"
[ "$1" = -n ] || exit 91
shift
exec "$@"
FAKE

failures=0
expect() {  # expect WHAT CONDITION...
  if ! "${@:2}"; then
    failures=$((failures + 1))
    echo "FAILED: $given: $1" >&2
    sed 's/^/    /' said calls >&2
  fi
}
given() {  # a new world: everything is installed, nothing was called
  given=$1
  printf 'ID=debian\nVERSION_ID="12"\n' >os-release
  "$top/tools/setup" --list >installed
  : >calls
  : >unavailable
}
setup() {  # setup [NAME=VALUE...]: runs the script; its exit code lands in $code, its words in the file said
  code=0
  env -i PATH="$world/fakes:$world/plain" WORLD="$world" O2C_OS_RELEASE="$world/os-release" CI=true "$@" \
    "$top/tools/setup" >said 2>&1 </dev/null || code=$?
}
forget() { grep -vxF "$1" installed >rest || true; mv rest installed; }
says() { grep -qF -- "$1" said; }
called() { grep -qE -- "$1" calls; }
silent() { [ ! -s said ] && [ ! -s calls ]; }

given 'everything installed'
setup
expect 'succeeds' [ $code -eq 0 ]
expect 'says nothing and calls nothing' silent

given 'two packages missing, root'
forget mold
forget librocksdb-dev
setup
expect 'succeeds' [ $code -eq 0 ]
expect 'updates the lists first' called '^apt-get .* update$'
expect 'installs exactly the missing ones' called '^apt-get .*--no-install-recommends .*install librocksdb-dev mold$'
expect 'needs no sudo' [ "$(grep -c '^sudo' calls)" -eq 0 ]
: >calls
setup
expect 'the second run calls nothing' silent

given 'nothing installed, a user with sudo and no terminal'
: >installed
setup FAKE_UID=1000
expect 'succeeds' [ $code -eq 0 ]
expect 'asks sudo not to wait for a password' called '^sudo -n env DEBIAN_FRONTEND=noninteractive apt-get'
expect 'installs the whole list' [ "$(sort -u installed)" = "$("$top/tools/setup" --list | sort -u)" ]

given 'a package missing, a user without sudo'
forget ccache
mv fakes/sudo sudo.away
setup FAKE_UID=1000
mv sudo.away fakes/sudo
expect 'fails with 6' [ $code -eq 6 ]
expect 'names the package and the command' says 'apt-get install --no-install-recommends ccache'
expect 'installs nothing' [ ! -s calls ]

given 'a package that the source does not have'
forget ccache
forget mold
echo mold >unavailable
setup
expect 'fails with 6' [ $code -eq 6 ]
expect 'names what is still missing' says 'could not install: ccache mold'
expect 'shows what apt-get said' says 'Unable to locate package mold'

given 'package lists that cannot be refreshed'
forget mold
setup APT_UPDATE_CODE=100
expect 'still installs from the lists that are here' [ $code -eq 0 ]
expect 'says so' says 'apt-get update failed'

given 'another Boost in the way'
forget libboost1.81-dev
echo libboost1.74-dev >>installed
setup
expect 'fails with 6' [ $code -eq 6 ]
expect 'names both and the way out' says 'apt-get remove libboost1.74-dev'
expect 'removes nothing itself' [ ! -s calls ]

given 'another Debian'
echo 'VERSION_ID="11"' >>os-release
setup
expect 'fails with 6' [ $code -eq 6 ]
expect 'names what it found' says 'this is: debian 11'

given 'no Debian at all'
rm os-release
setup
expect 'fails with 6' [ $code -eq 6 ]
expect 'names what it needs' says 'Debian 12'

given 'an argument it does not know'
code=0
"$top/tools/setup" --everything >said 2>&1 </dev/null || code=$?
expect 'fails with 2' [ $code -eq 2 ]
expect 'names it' says "unknown argument '--everything'"

[ $failures -eq 0 ] || { echo "$failures expectations failed" >&2; exit 1; }
echo 'every expectation held'
