#include "tools/sim/own_orders.hpp"

#include "engine/domain/decide.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {
namespace {

/// value * part / whole, half away from zero.
std::int64_t share(std::int64_t value, std::int64_t part, std::int64_t whole) {
  const Int128 twice = static_cast<Int128>(value) * part * 2;
  return static_cast<std::int64_t>(twice < 0 ? -((-twice + whole) / (2 * static_cast<Int128>(whole)))
                                             : (twice + whole) / (2 * static_cast<Int128>(whole)));
}

std::string name_of(const fb::Event& event) {
  return fmt::format("{} {} v{}", fb::EnumNameEventBody(event.body_type()), view(event.stream_id()),
                     event.stream_version());
}

}  // namespace

bool OwnOrders::Order::nothing_open() const {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.open() == 0; });
}
bool OwnOrders::Order::owes_freight() const {
  const bool kept = std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.to_bill() > 0; });
  return freight != 0 && !freight_billed && kept && status != OrderStatus::cancelled;
}
bool OwnOrders::Order::all_billed() const {
  return !owes_freight() &&
         std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.invoiced >= line.to_bill(); });
}

OwnOrders::Order& OwnOrders::order(std::string_view id) {
  const auto at = orders_.find(id);
  require(at != orders_.end(), "S7 an event names order {}, which never began", id);
  return at->second;
}

void OwnOrders::expect_status(const Order& order, const fb::Event& event,
                              std::initializer_list<OrderStatus> allowed) const {
  const bool legal = std::find(allowed.begin(), allowed.end(), order.status) != allowed.end();
  require(legal, "S7 {}: order {} is in status {}", name_of(event), order.id, static_cast<int>(order.status));
}

void OwnOrders::expect_not_before(Date on, Date cause, const fb::Event& event) const {
  require(on >= cause, "{}: of {}, before its cause of {}", name_of(event), format_date(on), format_date(cause));
}

void OwnOrders::take_document(Order& order, const fb::DocumentData& document) {
  order.customer = view(document.dimensions()->customer());
  order.lines.clear();
  std::int64_t net = 0, tax = document.freight_tax_minor();
  for (const fb::PricedLine* line : *document.lines()) {
    std::int64_t discounts = 0;
    if (line->discounts())
      for (const fb::DiscountShare* d : *line->discounts()) discounts += d->amount_minor();
    require(line->list_minor() - discounts == line->net_minor(),
            "I27 order {} line {}: list {} less discounts {}, net {}", order.id, line->line(), line->list_minor(),
            discounts, line->net_minor());
    order.lines.push_back(
        {text(line->product()), line->base_quantity()->millionths(), line->net_minor(), line->tax_minor()});
    net += line->net_minor(), tax += line->tax_minor();
  }
  require(net == document.net_minor() && tax == document.tax_minor(),
          "I22 order {}: net {} tax {}, lines sum to {} and {}", order.id, document.net_minor(), document.tax_minor(),
          net, tax);
  order.freight = document.freight_minor() + document.freight_tax_minor();
  order.status = OrderStatus::draft;
}

std::int64_t OwnOrders::open_value(const Order& order) const {
  std::int64_t value = order.owes_freight() ? order.freight : 0;
  for (const Line& line : order.lines) {
    if (line.to_bill() > line.invoiced)
      value += share(line.net + line.tax, line.to_bill(), line.ordered) -
               share(line.net + line.tax, line.invoiced, line.ordered);
  }
  return value;
}

std::int64_t OwnOrders::shipped_value(const Order& order) const {
  std::int64_t value = 0, shipped = 0;
  for (const Line& line : order.lines) {
    shipped += line.shipped;
    if (line.shipped > line.invoiced)
      value += share(line.net + line.tax, line.shipped, line.ordered) -
               share(line.net + line.tax, line.invoiced, line.ordered);
  }
  return value + (shipped > 0 && order.owes_freight() ? order.freight : 0);
}

