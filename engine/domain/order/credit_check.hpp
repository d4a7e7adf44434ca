#pragma once
#include "engine/domain/decision.hpp"

namespace o2c {

/// One comparison with a credit limit, as it is recorded: exposure_minor is without the order, order_minor is what the order adds.
struct CreditCheck {
  std::int64_t exposure_minor = 0, order_minor = 0;
  std::optional<std::int64_t> limit_minor;  // absent: no limit, always within
  std::string_view credit_group;            // whose figures these are; empty: the customer's own
  bool within() const { return !limit_minor || static_cast<Int128>(exposure_minor) + order_minor <= *limit_minor; }
};

/// Checks an order against its customer's own limit and the limit of the credit group, if any (rows 76 to 78). Of two limits the one with
/// less room is reported. What of the order is in the exposure already (as draft by policy, or granted before) is not counted twice.
///
/// order    as it would be: confirmed or not, it need not be in the state yet.
/// errors   number_range; exceeding a limit is no error here, see within().
/// threads  pure.
Verdict check_credit(const CompanyState& state, const Order& order, const CreditRules& rules, CreditCheck& check);

/// Refuses what would carry a customer's or a group's figures towards the end of 64 bits, so that no later fold can overflow.
Verdict check_exposure_range(const CompanyState& state, std::string_view customer, std::int64_t added_minor);

flatbuffers::Offset<fb::CreditCheck> credit_check_to(flatbuffers::FlatBufferBuilder& b, const CreditCheck& check);
/// "exposure 900.00 + order 200.00 exceeds the limit 1000.00 CNY of group G".
std::string describe(const CreditCheck& check, Currency currency);

}  // namespace o2c
