#include "engine/domain/company/identities.hpp"

#include <charconv>
#include <span>

#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

/// Figures that are written out only when an identity is broken.
struct Quantity {
  std::int64_t millionths;
};
struct Minor {
  std::int64_t minor;
  Currency currency;
};

}  // namespace
}  // namespace o2c

template <> struct fmt::formatter<o2c::Quantity> : fmt::formatter<std::string> {
  auto format(o2c::Quantity q, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(o2c::format_trimmed(q.millionths, o2c::quantity_decimals), context);
  }
};
template <> struct fmt::formatter<o2c::Minor> : fmt::formatter<std::string> {
  auto format(o2c::Minor m, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(o2c::format_amount(m.minor, m.currency), context);
  }
};

namespace o2c {
namespace {

Quantity quantity(std::int64_t millionths) { return {millionths}; }

/// What has to be said, one identity a line.
class Findings {
 public:
  template <class... T> void expect(bool holds, fmt::format_string<T...> text, T&&... figures) {
    if (!holds) broken_.push_back(fmt::format(text, std::forward<T>(figures)...));
  }
  std::vector<std::string> take() { return std::move(broken_); }

 private:
  std::vector<std::string> broken_;
};

// Rows by themselves.

/// The most that the rules ever let a line be over-delivered.
std::int32_t over_delivery_ppm(const CompanyState& state) {
  std::int32_t most = 0;
  const auto* history = state.policies.stock_rules.find("default");
  if (history)
    for (const auto& version : history->versions) most = std::max(most, version.content.over_delivery_ppm);
  return most;
}

void check_line(const Order& order, std::size_t i, std::int32_t over_ppm, Findings& found) {
  const OrderLineState& line = order.lines[i];
  const std::int64_t ordered = order.ordered(i), open = order.open(i), reserved = line.reserved_total();
  const std::int64_t over = line.shipped + line.cancelled - ordered;
  const bool balanced =
      over <= 0 ? open == -over
                : open == 0 && static_cast<Int128>(over) * one_ppm <= static_cast<Int128>(ordered) * over_ppm;
  found.expect(balanced && line.shipped >= 0 && line.cancelled >= 0,
               "I1 order {} line {}: ordered {}, shipped {}, cancelled {}, open {}", order.id, i + 1, quantity(ordered),
               quantity(line.shipped), quantity(line.cancelled), quantity(open));
  bool each = true;
  for (const Reserved& r : line.reserved) each = each && r.quantity >= 0;
  found.expect(each && reserved <= open, "I2 order {} line {}: reserved {}, open {}", order.id, i + 1,
               quantity(reserved), quantity(open));
  found.expect(line.invoiced >= 0 && line.invoiced <= std::max(ordered, line.shipped),
               "I8 order {} line {}: invoiced {}, ordered {}, shipped {}", order.id, i + 1, quantity(line.invoiced),
               quantity(ordered), quantity(line.shipped));
}

void check(const CompanyState& state, const Order& order, Findings& found) {
  const std::int32_t over = over_delivery_ppm(state);
  found.expect(order.lines.size() == order.document->lines.size(), "I1 order {}: {} lines, its document has {}",
               order.id, order.lines.size(), order.document->lines.size());
  for (std::size_t i = 0; i < order.lines.size(); ++i) check_line(order, i, over, found);
  const ExposurePart part = exposure_part(order);
  found.expect(part.minor == order.exposure_minor && (part.part == &Exposure::drafts_minor) == order.counts_as_draft,
               "I29 order {}: {} counted as exposure, recomputed {}", order.id,
               Minor{order.exposure_minor, order.document->currency}, Minor{part.minor, order.document->currency});
}

void check(const CompanyState&, const Product& product, Findings& found) {
  for (const StockAt& stock : product.stock) {
    found.expect(stock.on_hand >= 0, "I3 product {} at {}: on hand {}", product.id, stock.place,
                 quantity(stock.on_hand));
    const StockAt::Level level = stock.level_from(Date::min());
    found.expect(level.then == 0 && level.least >= 0, "I3 product {} at {}: on hand {} on {}, before its first day {}",
                 product.id, stock.place, quantity(static_cast<std::int64_t>(level.least)), format_date(level.least_on),
                 quantity(static_cast<std::int64_t>(level.then)));
    found.expect(stock.reserved >= 0 && stock.reserved <= stock.on_hand, "I4 product {} at {}: reserved {}, on hand {}",
                 product.id, stock.place, quantity(stock.reserved), quantity(stock.on_hand));
  }
}

void check(const CompanyState& state, const Shipment& shipment, Findings& found) {
  for (const ShipmentLine& line : shipment.lines) {
    found.expect(line.invoiced >= 0 && line.invoiced_by_order >= 0 && line.to_invoice() >= 0,
                 "I8 shipment {} line {}: invoiced {} and {} with the order, shipped {}", shipment.id, line.line,
                 quantity(line.invoiced), quantity(line.invoiced_by_order), quantity(line.quantity));
  }
  found.expect(state.orders.contains(shipment.order), "I1 shipment {}: order {} is not there", shipment.id,
               shipment.order);
}

void check(const CompanyState& state, const Invoice& invoice, Findings& found) {
  const auto money = [&invoice](std::int64_t minor) { return Minor{minor, invoice.currency}; };
  std::int64_t applied = 0;
  for (const CashOnInvoice& cash : invoice.cash) {
    std::int64_t shares = 0;
    for (const std::int64_t share : cash.shares_minor) shares += share;
    found.expect(cash.amount_minor >= 0 && shares == cash.amount_minor,
                 "I19 invoice {}: receipt {} paid {}, on instalments {}", invoice.id, cash.receipt,
                 money(cash.amount_minor), money(shares));
    applied += cash.amount_minor;
  }
  const std::int64_t open = invoice.reversed() ? 0 : invoice.total_minor - applied;
  found.expect(
      invoice.open_minor == open && open >= 0 && open <= invoice.total_minor && (!invoice.reversed() || applied == 0),
      "I13 invoice {}: open {}, total {} less applied {}{}", invoice.id, money(invoice.open_minor),
      money(invoice.total_minor), money(applied), invoice.reversed() ? ", reversed" : "");
  std::int64_t amounts = 0, opens = 0;
  for (std::size_t i = 0; i < invoice.instalments.size(); ++i) {
    const Instalment& instalment = invoice.instalments[i];
    std::int64_t paid = 0;
    for (const CashOnInvoice& cash : invoice.cash) paid += i < cash.shares_minor.size() ? cash.shares_minor[i] : 0;
    found.expect(instalment.open_minor >= 0 &&
                     instalment.open_minor == (invoice.reversed() ? 0 : instalment.amount_minor - paid),
                 "I19 invoice {} instalment {}: open {}, amount {} less paid {}", invoice.id, i + 1,
                 money(instalment.open_minor), money(instalment.amount_minor), money(paid));
    amounts += instalment.amount_minor, opens += instalment.open_minor;
  }
  found.expect(amounts == invoice.total_minor, "I19 invoice {}: instalments {}, total {}", invoice.id, money(amounts),
               money(invoice.total_minor));
  found.expect(opens == invoice.open_minor, "I19 invoice {}: instalments open {}, open {}", invoice.id, money(opens),
               money(invoice.open_minor));
  std::int64_t net = invoice.freight_minor, tax = invoice.freight_tax_minor;
  for (const BilledLine& line : invoice.billed) net += line.net_minor, tax += line.tax_minor;
  found.expect(net == invoice.net_minor, "I20 invoice {}: lines and freight {}, total without tax {}", invoice.id,
               money(net), money(invoice.net_minor));
  found.expect(tax == invoice.tax_minor, "I23 invoice {}: tax of lines and freight {}, tax {}", invoice.id, money(tax),
               money(invoice.tax_minor));
  found.expect(invoice.net_minor + invoice.tax_minor == invoice.total_minor, "I24 invoice {}: {} + tax {}, total {}",
               invoice.id, money(invoice.net_minor), money(invoice.tax_minor), money(invoice.total_minor));
  const DocumentNumber* number = state.numbers.find(invoice.number);
  found.expect(number && number->invoice == invoice.id, "I37 invoice {}: number {} is another's", invoice.id,
               invoice.number);
}

void check(const CompanyState& state, const Receipt& receipt, Findings& found) {
  const auto money = [&receipt](std::int64_t minor) { return Minor{minor, receipt.amount.currency}; };
  std::int64_t applied = 0;
  bool each = receipt.unapplied_minor >= 0 && receipt.refunded_minor >= 0 && receipt.returned_minor >= 0;
  for (const CashFromReceipt& cash : receipt.applied) {
    each = each && cash.amount_minor >= 0;
    applied += cash.amount_minor;
    const Invoice* invoice = state.invoices.find(cash.invoice);
    const CashOnInvoice* other = invoice ? cash_of(*invoice, receipt.id) : nullptr;
    found.expect(other && other->amount_minor == cash.amount_minor, "I16 receipt {}: {} applied to {}, which shows {}",
                 receipt.id, money(cash.amount_minor), cash.invoice, money(other ? other->amount_minor : 0));
  }
  found.expect(each && receipt.amount.amount_minor ==
                           applied + receipt.unapplied_minor + receipt.refunded_minor + receipt.returned_minor,
               "I15 receipt {}: amount {}, applied {}, unapplied {}, refunded {}, returned {}", receipt.id,
               money(receipt.amount.amount_minor), money(applied), money(receipt.unapplied_minor),
               money(receipt.refunded_minor), money(receipt.returned_minor));
}

/// The open items of a customer, by the index that allocation works with.
void check(const CompanyState& state, const Customer& customer, Findings& found) {
  std::int64_t receivables = 0;
  std::uint32_t last = 0;
  bool in_order = true;
  const auto at = state.open_invoices.find(customer.id);
  if (at != state.open_invoices.end()) {
    for (const std::string_view id : at->second) {
      const Invoice* invoice = state.invoices.find(id);
      in_order = in_order && invoice && invoice->customer == customer.id && invoice->open_minor > 0 &&
                 invoice->sequence > last;
      if (invoice) receivables += invoice->open_minor, last = invoice->sequence;
    }
  }
  found.expect(in_order, "I12 customer {}: the list of open items is out of order or names what is not open",
               customer.id);
  found.expect(receivables == customer.exposure.receivables_minor, "I12 customer {}: receivables {}, open items {}",
               customer.id, Minor{customer.exposure.receivables_minor, customer.currency},
               Minor{receivables, customer.currency});
}

// Sums over all rows of a kind.

using Exposures = boost::unordered_flat_map<std::string_view, Exposure>;

void expect_same(std::string_view what, std::string_view id, const Exposure& stored, const Exposure& sum,
                 Currency currency, Findings& found) {
  const auto compare = [&](const char* identity, const char* part, std::int64_t a, std::int64_t b) {
    found.expect(a == b, "{} {} {}: {} {}, recomputed {}", identity, what, id, part, Minor{a, currency},
                 Minor{b, currency});
  };
  compare("I12", "receivables", stored.receivables_minor, sum.receivables_minor);
  compare("I12", "unapplied cash", stored.unapplied_minor, sum.unapplied_minor);
  compare("I29", "orders", stored.orders_minor, sum.orders_minor);
  compare("I29", "drafts", stored.drafts_minor, sum.drafts_minor);
}

void check_exposure(const CompanyState& state, Findings& found) {
  Exposures of_customer, of_group;
  for (const Invoice& invoice : state.invoices.rows())
    of_customer[invoice.customer].receivables_minor += invoice.open_minor;
  for (const Receipt& receipt : state.receipts.rows())
    of_customer[receipt.customer].unapplied_minor += receipt.unapplied_minor;
  for (const Order& order : state.orders.rows()) {
    const ExposurePart part = exposure_part(order);
    of_customer[order.document->dimensions->customer].*part.part += part.minor;
  }
  for (const Customer& customer : state.customers.rows()) {
    const Exposure& sum = of_customer[customer.id];
    expect_same("customer", customer.id, customer.exposure, sum, customer.currency, found);
    if (customer.credit_group.empty()) continue;
    Exposure& group = of_group[customer.credit_group];
    group.receivables_minor += sum.receivables_minor, group.unapplied_minor += sum.unapplied_minor;
    group.orders_minor += sum.orders_minor, group.drafts_minor += sum.drafts_minor;
  }
  for (const CreditGroup& group : state.credit_groups.rows()) {
    expect_same("credit group", group.id, group.exposure, of_group[group.id], group.credit_limit.currency, found);
  }
}

void check_reserved(const CompanyState& state, Findings& found) {
  boost::unordered_flat_map<std::pair<std::string_view, std::string_view>, std::int64_t> reserved;
  for (const Order& order : state.orders.rows()) {
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      for (const Reserved& r : order.lines[i].reserved)
        reserved[{order.document->lines[i].product, r.place}] += r.quantity;
    }
  }
  for (const Product& product : state.products.rows()) {
    for (const StockAt& stock : product.stock) {
      const auto at = reserved.find({product.id, stock.place});
      const std::int64_t sum = at == reserved.end() ? 0 : at->second;
      found.expect(sum == stock.reserved, "I2 product {} at {}: reserved {}, by orders {}", product.id, stock.place,
                   quantity(stock.reserved), quantity(sum));
      if (at != reserved.end()) reserved.erase(at);
    }
  }
  for (const auto& [where, sum] : reserved) {
    found.expect(sum == 0, "I2 product {} at {}: {} reserved by orders where nothing lies", where.first, where.second,
                 quantity(sum));
  }
}

/// What is invoiced of an order line: what its shipments have on invoices, and what was billed before it left.
void check_billed_of_shipments(const CompanyState& state, Findings& found) {
  for (const Order& order : state.orders.rows()) {
    std::vector<std::int64_t> sums;
    sums.reserve(order.lines.size());
    for (const OrderLineState& line : order.lines) sums.push_back(line.invoiced_ahead);
    for (const std::string& id : order.shipments) {
      for (const ShipmentLine& line : state.shipments.find(id)->lines)
        sums.at(line.line - 1u) += line.invoiced + line.invoiced_by_order;
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const OrderLineState& line = order.lines[i];
      found.expect(
          line.invoiced_ahead == std::max<std::int64_t>(0, line.invoiced - line.shipped) && sums[i] == line.invoiced,
          "I8 order {} line {}: invoiced {}, by its shipments and ahead of them {}, of it ahead {}", order.id, i + 1,
          quantity(line.invoiced), quantity(sums[i]), quantity(line.invoiced_ahead));
    }
  }
}

/// Order lines against the invoices in force.
void check_billed(const CompanyState& state, Findings& found) {
  struct Billed {
    std::vector<std::pair<std::int64_t, std::int64_t>> lines;
    int freights = 0;
  };
  boost::unordered_flat_map<std::string_view, Billed> by_order;
  for (const Invoice& invoice : state.invoices.rows()) {
    if (invoice.reversed() || invoice.order.empty()) continue;
    Billed& billed = by_order[invoice.order];
    billed.freights += invoice.freight_minor != 0 ? 1 : 0;
    for (const BilledLine& line : invoice.billed) {
      if (billed.lines.size() < line.order_line) billed.lines.resize(line.order_line);
      if (line.order_line == 0) continue;
      billed.lines[line.order_line - 1u].first += line.quantity;
      billed.lines[line.order_line - 1u].second += line.net_minor;
    }
  }
  check_billed_of_shipments(state, found);
  for (const Order& order : state.orders.rows()) {
    Billed& billed = by_order[order.id];
    billed.lines.resize(std::max(billed.lines.size(), order.lines.size()));
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
      const auto& [invoiced, net] = billed.lines[i];
      found.expect(invoiced == order.lines[i].invoiced && net == order.lines[i].invoiced_net_minor,
                   "I8 order {} line {}: invoiced {} for {}, by invoices {} for {}", order.id, i + 1,
                   quantity(order.lines[i].invoiced),
                   Minor{order.lines[i].invoiced_net_minor, order.document->currency}, quantity(invoiced),
                   Minor{net, order.document->currency});
    }
    found.expect(billed.freights == (order.freight_invoiced ? 1 : 0), "I8 order {}: freight on {} invoices, marked {}",
                 order.id, billed.freights, order.freight_invoiced ? "as invoiced" : "as not invoiced");
  }
}

