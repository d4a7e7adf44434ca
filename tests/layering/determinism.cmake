# Fails when code under DIR uses what could make two replays differ: clocks, randomness, threads, floating point,
# locale, hash order. Comments and string literals are not code and may say what they like.
#
#   cmake -DDIR=<folder> ["-DEXCEPT=<regex>"] -P determinism.cmake
#
# EXCEPT  files whose path relative to DIR matches are not looked at: those that implement a port.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)

set(clocks "system_clock|steady_clock|high_resolution_clock|utc_clock|gettimeofday|clock_gettime|localtime|localtime_r")
set(randomness "std::rand|srand|random_device|mt19937|mt19937_64|default_random_engine|getenv|secure_getenv")
set(threads "std::j?thread|std::async|std::(recursive_|shared_|timed_)?mutex|std::condition_variable")
set(figures "double|float|std::strto[df]|std::sto[dfl]d?|setlocale|std::locale")
set(order "std::unordered_(multi)?(map|set)|std::hash")
set(forbidden "(^|[^A-Za-z0-9_])(${clocks}|${randomness}|${threads}|${figures}|${order})([^A-Za-z0-9_]|$)")

find_sources(files)
foreach(file IN LISTS files)
  read_code("${file}" lines)
  find_matches("${file}" "${forbidden}" "${lines}")
endforeach()
report("may not be used here: time, chance and order arrive as data")
