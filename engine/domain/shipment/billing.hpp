#pragma once
#include "engine/domain/order/order.hpp"
#include "engine/domain/shipment/shipment.hpp"

namespace o2c {

/// What left and is on no invoice takes over what an invoice on its order billed ahead. Used by evolve only.
void take_over_ahead(OrderLineState& ordered, ShipmentLine& shipped);

}  // namespace o2c
