#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "events/schema/o2c_generated.h"

namespace o2c {

using Currency = fb::Currency;

/// Digits of the minor unit after ISO 4217: 2 for most, 0 for yen, 3 for dinars.
int minor_digits(Currency currency);
/// "CNY". "XXX" for none.
std::string_view currency_code(Currency currency);
/// Upper case ISO 4217 letters of a currency that may carry money; XXX is none.
std::optional<Currency> parse_currency(std::string_view code);

}  // namespace o2c
