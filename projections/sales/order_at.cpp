#include "projections/sales/order_at.hpp"

#include <algorithm>

namespace o2c {

void OrderAt::begin(const SaleOrder& order) {
  order_ = &order;
  document_ = nullptr;
  lines_.clear(), invoices_.clear();
  status_ = OrderStatus::draft;
  holds_ = 0;
  over_limit_ = freight_billed_ = false;
}

void OrderAt::ship(const LineQuantity& part, std::int32_t on) {
  LineAt& line = lines_[part.line - 1u];
  line.shipped += part.quantity;
  line.reserved -= part.from_reserved;
  line.last_shipped_on = std::max(line.last_shipped_on, on);
  if (line.complete_on == no_day && line.shipped >= lines()[part.line - 1u].base_quantity) line.complete_on = on;
}

void OrderAt::take_quantities(const OrderFact& fact) {
  for (const LineQuantity& part : store_.quantities(fact)) {
    LineAt& line = lines_[part.line - 1u];
    switch (fact.step) {
      case OrderStep::closed: line.cancelled += part.quantity; break;
      case OrderStep::reserved: line.reserved += part.quantity; break;
      case OrderStep::freed: line.reserved -= part.quantity; break;
      case OrderStep::billed: line.billed += part.quantity; break;
      case OrderStep::credited: line.billed -= part.quantity; break;
      case OrderStep::shipped: ship(part, fact.when.business_day()); break;
      default: break;
    }
  }
}

void OrderAt::apply(const OrderFact& fact) {
  if (fact.step == OrderStep::document) {
    document_ = &store_.document(fact.first);
    lines_.assign(document_->lines, {});
    status_ = OrderStatus::draft;
    return;
  }
  if (!document_) return;  // an order that the view does not know has no facts
  take_quantities(fact);
  const auto hold = static_cast<std::uint8_t>(1u << fact.detail);
  switch (fact.step) {
    case OrderStep::submitted: status_ = OrderStatus::pending_approval, over_limit_ = fact.detail == 1; break;
    case OrderStep::rejected: status_ = OrderStatus::rejected; break;
    case OrderStep::withdrawn: status_ = OrderStatus::draft; break;
    case OrderStep::confirmed: status_ = OrderStatus::confirmed; break;
    case OrderStep::cancelled: status_ = OrderStatus::cancelled; break;
    case OrderStep::closed:
      if (nothing_open()) status_ = OrderStatus::short_closed;
      break;
    case OrderStep::held: holds_ |= hold; break;
    case OrderStep::released: holds_ = static_cast<std::uint8_t>(holds_ & ~hold); break;
    case OrderStep::billed: invoices_.push_back(fact.invoice), freight_billed_ |= fact.detail == 1; break;
    case OrderStep::credited:
      invoices_.erase(std::remove(invoices_.begin(), invoices_.end(), fact.invoice), invoices_.end());
      if (fact.detail == 1) freight_billed_ = false;
      break;
    default: break;
  }
}

bool OrderAt::nothing_open() const {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (open(i) > 0) return false;
  }
  return true;
}

bool OrderAt::owes_freight() const {
  if (document_->freight_minor == 0 || freight_billed_ || !counts()) return false;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (to_bill(i) > 0) return true;
  }
  return false;
}

// Integer tests per line, never a percentage.
Progress OrderAt::fulfilment() const {
  for (const LineAt& line : lines_) {
    if (line.shipped > 0) return nothing_open() ? Progress::full : Progress::partial;
  }
  return Progress::none;
}
Progress OrderAt::billing() const {
  bool any = false, all = !owes_freight();
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    any = any || lines_[i].billed > 0;
    all = all && lines_[i].billed >= to_bill(i);
  }
  return !any ? Progress::none : all ? Progress::full : Progress::partial;
}

}  // namespace o2c
