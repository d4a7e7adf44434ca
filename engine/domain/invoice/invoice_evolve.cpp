#include <algorithm>

#include "engine/domain/decide.hpp"
#include "engine/domain/shipment/billing.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

BilledLine billed_from(const fb::InvoiceLine& line) {
  BilledLine billed;
  billed.order_line = line.order_line();
  billed.quantity = line.quantity()->millionths();
  billed.net_minor = line.net_minor(), billed.tax_minor = line.tax_minor();
  billed.cost_minor = line.cost_minor();
  if (line.order_line() == 0) {
    ManualPart manual{text(line.product()), text(line.description()), text(line.tax_category()), line.tax_rate()->ppm(),
                      std::nullopt};
    if (line.unit_price()) manual.unit_price_micros = line.unit_price()->micros();
    billed.manual = std::make_shared<const ManualPart>(std::move(manual));
  }
  return billed;
}

/// Moves `quantity` of an order line onto the shipment's lines as invoiced, or off them again when negative.
void bill_shipment(Shipment& shipment, std::uint16_t order_line, std::int64_t quantity) {
  for (ShipmentLine& line : shipment.lines) {
    if (line.line != order_line) continue;
    const std::int64_t part = std::clamp(quantity, -line.invoiced, line.to_invoice());
    line.invoiced += part;
    quantity -= part;
  }
  if (quantity != 0) throw BrokenHistory("invoice of more than shipment '" + shipment.id + "' holds");
}

/// The shipment's lines that are billed by it no more.
void unbilled_takes_over(Shipment& shipment, OrderLineState& at, std::uint16_t order_line) {
  for (ShipmentLine& line : shipment.lines)
    if (line.line == order_line) take_over_ahead(at, line);
}

/// An invoice on the whole order bills what has left and no invoice has, first shipment first, and the rest before it leaves.
void bill_whole_order(CompanyState& state, const Order& order, OrderLineState& at, std::uint16_t order_line,
                      std::int64_t quantity) {
  for (auto id = order.shipments.begin(); id != order.shipments.end() && quantity > 0; ++id) {
    for (std::size_t i = 0; i < state.shipments.find(*id)->lines.size(); ++i) {
      const ShipmentLine& line = state.shipments.find(*id)->lines[i];
      const std::int64_t part = line.line == order_line ? std::min(quantity, line.to_invoice()) : 0;
      if (part == 0) continue;
      state.shipments.change(*id).lines[i].invoiced_by_order += part;
      quantity -= part;
    }
  }
  at.invoiced_ahead += quantity;
}

/// Takes it back: first what has not left yet, then from the last shipment on.
void unbill_whole_order(CompanyState& state, const Order& order, OrderLineState& at, std::uint16_t order_line,
                        std::int64_t quantity) {
  const std::int64_t ahead = std::min(quantity, at.invoiced_ahead);
  at.invoiced_ahead -= ahead, quantity -= ahead;
  for (auto id = order.shipments.rbegin(); id != order.shipments.rend() && quantity > 0; ++id) {
    std::vector<ShipmentLine>& lines = state.shipments.change(*id).lines;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      if (line->line != order_line) continue;
      const std::int64_t part = std::min(quantity, line->invoiced_by_order);
      line->invoiced_by_order -= part, quantity -= part;
    }
  }
  if (quantity != 0) throw BrokenHistory("order '" + order.id + "' gives back more than invoices on it billed");
}

/// Counts what an invoice bills (sign 1) or gives back (sign −1) on order and shipment.
void bill(CompanyState& state, const Invoice& invoice, Order* order, std::int64_t sign) {
  Shipment* shipment = invoice.shipment.empty() ? nullptr : &state.shipments.change(invoice.shipment);
  for (const BilledLine& line : invoice.billed) {
    if (line.order_line == 0) continue;
    if (!order || line.order_line > order->lines.size())
      throw BrokenHistory("invoice '" + invoice.id + "' bills a line that no order has");
    OrderLineState& at = order->lines[line.order_line - 1u];
    at.invoiced += sign * line.quantity;
    at.invoiced_net_minor += sign * line.net_minor;
    at.invoiced_cost_minor += sign * line.cost_minor.value_or(0);
    if (shipment) {
      bill_shipment(*shipment, line.order_line, sign * line.quantity);
      if (sign < 0) unbilled_takes_over(*shipment, at, line.order_line);
    } else if (sign > 0) {
      bill_whole_order(state, *order, at, line.order_line, line.quantity);
    } else {
      unbill_whole_order(state, *order, at, line.order_line, line.quantity);
    }
  }
  if (!order) return;
  if (invoice.freight_minor != 0) order->freight_invoiced = sign > 0;
  refresh_exposure(state, *order);
}

}  // namespace