/// Row 76, and whether the order has come to its end.
void OwnOrders::refresh(Order& order) {
  Account& account = accounts_[order.customer];
  (order.as_draft ? account.drafts : account.orders) -= order.exposure;
  order.as_draft = order.status == OrderStatus::draft || order.status == OrderStatus::pending_approval;
  const bool over = order.status == OrderStatus::cancelled || order.status == OrderStatus::rejected;
  const bool all = order.as_draft || (order.status == OrderStatus::confirmed && order.granted);
  order.exposure = over ? 0 : all ? open_value(order) : shipped_value(order);
  (order.as_draft ? account.drafts : account.orders) += order.exposure;
  const bool completed = order.status == OrderStatus::confirmed && order.nothing_open() && order.all_billed();
  if ((over || completed || order.status == OrderStatus::short_closed) && !order.finished)
    order.finished = true, ++finished_;
}

std::int64_t OwnOrders::counted(const Account& a) const {
  return a.receivables + a.orders - a.unapplied + (drafts_count_ ? a.drafts : 0);
}

std::int64_t OwnOrders::counted_of_group(std::string_view group) const {
  std::int64_t sum = 0;
  for (const auto& [id, account] : accounts_) sum += account.group == group ? counted(account) : 0;
  return sum;
}

/// What the decision says it compared, before the event is folded.
void OwnOrders::check_credit(const Order& order, const fb::CreditCheck& check) const {
  const Account& account = accounts_.at(order.customer);
  const std::string_view group = view(check.credit_group());
  const std::int64_t own = order.as_draft && !drafts_count_ ? 0 : order.exposure;
  const std::int64_t others = (group.empty() ? counted(account) : counted_of_group(group)) - own;
  require(check.exposure_minor() == others, "I29 order {}: decided on an exposure of {}{}{}, it is {}", order.id,
          check.exposure_minor(), group.empty() ? "" : " of group ", group, others);
  require(check.order_minor() == open_value(order), "I29 order {}: decided on {} of its own, it is {}", order.id,
          check.order_minor(), open_value(order));
}

void OwnOrders::check_limit(const Order& order) const {
  if (!order.granted || order.overridden || order.status != OrderStatus::confirmed) return;
  const Account& account = accounts_.at(order.customer);
  const std::int64_t total = counted(account);
  require(!account.limit || total <= *account.limit, "I29 order {} is granted: customer {} owes {}, the limit is {}",
          order.id, order.customer, total, account.limit.value_or(0));
  const auto limit = group_limits_.find(account.group);
  if (account.group.empty() || limit == group_limits_.end()) return;
  const std::int64_t of_group = counted_of_group(account.group);
  require(of_group <= limit->second, "I29 order {} is granted: group {} owes {}, the limit is {}", order.id,
          account.group, of_group, limit->second);
}

void OwnOrders::fold_customer(const fb::CustomerData& data) {
  Account& account = accounts_[text(data.customer())];
  account.limit = data.credit_limit() ? std::optional{data.credit_limit()->amount_minor()} : std::nullopt;
  account.group = view(data.credit_group());
}