/// 1..n without a gap: as many numbers of the series as it counted, none of them above. Ids are unique, so none comes twice.
void check_series(const CompanyState& state, std::string_view series, Findings& found) {
  std::uint64_t count = 0, highest = 0;
  for (const DocumentNumber& number : state.numbers.rows()) {
    const std::string_view id = number.id;
    if (id.size() <= series.size() + 1 || !id.starts_with(series) || id[series.size()] != '-') continue;
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(id.data() + series.size() + 1, id.data() + id.size(), n);
    if (error != std::errc{} || end != id.data() + id.size()) continue;
    ++count;
    highest = std::max(highest, n);
  }
  const Series* s = state.series.find(series);
  const std::uint64_t last = s ? s->last : 0;
  found.expect(count == last && highest == last, "I37 series {}: {} drawn, {} numbers, highest {}", series, last, count,
               highest);
}

template <class T> void check_rows(const CompanyState& state, const IdTable<T>& table, Findings& found) {
  for (const T& row : table.rows()) check(state, row, found);
}

// Rows that an event names.

template <class T>
void check_row(const CompanyState& state, const IdTable<T>& table, const flatbuffers::String* id, Findings& found) {
  if (const T* row = id ? table.find(view(id)) : nullptr) check(state, *row, found);
}

template <class List> void check_products(const CompanyState& state, const List* lines, Findings& found) {
  if (!lines) return;
  for (const auto* line : *lines) {
    if constexpr (requires { line->product(); }) check_row(state, state.products, line->product(), found);
  }
}

