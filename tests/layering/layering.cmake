# Fails when a file under DIR includes what its layer may not know; names file, line and include of each break.
#
#   cmake -DDIR=<folder> "-DFORBIDDEN=<regex>" ["-DEXCEPT=<regex>"] -P layering.cmake
#
# FORBIDDEN  matched at the start of the included path: "projections/|boost/asio". A leading ../ does not hide a path.
# EXCEPT     files whose path relative to DIR matches are not looked at.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)

set(include_break "^[ \t]*#[ \t]*include[ \t]*[\"<](\\.\\.?/)*(${FORBIDDEN})")

find_sources(files)
foreach(file IN LISTS files)
  read_lines("${file}" lines)
  find_matches("${file}" "${include_break}" "${lines}")
endforeach()
report("may not be included from here")
