# Runs one of the checks over a sample and compares the places it names with those it must name.
#
#   cmake -DCHECK=<script> -DDIR=<sample> ["-DFORBIDDEN=<regex>"] ["-DEXCEPT=<regex>"] "-DBREAKS=<file:line> ..." -P self_check.cmake
#
# BREAKS  in the order of the files and lines; empty when the check must pass.
cmake_minimum_required(VERSION 3.25)

execute_process(
  COMMAND ${CMAKE_COMMAND} -DDIR=${DIR} -DFORBIDDEN=${FORBIDDEN} -DEXCEPT=${EXCEPT} -P ${CMAKE_CURRENT_LIST_DIR}/${CHECK}
  RESULT_VARIABLE code ERROR_VARIABLE said OUTPUT_VARIABLE said)

string(REGEX MATCHALL "[a-z_]+\\.[a-z]+:[0-9]+: " places "${said}")
list(JOIN places "" places)
string(REGEX REPLACE ": ?" ":" places "${places}")
string(REGEX REPLACE ":([0-9]+):" ":\\1 " places "${places}")
string(STRIP "${places}" places)

if(NOT places STREQUAL "${BREAKS}" OR (BREAKS AND code EQUAL 0) OR (NOT BREAKS AND NOT code EQUAL 0))
  message(FATAL_ERROR "expected the breaks '${BREAKS}', got '${places}' with exit code ${code}:\n${said}")
endif()
