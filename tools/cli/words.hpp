#pragma once
#include <string_view>

namespace o2c {

/// Chinese for a word of the program in a table: a status, a reason, the field of a sheet. Empty: it has none.
std::string_view in_chinese(std::string_view word);

}  // namespace o2c
