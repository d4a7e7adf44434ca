#pragma once
#include <span>

namespace o2c {

/// The whole vocabulary as a binary schema (reflection.fbs), made from events/schema at build time and kept inside the library.
std::span<const unsigned char> schema_bytes();

}  // namespace o2c
