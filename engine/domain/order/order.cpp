#include "engine/domain/order/order.hpp"

#include "engine/domain/company/company.hpp"

namespace o2c {
namespace {

bool nothing_open(const Order& order) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (order.open(i) > 0) return false;
  }
  return true;
}

bool all_billed(const Order& order) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (order.lines[i].invoiced < order.to_bill(i)) return false;
  }
  return !owes_freight(order);
}

/// Value of the units between two quantities of a line, never negative.
std::int64_t value_between(const PricedLine& line, std::int64_t from, std::int64_t until) {
  return until > from ? line_value_minor(line, until) - line_value_minor(line, from) : 0;
}

}  // namespace

Progress fulfilment_status(const Order& order) {
  for (const OrderLineState& line : order.lines) {
    if (line.shipped > 0) return nothing_open(order) ? Progress::full : Progress::partial;
  }
  return Progress::none;
}

Progress billing_status(const Order& order) {
  for (const OrderLineState& line : order.lines) {
    if (line.invoiced > 0) return all_billed(order) ? Progress::full : Progress::partial;
  }
  return Progress::none;
}

bool is_completed(const Order& order) {
  return order.status == OrderStatus::confirmed && nothing_open(order) && all_billed(order);
}

std::string_view shown_status(const Order& order) {
  switch (order.status) {
    case OrderStatus::draft: return "draft";
    case OrderStatus::pending_approval: return "pending_approval";
    case OrderStatus::rejected: return "rejected";
    case OrderStatus::confirmed: return is_completed(order) ? "completed" : order.holds ? "on_hold" : "confirmed";
    case OrderStatus::short_closed: return "short_closed";
    case OrderStatus::cancelled: return "cancelled";
  }
  O2C_ASSERT(!"every status has its name");
  return {};
}

std::int64_t share_minor(std::int64_t total_minor, std::int64_t quantity, std::int64_t ordered) {
  if (quantity == ordered) return total_minor;  // by far the most frequent case, and it spares a 128 bit division
  const auto share = scale(total_minor, quantity, ordered);
  O2C_ASSERT(share.has_value());  // quantity <= ordered, or an over-delivery that was checked when it was decided
  return *share;
}

std::int64_t line_value_minor(const PricedLine& line, std::int64_t quantity) {
  return quantity == 0 ? 0 : share_minor(line.net_minor + line.tax_minor, quantity, line.base_quantity);
}

bool owes_freight(const Order& order) {
  if (order.document->freight_minor == 0 || order.freight_invoiced || order.status == OrderStatus::cancelled)
    return false;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (order.to_bill(i) > 0) return true;
  }
  return false;
}

std::int64_t open_value_minor(const Order& order) {
  const Document& document = *order.document;
  std::int64_t value = owes_freight(order) ? document.freight_minor + document.freight_tax_minor : 0;
  for (std::size_t i = 0; i < order.lines.size(); ++i)
    value += value_between(document.lines[i], order.lines[i].invoiced, order.to_bill(i));
  return value;
}

std::int64_t shipped_value_minor(const Order& order) {
  const Document& document = *order.document;
  std::int64_t value = 0;
  bool shipped = false;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    shipped = shipped || order.lines[i].shipped > 0;
    value += value_between(document.lines[i], order.lines[i].invoiced, order.lines[i].shipped);
  }
  return shipped && owes_freight(order) ? value + document.freight_minor + document.freight_tax_minor : value;
}

ExposurePart exposure_part(const Order& order) {
  switch (order.status) {
    case OrderStatus::draft:
    case OrderStatus::pending_approval: return {&Exposure::drafts_minor, open_value_minor(order)};
    case OrderStatus::confirmed:
      return {&Exposure::orders_minor, order.granted ? open_value_minor(order) : shipped_value_minor(order)};
    case OrderStatus::short_closed: return {&Exposure::orders_minor, shipped_value_minor(order)};
    case OrderStatus::rejected:
    case OrderStatus::cancelled: return {};
  }
  O2C_ASSERT(!"every status has its part of the exposure");
  return {};
}

void refresh_exposure(CompanyState& state, Order& order) {
  const ExposurePart before{order.counts_as_draft ? &Exposure::drafts_minor : &Exposure::orders_minor,
                            order.exposure_minor};
  const ExposurePart after = exposure_part(order);
  if (after == before) return;
  const std::string& customer = order.document->dimensions->customer;
  if (after.part == before.part) {
    change_exposure(state, customer, after.part, after.minor - before.minor);
  } else {
    if (before.minor != 0) change_exposure(state, customer, before.part, -before.minor);
    if (after.minor != 0) change_exposure(state, customer, after.part, after.minor);
  }
  order.counts_as_draft = after.part == &Exposure::drafts_minor;
  order.exposure_minor = after.minor;
}

}  // namespace o2c