const CashOnInvoice* cash_of(const Invoice& invoice, std::string_view receipt) {
  for (const CashOnInvoice& cash : invoice.cash)
    if (cash.receipt == receipt) return &cash;
  return nullptr;
}

void refresh_open_item(CompanyState& state, const Invoice& invoice) {
  const Customer* customer = state.customers.find(invoice.customer);
  if (!customer) throw BrokenHistory("invoice '" + invoice.id + "' of no customer");
  std::vector<std::string_view>& open = state.open_invoices[customer->id];
  const auto before = [&state](std::string_view id, std::uint32_t sequence) {
    return state.invoices.find(id)->sequence < sequence;
  };
  auto at = open.end();
  if (!open.empty() && !before(open.back(), invoice.sequence))
    at = std::lower_bound(open.begin(), open.end(), invoice.sequence, before);
  const bool listed = at != open.end() && *at == invoice.id;
  if (invoice.open_minor > 0 && !listed) open.insert(at, invoice.id);
  if (invoice.open_minor == 0 && listed) open.erase(at);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::InvoiceIssued& body) {
  Invoice& invoice = state.invoices.add(view(body.invoice()));
  Order* order = body.order() ? &state.orders.change(view(body.order())) : nullptr;
  invoice.version = event.stream_version();
  invoice.sequence = static_cast<std::uint32_t>(state.invoices.size());
  invoice.number = view(body.number());
  invoice.customer = view(body.dimensions()->customer());
  invoice.order = view(body.order());
  invoice.shipment = view(body.shipment());
  invoice.reference = view(body.reference());
  invoice.dimensions = order ? dimensions_from(*body.dimensions(), order->document->dimensions)
                             : dimensions_from(state, *body.dimensions());
  invoice.currency = body.currency();
  invoice.freight_minor = body.freight_minor(), invoice.freight_tax_minor = body.freight_tax_minor();
  invoice.net_minor = body.total_without_tax_minor(), invoice.tax_minor = body.tax_minor();
  invoice.total_minor = invoice.open_minor = body.total_with_tax_minor();
  invoice.issued_on = invoice.last_on = invoice.reopened_on = from_fb(*event.occurred_on());
  invoice.posted_on = from_fb(*event.posted_on());
  invoice.instalments.reserve(body.instalments()->size());
  for (const fb::Instalment* i : *body.instalments())
    invoice.instalments.push_back({from_fb(*i->due_date()), i->amount_minor(), i->amount_minor()});
  invoice.billed.reserve(body.lines()->size());
  for (const fb::InvoiceLine* line : *body.lines()) invoice.billed.push_back(billed_from(*line));

  state.numbers.add(invoice.number).invoice = invoice.id;
  count_number(state, "INV", invoice.number);
  bill(state, invoice, order, 1);
  change_exposure(state, invoice.customer, &Exposure::receivables_minor, invoice.total_minor);
  refresh_open_item(state, invoice);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::InvoiceReversed& body) {
  Invoice& invoice = state.invoices.change(view(body.invoice()));
  invoice.version = event.stream_version();
  invoice.credit_note = view(body.credit_note());
  invoice.last_on = std::max(invoice.last_on, from_fb(*event.occurred_on()));
  if (!O2C_BUG(reversal_keeps_exposure))
    change_exposure(state, invoice.customer, &Exposure::receivables_minor, -invoice.open_minor);
  invoice.open_minor = 0;
  for (Instalment& instalment : invoice.instalments) instalment.open_minor = 0;

  state.numbers.add(invoice.credit_note).invoice = invoice.id;
  count_number(state, "CN", invoice.credit_note);
  Order* order = invoice.order.empty() ? nullptr : &state.orders.change(invoice.order);
  if (order) order->last_on = std::max(order->last_on, invoice.last_on);
  bill(state, invoice, order, -1);
  refresh_open_item(state, invoice);
}

}  // namespace o2c
