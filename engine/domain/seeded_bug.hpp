#pragma once

/// O2C_BUG(name): a place where a deliberate bug can be switched on, to prove that the simulation finds it. Constantly false, and gone, in
/// everything but the program o2c-sim-bugs, which is built with O2C_SEEDED_BUGS.
#ifdef O2C_SEEDED_BUGS
#include <string>
namespace o2c {
inline std::string seeded_bug;
}
#define O2C_BUG(name) (::o2c::seeded_bug == #name)
#else
#define O2C_BUG(name) false
#endif
