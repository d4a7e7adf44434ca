#include "events/base/currency.hpp"

namespace o2c {

int minor_digits(Currency currency) {
  switch (currency) {
    case Currency::BIF:
    case Currency::CLP:
    case Currency::DJF:
    case Currency::GNF:
    case Currency::ISK:
    case Currency::JPY:
    case Currency::KMF:
    case Currency::KRW:
    case Currency::PYG:
    case Currency::RWF:
    case Currency::UGX:
    case Currency::VND:
    case Currency::VUV:
    case Currency::XAF:
    case Currency::XOF:
    case Currency::XPF: return 0;
    case Currency::BHD:
    case Currency::IQD:
    case Currency::JOD:
    case Currency::KWD:
    case Currency::LYD:
    case Currency::OMR:
    case Currency::TND: return 3;
    default: return 2;
  }
}

std::string_view currency_code(Currency currency) {
  const char* name = fb::EnumNameCurrency(currency);
  return *name == '\0' ? std::string_view{"XXX"} : std::string_view{name};
}

std::optional<Currency> parse_currency(std::string_view code) {
  for (const Currency currency : fb::EnumValuesCurrency()) {
    if (currency != Currency::XXX && currency_code(currency) == code) return currency;
  }
  return std::nullopt;
}

}  // namespace o2c