template <class Body> void check_named(const CompanyState& state, const Body& body, Findings& found) {
  if constexpr (requires { body.order(); }) check_row(state, state.orders, body.order(), found);
  if constexpr (requires { body.shipment(); }) check_row(state, state.shipments, body.shipment(), found);
  if constexpr (requires { body.invoice(); }) check_row(state, state.invoices, body.invoice(), found);
  if constexpr (requires { body.receipt(); }) check_row(state, state.receipts, body.receipt(), found);
  if constexpr (requires { body.lines(); }) check_products(state, body.lines(), found);
  if constexpr (requires { body.differences(); }) check_products(state, body.differences(), found);
  if constexpr (requires { body.dimensions(); })
    check_row(state, state.customers, body.dimensions()->customer(), found);
  if constexpr (requires { body.document(); })
    check_row(state, state.customers, body.document()->dimensions()->customer(), found);
}

}  // namespace

std::vector<std::string> broken_identities(const CompanyState& state) {
  Findings found;
  check_rows(state, state.orders, found);
  check_rows(state, state.products, found);
  check_rows(state, state.shipments, found);
  check_rows(state, state.invoices, found);
  check_rows(state, state.receipts, found);
  check_rows(state, state.customers, found);
  check_reserved(state, found);
  check_billed(state, found);
  check_exposure(state, found);
  check_series(state, "INV", found);
  check_series(state, "CN", found);
  return found.take();
}

std::vector<std::string> broken_identities_of(const CompanyState& state, const fb::Event& event) {
  Findings found;
  switch (event.body_type()) {
#define O2C_CASE(Name) \
  case fb::EventBody::Name: check_named(state, *event.body_as_##Name(), found); break;
    O2C_EVENTS(O2C_CASE)
#undef O2C_CASE
    case fb::EventBody::NONE: break;
  }
  return found.take();
}

}  // namespace o2c
