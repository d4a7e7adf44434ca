# Runs one seed in two processes; every line of the two traces must be the same, so their hashes are.
#
#   cmake -DSIM=<o2c-sim> -DSEED=<n> -DJOURNAL=<form> -P repeat.cmake
foreach(run IN ITEMS first second)
  execute_process(COMMAND ${SIM} --seed ${SEED} --journal ${JOURNAL} OUTPUT_VARIABLE out RESULT_VARIABLE code)
  if(NOT code EQUAL 0 OR NOT out MATCHES "trace ([0-9a-f]+)")
    message(FATAL_ERROR "seed ${SEED} ended with ${code}:\n${out}")
  endif()
  set(${run} ${CMAKE_MATCH_1})
endforeach()
if(NOT first STREQUAL second)
  message(FATAL_ERROR "seed ${SEED}: trace ${first}, then ${second}")
endif()
message(STATUS "seed ${SEED}: trace ${first} twice")
