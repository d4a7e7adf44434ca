// Row 32: the traffic light of every order, a pure function of what the view knows.
#include <unordered_map>

#include "projections/sales/order_parts.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {
namespace {

struct OpenInvoice {
  std::int64_t open_minor = 0;
  bool overdue = false;
};
using OpenInvoices = std::unordered_map<std::string, OpenInvoice>;

void add_open(const Report& items, OpenInvoices& found) {
  const auto place = [&](std::string_view name) {
    const auto at =
        std::find_if(items.columns.begin(), items.columns.end(), [&](const Column& c) { return c.name == name; });
    O2C_ASSERT(at != items.columns.end());
    return static_cast<std::size_t>(at - items.columns.begin());
  };
  const std::size_t kind = place("kind"), document = place("document"), overdue = place("days_overdue"),
                    open = place("open");
  for (const auto& row : items.rows) {
    if (std::get<std::string>(row[kind]) != "invoice") continue;
    OpenInvoice& invoice = found[std::get<std::string>(row[document])];
    add_to(invoice.open_minor, std::get<Decimal>(row[open]).value);
    invoice.overdue = invoice.overdue || std::get<std::int64_t>(row[overdue]) > 0;
  }
}

struct Payment {
  Progress progress = Progress::none;
  bool overdue = false;
};

Payment payment_of(const SaleStore& store, const OrderAt& order, const OpenInvoices& open) {
  Int128 billed = 0, unpaid = 0;
  Payment payment;
  for (const std::uint32_t number : order.invoices()) {
    const SoldDocument& invoice = store.billed()[number];
    billed += invoice.total_minor;
    const auto at = open.find(store.text(invoice.invoice));
    if (at == open.end()) continue;
    unpaid += at->second.open_minor;
    payment.overdue = payment.overdue || at->second.overdue;
  }
  if (order.invoices().empty() || (unpaid == billed && billed != 0)) return payment;
  payment.progress = unpaid == 0 && order.billing() == Progress::full ? Progress::full : Progress::partial;
  return payment;
}

struct Standing {
  Light light = Light::green;
  std::string_view reason;
};

std::string_view hold_of(const OrderAt& order) {
  if (order.status() != OrderStatus::confirmed || order.completed()) return {};
  for (const auto& [kind, reason] : {std::pair{fb::HoldKind::credit, "credit_hold"},
                                     {fb::HoldKind::stock, "stock_hold"},
                                     {fb::HoldKind::price, "price_hold"},
                                     {fb::HoldKind::manual, "manual_hold"}}) {
    if (order.on_hold(kind)) return reason;
  }
  return {};
}

/// What should not be: a promise missed, more delivered or billed than there is to bill.
std::string_view anomaly_of(const OrderAt& order, Date as_of) {
  if (!order.counts()) return {};
  for (std::size_t i = 0; i < order.lines().size(); ++i) {
    const std::int32_t promised = order.lines()[i].promised_on;
    if (order.open(i) > 0 && promised != no_day && promised < days_of(as_of)) return "late";
    if (order.line(i).billed > order.to_bill(i)) return "over_billed";
    if (order.line(i).shipped > order.kept(i) && order.line(i).billed < order.line(i).shipped) return "over_delivered";
  }
  return {};
}

std::string_view work_left(const OrderAt& order, const Payment& payment) {
  switch (order.status()) {
    case OrderStatus::draft: return "draft";
    case OrderStatus::pending_approval: return "waits_for_approval";
    case OrderStatus::rejected: return "rejected";
    case OrderStatus::cancelled: return {};
    case OrderStatus::confirmed:
    case OrderStatus::short_closed: break;
  }
  bool to_bill = false;
  for (std::size_t i = 0; i < order.lines().size(); ++i) {
    if (order.open(i) > order.line(i).reserved) return "not_reserved";
    to_bill = to_bill || order.to_bill(i) > 0;
  }
  if (!order.nothing_open()) return "not_shipped";
  if (!to_bill) return {};  // closed before anything left
  if (order.billing() != Progress::full) return "not_billed";
  return payment.progress == Progress::full ? std::string_view{} : "not_paid";
}

Standing standing_of(const OrderAt& order, const Payment& payment, Date as_of) {
  if (order.over_limit()) return {Light::red, "over_limit"};
  if (const auto hold = hold_of(order); !hold.empty()) return {Light::red, hold};
  if (payment.overdue) return {Light::red, "overdue"};
  if (const auto anomaly = anomaly_of(order, as_of); !anomaly.empty()) return {Light::red, anomaly};
  if (const auto work = work_left(order, payment); !work.empty()) return {Light::yellow, work};
  return {Light::green, order.status() == OrderStatus::cancelled ? "cancelled" : "complete"};
}

std::string_view status_name(const OrderAt& order) {
  switch (order.status()) {
    case OrderStatus::draft: return "draft";
    case OrderStatus::pending_approval: return "pending_approval";
    case OrderStatus::rejected: return "rejected";
    case OrderStatus::short_closed: return "short_closed";
    case OrderStatus::cancelled: return "cancelled";
    case OrderStatus::confirmed:
      return order.completed() ? "completed" : hold_of(order).empty() ? "confirmed" : "on_hold";
  }
  return {};
}
std::string_view progress_name(Progress progress) {
  constexpr std::string_view names[] = {"none", "partial", "full"};
  return names[static_cast<std::size_t>(progress)];
}

Cell latest_promise(const OrderAt& order) {
  std::int32_t latest = no_day;
  for (const SaleLine& line : order.lines()) latest = std::max(latest, line.promised_on);
  return latest == no_day ? Cell{} : Cell{date_of(latest)};
}

/// Net value of the order: of what is kept once it counts, as asked for until then.
std::pair<std::int64_t, std::int64_t> net_and_open(const SaleStore& store, const OrderAt& order, const View& view) {
  if (order.status() == OrderStatus::cancelled) return {0, 0};
  if (!order.counts()) return {order.document().net_minor, order.document().net_minor};
  std::vector<OrderPart> parts;
  parts_of(store, order, SalesGroup::total, view, parts);
  return parts.empty() ? std::pair<std::int64_t, std::int64_t>{0, 0} : std::pair{parts[0].net, parts[0].open_net};
}

std::vector<Column> board_columns() {
  return {{"order", "Order", "订单"},
          {"customer", "Customer", "客户"},
          {"seller", "Seller", "业务员"},
          {"ordered_on", "Ordered", "下单日"},
          {"promised_on", "Promised", "承诺日"},
          {"status", "Status", "状态"},
          {"light", "Light", "红黄绿灯"},
          {"reason", "Reason", "原因"},
          {"fulfilment", "Shipped", "发货"},
          {"billing", "Billed", "开票"},
          {"payment", "Paid", "回款"},
          {"currency", "Currency", "币种"},
          {"net", "Net", "净额"},
          {"open", "Not shipped", "未发货净额"}};
}

std::vector<Cell> board_row(const SaleStore& store, const OrderAt& order, const Standing& standing,
                            const Payment& payment, const View& view) {
  const auto [net, open] = net_and_open(store, order, view);
  const Currency unit = order.document().currency;
  return {store.text(order.order().id),
          store.text(order.dimension(Dimension::customer)),
          store.text(order.dimension(Dimension::seller)),
          date_of(order.order().ordered_on),
          latest_promise(order),
          std::string(status_name(order)),
          std::string(light_name(standing.light)),
          std::string(standing.reason),
          std::string(progress_name(order.fulfilment())),
          std::string(progress_name(order.billing())),
          std::string(progress_name(payment.progress)),
          std::string(currency_code(unit)),
          amount_cell(net, unit),
          amount_cell(open, unit)};
}

}  // namespace

