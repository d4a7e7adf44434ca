#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

/// Row 18. OnHold and Completed are derived: Confirmed with holds; all open = 0 and all billable billed.
enum class OrderStatus : std::uint8_t { draft, pending_approval, rejected, confirmed, short_closed, cancelled };
enum class Progress : std::uint8_t { none, partial, full };

struct Reserved {
  std::string place;
  std::int64_t quantity = 0;        // base units, millionths
  template <class A>
  friend void archive(A& a, Reserved& x) { a(x.place, x.quantity); }
};

/// How far a line has come; base units, millionths. I1: ordered = shipped + cancelled + open.
struct OrderLineState {
  std::int64_t shipped = 0, cancelled = 0, invoiced = 0;
  std::vector<Reserved> reserved;   // I2: Σ <= open
  std::int64_t invoiced_net_minor = 0; // net of what is invoiced, as billed: the last part takes the rest
  std::int64_t reserved_total() const { std::int64_t sum = 0; for (const Reserved& r : reserved) sum += r.quantity; return sum; }
  template <class A>
  friend void archive(A& a, OrderLineState& x) { a(x.shipped, x.cancelled, x.invoiced, x.reserved, x.invoiced_net_minor); }
};

struct Order {
  std::string id;
  std::uint32_t version = 0, revision = 1;
  OrderStatus status = OrderStatus::draft;
  std::uint8_t holds = 0;           // bit = fb::HoldKind
  SharedDocument document;
  std::vector<OrderLineState> lines;   // parallel to document->lines
  bool freight_invoiced = false;
  bool granted = false;             // confirmed without credit hold, or released: counts in exposure
  std::int64_t exposure_minor = 0;  // what of this order is in Exposure::orders_minor (granted) or drafts_minor (before)
  std::string quote, submitted_by, confirmed_by, approval_role;
  Date created_on, last_on;
  std::optional<Date> confirmed_on, reservation_expires_on;

  std::int64_t ordered(std::size_t i) const { return document->lines[i].base_quantity; }
  /// What is still to be shipped. Never negative: an over-delivery leaves nothing open.
  std::int64_t open(std::size_t i) const {
    const std::int64_t rest = ordered(i) - lines[i].cancelled - lines[i].shipped;
    return rest > 0 ? rest : 0;
  }
  bool is_active() const { return status == OrderStatus::confirmed; }
  bool on_hold(fb::HoldKind kind) const { return (holds >> static_cast<unsigned>(kind)) & 1; }
  template <class A>
  friend void archive(A& a, Order& x) {
    a(x.id, x.version, x.revision, x.status, x.holds, x.document, x.lines, x.freight_invoiced, x.granted, x.exposure_minor, x.quote, x.submitted_by,
      x.confirmed_by, x.approval_role, x.created_on, x.last_on, x.confirmed_on, x.reservation_expires_on);
  }
};

/// Row 19, each by integer tests per line, never by a percentage.
Progress fulfilment_status(const Order& order);
Progress billing_status(const Order& order);
bool is_completed(const Order& order);
/// "draft", "pending_approval", "on_hold", "confirmed", "completed", …: what a person is shown.
std::string_view shown_status(const Order& order);

/// Value with tax of the first `quantity` base units of a line: round(total of the line * quantity / ordered), so parts always sum to the whole.
std::int64_t line_value_minor(const PricedLine& line, std::int64_t quantity);
/// What of the order is not invoiced and not cancelled, with tax and freight: its part of the exposure.
std::int64_t open_value_minor(const Order& order);

struct CompanyState;
/// Brings the order's part of the customer's exposure up to date after its state changed. Used by evolve only.
void refresh_exposure(CompanyState& state, Order& order);

}  // namespace o2c
