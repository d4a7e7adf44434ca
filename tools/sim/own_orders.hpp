#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/domain/company/company.hpp"

namespace o2c::sim {

/// Orders and what customers may owe, kept from the events alone and by other means than the engine's fold: what was granted, shipped, billed
/// and reserved, and every rule that a grant has to obey. A rule that does not hold ends the run.
///
/// rules  I1, I2, I6 to I9 per line; I3 to I5 per product and place; I29: nothing is granted beyond a limit without a hold or an override;
///        S7: only legal changes of state, nothing leaves past a hold; shares of a line sum to the line.
class OwnOrders {
 public:
  /// One event; `rules` are those of its company, for the tolerance of deliveries and what counts as exposure.
  void fold(const fb::Event& event, const Policies& rules);
  /// After the last event of an entry: what was granted by it stayed inside the limits.
  void end_entry();
  /// The engine's rows against these.
  void compare(const CompanyState& state) const;
  /// Orders that reached a final state, each once.
  std::uint64_t finished() const { return finished_; }

 private:
  struct Line {
    std::string product;
    std::int64_t ordered = 0, net = 0, tax = 0;
    std::int64_t shipped = 0, shipped_net = 0, cancelled = 0, invoiced = 0, billed_net = 0;
    std::map<std::string, std::int64_t> reserved;  // by place
    std::int64_t open() const { return std::max<std::int64_t>(0, ordered - cancelled - shipped); }
    std::int64_t to_bill() const { return std::max(ordered - cancelled, shipped); }
  };
  struct Order {
    std::string id, customer;
    OrderStatus status = OrderStatus::draft;
    std::set<fb::HoldKind> holds;
    std::vector<Line> lines;
    std::int64_t freight = 0;  // with tax
    bool freight_billed = false, granted = false, overridden = false, finished = false;
    Date last_on, shippable_from;
    std::int64_t exposure = 0;
    bool as_draft = true;
    bool nothing_open() const;
    bool all_billed() const;
    bool owes_freight() const;
  };
  struct Account {  // of a customer
    std::optional<std::int64_t> limit;
    std::string group;
    std::int64_t orders = 0, drafts = 0, receivables = 0, unapplied = 0;
  };
  struct Stock {
    std::int64_t on_hand = 0, reserved = 0;
  };
  struct Shipped {
    std::string order;
    Date on;
  };

  // own_orders.cpp: states and credit.
  Order& order(std::string_view id);
  void expect_status(const Order& order, const fb::Event& event, std::initializer_list<OrderStatus> allowed) const;
  void expect_not_before(Date on, Date cause, const fb::Event& event) const;
  void take_document(Order& order, const fb::DocumentData& document);
  void refresh(Order& order);
  std::int64_t open_value(const Order& order) const;
  std::int64_t shipped_value(const Order& order) const;
  std::int64_t counted(const Account& account) const;
  std::int64_t counted_of_group(std::string_view group) const;
  void check_credit(const Order& order, const fb::CreditCheck& check) const;
  void check_limit(const Order& order) const;
  void fold_customer(const fb::CustomerData& data);
  void fold_order(const fb::Event& event);
  void fold_invoice(const fb::Event& event);

  // own_stock.cpp: goods.
  void fold_stock(const fb::Event& event, const Policies& rules);
  void move_stock(std::string_view product, std::string_view place, std::int64_t on_hand, std::int64_t reserved,
                  const fb::Event& event);
  void reserve(Order& order, const fb::ReservationLine& line, int sign, const fb::Event& event);
  void ship(const fb::Event& event, const fb::ShipmentPosted& shipment, const Policies& rules);
  void compare_stock(const CompanyState& state) const;

  std::map<std::string, Order, std::less<>> orders_;
  std::map<std::string, Account, std::less<>> accounts_;
  std::map<std::string, std::int64_t, std::less<>> group_limits_;
  std::map<std::string, Shipped, std::less<>> shipments_;
  std::map<std::pair<std::string, std::string>, Stock> stock_;  // product, place
  std::vector<Order*> granted_;                                 // by the entry being folded
  bool drafts_count_ = false;                                   // at the event being folded
  std::uint64_t finished_ = 0;
};

}  // namespace o2c::sim
