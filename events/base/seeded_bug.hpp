#pragma once

/// O2C_BUG(name): a place where a deliberate bug can be switched on, to prove that a check finds it. Constantly false, and gone, in
/// everything but the programs o2c-sim-bugs and o2c-model, which are built with O2C_SEEDED_BUGS.
#ifdef O2C_SEEDED_BUGS
#include <string>
namespace o2c {
inline std::string seeded_bug;
}
#define O2C_BUG(name) (::o2c::seeded_bug == #name)
#else
#define O2C_BUG(name) false
#endif