std::string_view light_name(Light light) {
  constexpr std::string_view names[] = {"red", "yellow", "green"};
  return names[static_cast<std::size_t>(light)];
}

Report Sales::orders(const View& view, const Receivables& receivables, const BoardFilter& filter) const {
  OpenInvoices open;
  add_open(receivables.open_items(view, filter.customer.empty() ? Filter{} : Filter::customer(filter.customer)), open);
  std::array<std::vector<std::vector<Cell>>, 3> rows;  // by light
  visit_orders(store_, view, {}, [&](const OrderAt& order) {
    if (!filter.customer.empty() && store_.text(order.dimension(Dimension::customer)) != filter.customer) return;
    if (!filter.status.empty() && status_name(order) != filter.status) return;
    const Payment payment = payment_of(store_, order, open);
    const Standing standing = standing_of(order, payment, view.as_of);
    if (filter.light && *filter.light != standing.light) return;
    auto& of_light = rows[static_cast<std::size_t>(standing.light)];
    if (of_light.size() < filter.limit) of_light.push_back(board_row(store_, order, standing, payment, view));
  });
  Report report{"orders", board_columns(), {}};
  for (auto& of_light : rows) {
    for (auto& row : of_light) {
      if (report.rows.size() < filter.limit) report.rows.push_back(std::move(row));
    }
  }
  return report;
}

Report Sales::order(const View& view, const Receivables& receivables, std::string_view id) const {
  Report report{"orders", board_columns(), {}};
  const SaleOrder* found = store_.find_order(id);
  OrderAt order(store_);
  if (!found || !order.at(*found, view)) return report;
  OpenInvoices open;
  for (const std::uint32_t number : order.invoices())
    add_open(receivables.open_item(view, ItemKind::invoice, store_.text(store_.billed()[number].invoice)), open);
  const Payment payment = payment_of(store_, order, open);
  report.rows.push_back(board_row(store_, order, standing_of(order, payment, view.as_of), payment, view));
  return report;
}

}  // namespace o2c
