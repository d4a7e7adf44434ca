# Sourced by the scripts beside it: finds the checkout, talks on stderr, builds a preset.
# Exit codes are the program's own: 2 wrong use, 6 something outside that is needed is missing.

set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

say() { printf '== %s\n' "$*" >&2; }

# fail CODE LINE...: the first line says what happened, the others what to do.
fail() {
  local code=$1
  shift
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit "$code"
}

# usage: prints the comment block at the head of the calling script.
usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

# configure PRESET: only when there is no build to continue, or the presets changed. CMake looks after the rest by itself.
configure() {
  local dir=build/$1
  if [ ! -f "$dir/build.ninja" ] || [ CMakePresets.json -nt "$dir/build.ninja" ]; then
    cmake --preset "$1" >&2
    touch "$dir/build.ninja"
  fi
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  configure "$preset"
  cmake --build --preset "$preset" ${1:+--target "$@"} >&2
}

# sources: every C++ file of ours, each ended by a zero byte. It does not ask git, so an unpacked archive works too.
sources() {
  local folder folders=()
  for folder in events engine projections connectors tools tests; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  find "${folders[@]}" -type f \( -name '*.hpp' -o -name '*.cpp' \) -print0 | sort -z
}

# need_files FILE...: names the first that is not there.
need_files() {
  local file
  for file in "$@"; do [ -f "$file" ] || fail 2 "no such file: $file"; done
}
