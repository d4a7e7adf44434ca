#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

struct ShipmentLine {
  std::uint16_t line = 0;  // of the order
  std::string product, place;
  std::int64_t quantity = 0;           // base units, millionths
  std::int64_t invoiced = 0;           // by invoices on this shipment
  std::int64_t invoiced_by_order = 0;  // by invoices on the whole order
  std::optional<std::int64_t> cost_minor;
  std::int64_t to_invoice() const { return quantity - invoiced - invoiced_by_order; }
  template <class A> friend void archive(A& a, ShipmentLine& x) {
    a(x.line, x.product, x.place, x.quantity, x.invoiced, x.invoiced_by_order, x.cost_minor);
  }
};

struct Shipment {
  std::string id;
  std::uint32_t version = 0;
  std::string order;
  std::vector<ShipmentLine> lines;
  std::shared_ptr<const Address> ship_to;  // the order's own, where it is
  std::string carrier, tracking_number, received_by;
  Date shipped_on;
  std::optional<Date> delivered_on;
  template <class A> friend void archive(A& a, Shipment& x) {
    a(x.id, x.version, x.order, x.lines, x.ship_to, x.carrier, x.tracking_number, x.received_by, x.shipped_on,
      x.delivered_on);
  }
};

}  // namespace o2c
