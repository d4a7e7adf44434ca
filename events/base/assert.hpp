#pragma once
#include <cstdio>
#include <cstdlib>

/// A bug, not a fault: ends the process in every build, because going on would write what is not true.
#define O2C_ASSERT(condition)                                                                      \
  do {                                                                                             \
    if (!(condition)) [[unlikely]] {                                                               \
      std::fprintf(stderr, "o2c bug: %s does not hold (%s:%d)\n", #condition, __FILE__, __LINE__); \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)