void OwnOrders::fold_order(const fb::Event& event) {
  const Date on = from_fb(*event.occurred_on());
  if (const auto* created = event.body_as_OrderCreated()) {
    const auto [at, fresh] = orders_.try_emplace(text(created->order()));
    require(fresh, "S7 order {} begins twice", view(created->order()));
    at->second.id = at->first;
    at->second.last_on = on;
    take_document(at->second, *created->document());
    return refresh(at->second);
  }
  using S = OrderStatus;
  Order& o = order(view(event.stream_id()));
  if (event.body_type() != fb::EventBody::StockReserved && event.body_type() != fb::EventBody::ReservationReleased) {
    expect_not_before(on, o.last_on, event);
    o.last_on = on;
  }
  switch (event.body_type()) {
    case fb::EventBody::OrderRevised:
      expect_status(o, event, {S::draft, S::rejected});
      take_document(o, *event.body_as_OrderRevised()->document());
      break;
    case fb::EventBody::OrderSubmitted:
      expect_status(o, event, {S::draft, S::pending_approval});
      o.status = S::pending_approval;
      break;
    case fb::EventBody::OrderApproved: expect_status(o, event, {S::pending_approval}); break;
    case fb::EventBody::OrderRejected:
      expect_status(o, event, {S::pending_approval});
      o.status = S::rejected;
      break;
    case fb::EventBody::OrderWithdrawn:
      expect_status(o, event, {S::pending_approval});
      o.status = S::draft;
      break;
    case fb::EventBody::OrderConfirmed: {
      const auto& confirmed = *event.body_as_OrderConfirmed();
      expect_status(o, event, {S::draft, S::pending_approval});
      if (confirmed.credit()) check_credit(o, *confirmed.credit());
      o.status = S::confirmed, o.granted = true, o.overridden = confirmed.override_limit(), o.shippable_from = on;
      granted_.push_back(&o);
      break;
    }
    case fb::EventBody::OrderHeld: {
      const auto& held = *event.body_as_OrderHeld();
      expect_status(o, event, {S::confirmed});
      require(o.holds.insert(held.hold()).second, "S7 {}: held twice", name_of(event));
      if (held.hold() == fb::HoldKind::credit) o.granted = o.overridden = false;
      break;
    }
    case fb::EventBody::OrderReleased: {
      const auto& released = *event.body_as_OrderReleased();
      expect_status(o, event, {S::confirmed});
      if (released.credit()) check_credit(o, *released.credit());
      require(o.holds.erase(released.hold()) == 1, "S7 {}: was not held", name_of(event));
      o.shippable_from = std::max(o.shippable_from, on);
      if (released.hold() != fb::HoldKind::credit) break;
      o.granted = true, o.overridden = released.override_limit();
      granted_.push_back(&o);
      break;
    }
    case fb::EventBody::OrderCancelled:
      expect_status(o, event, {S::draft, S::pending_approval, S::confirmed});
      for (Line& line : o.lines) {
        require(line.shipped == 0 && line.invoiced == 0 && line.reserved.empty(),
                "S7 {}: shipped {}, invoiced {}, {} reservations", name_of(event), line.shipped, line.invoiced,
                line.reserved.size());
        line.cancelled = line.ordered;
      }
      o.status = S::cancelled;
      break;
    case fb::EventBody::OrderShortClosed:
      expect_status(o, event, {S::confirmed});
      for (const fb::ClosedLine* closed : *event.body_as_OrderShortClosed()->lines()) {
        Line& line = o.lines.at(closed->line() - 1u);
        require(closed->quantity()->millionths() == line.open(), "I1 {} line {}: closes {}, open {}", name_of(event),
                closed->line(), closed->quantity()->millionths(), line.open());
        require(line.reserved.empty(), "I2 {} line {}: closed with a reservation", name_of(event), closed->line());
        line.cancelled += closed->quantity()->millionths();
      }
      if (o.nothing_open()) o.status = S::short_closed;
      break;
    default: break;
  }
  refresh(o);
}

/// Bills (sign 1) or gives back (sign −1) lines of an order.
void OwnOrders::fold_invoice(const fb::Event& event) {
  const auto* issued = event.body_as_InvoiceIssued();
  const auto* reversed = event.body_as_InvoiceReversed();
  O2C_ASSERT(issued || reversed);
  const std::string_view id = view(issued ? issued->order() : reversed->order());
  if (id.empty()) return;
  Order& o = order(id);
  const int sign = issued ? 1 : -1;
  if (issued) expect_status(o, event, {OrderStatus::confirmed, OrderStatus::short_closed});
  const auto* lines = issued ? issued->lines() : reversed->lines();
  O2C_ASSERT(lines);
  for (const fb::InvoiceLine* billed : *lines) {
    if (billed->order_line() == 0) continue;
    Line& line = o.lines.at(billed->order_line() - 1u);
    line.invoiced += sign * billed->quantity()->millionths();
    line.billed_net += sign * billed->net_minor();
    require(line.invoiced >= 0 && line.invoiced <= line.to_bill(), "I8 {} line {}: invoiced {}, to bill {}",
            name_of(event), billed->order_line(), line.invoiced, line.to_bill());
    // After a reversal out of order more may be billed than the share; then nothing is added, and the next part takes the rest.
    const std::int64_t due = share(line.net, line.invoiced, line.ordered);
    require(reversed || line.billed_net == due || (billed->net_minor() == 0 && line.billed_net > due),
            "I27 {} line {}: billed {} in all, its share is {}", name_of(event), billed->order_line(), line.billed_net,
            due);
  }
  const std::int64_t freight = issued ? issued->freight_minor() : reversed->freight_minor();
  if (freight != 0) o.freight_billed = sign > 0;
  if (reversed) o.last_on = std::max(o.last_on, from_fb(*event.occurred_on()));
  refresh(o);
}

