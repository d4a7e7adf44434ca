#include "engine/journal/random_id.hpp"

#include <sys/random.h>

#include <cerrno>

#include "events/base/assert.hpp"

namespace o2c {

Id16 random_id() {
  Id16 id;
  ssize_t drawn = 0;
  do drawn = ::getrandom(id.bytes.data(), id.bytes.size(), 0);
  while (drawn < 0 && errno == EINTR);
  O2C_ASSERT(drawn == static_cast<ssize_t>(id.bytes.size()));
  return id;
}

}  // namespace o2c
