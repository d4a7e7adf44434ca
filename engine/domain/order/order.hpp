#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

/// Row 18. OnHold and Completed are derived: Confirmed with holds; all open = 0 and all billable billed.
enum class OrderStatus : std::uint8_t { draft, pending_approval, rejected, confirmed, short_closed, cancelled };
enum class Progress : std::uint8_t { none, partial, full };

struct Reserved {
  std::string place;
  std::int64_t quantity = 0;  // base units, millionths
  template <class A> friend void archive(A& a, Reserved& x) { a(x.place, x.quantity); }
};

/// How far a line has come; base units, millionths. I1: ordered = shipped + cancelled + open.
struct OrderLineState {
  std::int64_t shipped = 0, cancelled = 0, invoiced = 0;
  std::int64_t invoiced_ahead = 0;       // of `invoiced`: before it left; the next shipments take it over
  std::vector<Reserved> reserved;        // I2: Σ <= open
  std::int64_t invoiced_net_minor = 0;   // net of what is invoiced, as billed: the last part takes the rest
  std::int64_t invoiced_cost_minor = 0;  // its cost, likewise
  std::int64_t reserved_total() const {
    std::int64_t sum = 0;
    for (const Reserved& r : reserved) sum += r.quantity;
    return sum;
  }
  template <class A> friend void archive(A& a, OrderLineState& x) {
    a(x.shipped, x.cancelled, x.invoiced, x.invoiced_ahead, x.reserved, x.invoiced_net_minor, x.invoiced_cost_minor);
  }
};

struct Order {
  std::string id;
  std::uint32_t version = 0, revision = 1;
  OrderStatus status = OrderStatus::draft;
  std::uint8_t holds = 0;  // bit = fb::HoldKind
  SharedDocument document;
  std::vector<OrderLineState> lines;   // parallel to document->lines
  std::vector<std::string> shipments;  // ids, in order of posting
  bool freight_invoiced = false;
  bool granted = false;           // confirmed without credit hold, or released: all of it counts in exposure
  bool limit_overridden = false;  // a person let it exceed the limit: it is not checked again when goods leave
  bool waits_for_credit = false;  // submitted because of the limit: the approval overrides it
  bool counts_as_draft = false;   // where exposure_minor lies: Exposure::drafts_minor, else orders_minor
  std::int64_t exposure_minor = 0;
  std::string quote, submitted_by, confirmed_by;
  std::vector<std::string> approval_roles;  // the approver needs every one
  Date created_on, last_on;  // last_on: of changes and shipments; no later change or invoice is dated before it
  Date shippable_from;       // confirmed, or released from its last hold: no shipment is dated before it
  std::optional<Date> confirmed_on, reservation_expires_on;

  std::int64_t ordered(std::size_t i) const { return document->lines[i].base_quantity; }
  /// What is still to be shipped. Never negative: an over-delivery leaves nothing open.
  std::int64_t open(std::size_t i) const {
    const std::int64_t rest = ordered(i) - lines[i].cancelled - lines[i].shipped;
    return rest > 0 ? rest : 0;
  }
  /// What will be billed in the end: what is kept of the order, and what was delivered beyond it.
  std::int64_t to_bill(std::size_t i) const {
    const std::int64_t kept = ordered(i) - lines[i].cancelled;
    return kept > lines[i].shipped ? kept : lines[i].shipped;
  }
  bool is_active() const { return status == OrderStatus::confirmed; }
  bool on_hold(fb::HoldKind kind) const { return (holds >> static_cast<unsigned>(kind)) & 1; }
  template <class A> friend void archive(A& a, Order& x) {
    a(x.id, x.version, x.revision, x.status, x.holds, x.document, x.lines, x.shipments, x.freight_invoiced, x.granted,
      x.limit_overridden, x.waits_for_credit, x.counts_as_draft, x.exposure_minor, x.quote, x.submitted_by,
      x.confirmed_by, x.approval_roles, x.created_on, x.last_on, x.shippable_from, x.confirmed_on,
      x.reservation_expires_on);
  }
};

/// Row 19, each by integer tests per line, never by a percentage.
Progress fulfilment_status(const Order& order);
Progress billing_status(const Order& order);
/// Confirmed, nothing open, all that is to be billed is billed, whatever the holds.
bool is_completed(const Order& order);
/// "draft", "pending_approval", "on_hold", "confirmed", "completed", …: what a person is shown.
std::string_view shown_status(const Order& order);

/// total * quantity / ordered, rounded once: the value of the first `quantity` base units of a line. Any parts in a row therefore sum to the whole.
std::int64_t share_minor(std::int64_t total_minor, std::int64_t quantity, std::int64_t ordered);
/// The same of net and tax together.
std::int64_t line_value_minor(const PricedLine& line, std::int64_t quantity);
/// Freight is owed once, as long as anything of the order is kept.
bool owes_freight(const Order& order);
/// What of the order is neither invoiced nor cancelled, with tax and freight.
std::int64_t open_value_minor(const Order& order);
/// What has left and is not invoiced, with tax, and with freight once anything has left.
std::int64_t shipped_value_minor(const Order& order);

/// The order's part of the exposure, by row 76: before it is confirmed all as draft; granted: all that is open; on credit hold or closed: what has
/// left and is not billed; rejected or cancelled: nothing.
struct ExposurePart {
  std::int64_t Exposure::*part = &Exposure::orders_minor;
  std::int64_t minor = 0;
  bool operator==(const ExposurePart&) const = default;
};
ExposurePart exposure_part(const Order& order);

struct CompanyState;
/// Brings the order's part of the customer's exposure up to date after its state changed. Used by evolve only.
void refresh_exposure(CompanyState& state, Order& order);

}  // namespace o2c
