#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "events/base/money.hpp"

/// Structs of the schema that are one value in JSON.
namespace o2c::json {

struct ValueForm {
  std::string_view type;  // the struct's name
  /// Reads a text into the struct's bytes. Returns the rule that the text breaks; empty: none.
  std::string (*read)(std::string_view text, std::uint8_t* place);
  void (*write)(fmt::memory_buffer& out, const std::uint8_t* place);
};

/// Money is an object of two texts; it has a form without `read` and functions of its own.
inline bool is_money(const ValueForm& form) { return form.read == nullptr; }
std::string read_amount(std::string_view amount, Currency currency, std::uint8_t* place);

/// The form of a struct, none if it is written field by field.
const ValueForm* find_form(std::string_view structure);

/// Which rule of a plain decimal with at most `decimals` places inside 64 bits the text breaks.
std::string decimal_fault(std::string_view text, int decimals);

}  // namespace o2c::json
