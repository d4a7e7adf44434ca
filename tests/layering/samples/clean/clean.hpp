// A sample that both checks must pass: what is forbidden stands only in comments and in text. It is never compiled.
#pragma once

#include <map>
#include "events/base/money.hpp"

/* A block comment over lines: std::chrono::system_clock, see http://example.org/steady_clock
   and "double */
inline const char* double_entry() { return "double entry \" // float; getenv"; }
inline char quote() { return '"'; }  // std::rand
inline int array[2] = {1'000, 2'000};
inline int floating_rate_scale = 6;
// #include "projections/aging/aging.hpp"
