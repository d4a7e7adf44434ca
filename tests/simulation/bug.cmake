# Runs the simulation with one deliberate bug. It must find it: exit code 1 and the rule that is broken, within a few seeds.
#
#   cmake -DSIM=<o2c-sim-bugs> -DBUG=<name> -P bug.cmake
execute_process(COMMAND ${SIM} --bug ${BUG} --seed 1 --lifecycles 2000 OUTPUT_VARIABLE out RESULT_VARIABLE code)
if(NOT code EQUAL 1 OR NOT out MATCHES "FAILED  seed [0-9]+ step [0-9]+: [^\n]+")
  message(FATAL_ERROR "${BUG} was not found, the program ended with ${code}:\n${out}")
endif()
message(STATUS "${BUG}: ${CMAKE_MATCH_0}")
