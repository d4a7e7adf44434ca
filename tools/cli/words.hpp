#pragma once
#include <string>
#include <string_view>

#include "events/base/result.hpp"

namespace o2c {

/// Words of the engine in Chinese, one or several with blanks between: a status, a reason, the field of a sheet. As it is when one of them is none.
std::string words_in_chinese(std::string_view text);

/// One line of what the program says, in Chinese when it is among the frequent ones; else as it is.
std::string sentence_in_chinese(std::string_view line);

/// What kind of error it is: 未找到
std::string_view kind_in_chinese(ErrorCode code);

}  // namespace o2c
