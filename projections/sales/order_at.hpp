#pragma once
#include <vector>

#include "engine/domain/order/order.hpp"
#include "projections/sales/sale_store.hpp"

namespace o2c {

/// How far a line has come; base units.
struct LineAt {
  std::int64_t cancelled = 0, shipped = 0, reserved = 0, billed = 0;
  std::int32_t last_shipped_on = no_day;  // business day
  std::int32_t complete_on = no_day;      // business day on which all that was ordered had left
};

/// One order as its facts leave it, one after the other. Reused for many orders, so that nothing is allocated for each.
class OrderAt {
 public:
  explicit OrderAt(const SaleStore& store) : store_(store) {}

  /// Applies the facts that the view knows. False: it knows none.
  bool at(const SaleOrder& order, const View& view) {
    return replay(order, view, [](const OrderFact&) {});
  }
  /// The same, and after_each(fact) sees the order after each.
  template <class F> bool replay(const SaleOrder& order, const View& view, F&& after_each) {
    begin(order);
    for (std::uint32_t at = order.first_fact; at != no_number && store_.fact(at).when.seq <= view.known;
         at = store_.fact(at).next) {
      if (!store_.fact(at).when.visible(view)) continue;
      apply(store_.fact(at));
      after_each(store_.fact(at));
    }
    return document_ != nullptr;
  }

  const SaleOrder& order() const { return *order_; }
  const SaleDocument& document() const { return *document_; }
  std::span<const SaleLine> lines() const { return store_.lines(*document_); }
  const LineAt& line(std::size_t i) const { return lines_[i]; }
  OrderStatus status() const { return status_; }
  bool over_limit() const { return status_ == OrderStatus::pending_approval && over_limit_; }
  bool on_hold(fb::HoldKind kind) const { return (holds_ >> static_cast<unsigned>(kind)) & 1; }
  /// Invoices that were not given back, as numbers of billed documents.
  const std::vector<std::uint32_t>& invoices() const { return invoices_; }
  std::uint32_t dimension(Dimension d) const {
    return store_.dimensions(document_->dimensions)[static_cast<std::size_t>(d)];
  }

  /// Whether it counts as order value: confirmed, now closed perhaps, not cancelled.
  bool counts() const {
    return document_ && (status_ == OrderStatus::confirmed || status_ == OrderStatus::short_closed);
  }
  /// Ordered and not cancelled.
  std::int64_t kept(std::size_t i) const { return counts() ? lines()[i].base_quantity - lines_[i].cancelled : 0; }
  std::int64_t open(std::size_t i) const { return std::max<std::int64_t>(0, kept(i) - lines_[i].shipped); }
  /// What will be billed in the end, over-deliveries too.
  std::int64_t to_bill(std::size_t i) const { return std::max(kept(i), lines_[i].shipped); }
  bool owes_freight() const;
  Progress fulfilment() const;
  Progress billing() const;
  bool nothing_open() const;
  bool completed() const { return status_ == OrderStatus::confirmed && nothing_open() && billing() == Progress::full; }

 private:
  void begin(const SaleOrder& order);
  void apply(const OrderFact& fact);
  void take_quantities(const OrderFact& fact);
  void ship(const LineQuantity& part, std::int32_t on);

  const SaleStore& store_;
  const SaleOrder* order_ = nullptr;
  const SaleDocument* document_ = nullptr;
  std::vector<LineAt> lines_;
  std::vector<std::uint32_t> invoices_;
  OrderStatus status_ = OrderStatus::draft;
  std::uint8_t holds_ = 0;
  bool over_limit_ = false, freight_billed_ = false;
};

}  // namespace o2c
