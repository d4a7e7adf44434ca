#pragma once
#include <span>

#include "engine/domain/decision.hpp"

namespace o2c {

/// A line of a shipment: quantity in base units, value without tax.
struct LineOnTheWay {
  std::string_view product;
  std::int64_t quantity = 0, net_minor = 0;
};

/// The partner that a customer is; null: it is no company of the instance.
/// cost  O(partners), of which there are few.
const Partner* partner_of(const CompanyState& state, std::string_view customer);

/// Tells a partner of a shipment of this decision. Its goods are on the way until the partner's answer is taken.
void send_goods(const Partner& partner, const Order& order, std::string_view shipment,
                std::span<const LineOnTheWay> lines, Day day, Decision& decision);

}  // namespace o2c