void OwnOrders::fold(const fb::Event& event, const Policies& rules) {
  drafts_count_ = rules_on(rules.credit_rules, from_fb(*event.occurred_on())).drafts_count;
  const auto cash = [&](const auto& body, std::int64_t unapplied, std::int64_t receivables, std::string_view customer) {
    Account& account = accounts_[std::string(customer)];
    account.unapplied += unapplied * body.amount()->amount_minor();
    account.receivables += receivables * body.amount()->amount_minor();
  };
  switch (event.body_type()) {
    case fb::EventBody::CustomerRegistered: return fold_customer(*event.body_as_CustomerRegistered()->customer());
    case fb::EventBody::CustomerChanged: return fold_customer(*event.body_as_CustomerChanged()->customer());
    case fb::EventBody::CreditGroupSet:
      group_limits_[text(event.body_as_CreditGroupSet()->credit_group())] =
          event.body_as_CreditGroupSet()->credit_limit()->amount_minor();
      return;
    case fb::EventBody::InvoiceIssued:
      accounts_[text(event.body_as_InvoiceIssued()->dimensions()->customer())].receivables +=
          event.body_as_InvoiceIssued()->total_with_tax_minor();
      return fold_invoice(event);
    case fb::EventBody::InvoiceReversed:
      accounts_[text(event.body_as_InvoiceReversed()->dimensions()->customer())].receivables -=
          event.body_as_InvoiceReversed()->total_with_tax_minor();
      return fold_invoice(event);
    case fb::EventBody::ReceiptRecorded:
      return cash(*event.body_as_ReceiptRecorded(), 1, 0, view(event.body_as_ReceiptRecorded()->customer()));
    case fb::EventBody::CashApplied:
      return cash(*event.body_as_CashApplied(), -1, -1, view(event.body_as_CashApplied()->dimensions()->customer()));
    case fb::EventBody::CashUnapplied:
      return cash(*event.body_as_CashUnapplied(), 1, 1, view(event.body_as_CashUnapplied()->dimensions()->customer()));
    case fb::EventBody::ReceiptReturned:
      return cash(*event.body_as_ReceiptReturned(), -1, 0,
                  view(event.body_as_ReceiptReturned()->dimensions()->customer()));
    case fb::EventBody::ReceiptRefunded:
      return cash(*event.body_as_ReceiptRefunded(), -1, 0,
                  view(event.body_as_ReceiptRefunded()->dimensions()->customer()));
    default: break;
  }
  if (event.stream_type() == fb::StreamType::order) fold_order(event);
  fold_stock(event, rules);
}

void OwnOrders::end_entry() {
  for (const Order* order : granted_) check_limit(*order);
  granted_.clear();
}

void OwnOrders::compare(const CompanyState& state) const {
  for (const Customer& customer : state.customers.rows()) {
    const Account& own = accounts_.at(customer.id);
    const Exposure& e = customer.exposure;
    require(e.orders_minor == own.orders && e.drafts_minor == own.drafts && e.receivables_minor == own.receivables &&
                e.unapplied_minor == own.unapplied,
            "I29 customer {}: orders {} drafts {} receivables {} unapplied {}, by events {} {} {} {}", customer.id,
            e.orders_minor, e.drafts_minor, e.receivables_minor, e.unapplied_minor, own.orders, own.drafts,
            own.receivables, own.unapplied);
  }
  compare_stock(state);
}

}  // namespace o2c::sim
