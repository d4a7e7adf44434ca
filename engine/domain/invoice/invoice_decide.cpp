#include "engine/domain/decide.hpp"
#include "engine/domain/invoice/invoice_draft.hpp"
#include "engine/domain/pricing/pricing.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

constexpr std::size_t lines_max = 2000;

std::string at_line(std::size_t i, std::string_view field) { return fmt::format("/lines/{}/{}", i, field); }

/// Quantity of an order line that may stand on invoices: what was shipped, or what is ordered and not cancelled. Goods
/// that left may always be invoiced; those of an order on hold only when they left.
std::int64_t policy_quantity(const Order& order, std::size_t i, fb::InvoiceBasis basis) {
  const OrderLineState& line = order.lines[i];
  if (basis == fb::InvoiceBasis::shipped || order.holds != 0) return line.shipped;
  return std::max(line.shipped, order.ordered(i) - line.cancelled);
}

/// Bills `quantity` more of an order line: the cumulative share of its net less what is billed already, so that parts
/// sum to the whole however the order is split and whatever was reversed in between.
Verdict bill_part(const Order& order, std::size_t i, std::int64_t quantity, DraftLine& line) {
  const PricedLine& priced = order.document->lines[i];
  const OrderLineState& done = order.lines[i];
  const std::optional<std::int64_t> so_far = checked_add(done.invoiced, quantity);
  const bool alone = O2C_BUG(invoice_share_loses_rest);  // each part is rounded by itself
  const auto net = so_far ? scale(priced.net_minor, alone ? quantity : *so_far, priced.base_quantity) : std::nullopt;
  if (!net) return refuse(Refusal::number_range, "/order", fmt::format("value of line {}", i + 1));
  line = draft_line(order, static_cast<std::uint16_t>(i + 1));
  line.quantity = quantity;
  line.net_minor = std::max<std::int64_t>(0, *net - (alone ? 0 : done.invoiced_net_minor));
  if (priced.cost_minor) {
    const auto until = scale(*priced.cost_minor, *so_far, priced.base_quantity);
    if (!until) return refuse(Refusal::number_range, "/order", fmt::format("cost of line {}", i + 1));
    line.cost_minor = *until - done.invoiced_cost_minor;
  }
  return accept();
}

/// Quantities of a shipment that no invoice has yet, by order line. An invoice on the order may have billed beyond what left.
Verdict rest_of_shipment(const Order& order, const Shipment& shipment, fb::InvoiceBasis basis,
                         std::vector<std::int64_t>& wanted) {
  for (const ShipmentLine& line : shipment.lines) {
    if (line.line == 0 || line.line > wanted.size()) return refuse(Refusal::line_unknown, "/shipment", shipment.id);
    wanted[line.line - 1u] += line.to_invoice();
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::int64_t billable = policy_quantity(order, i, basis) - order.lines[i].invoiced;
    if (wanted[i] > 0 && wanted[i] > billable) {
      return refuse(Refusal::exceeds_billable, "/shipment",
                    fmt::format("line {}: {} of the shipment not invoiced, {} of the order left to invoice", i + 1,
                                format_trimmed(wanted[i], quantity_decimals),
                                format_trimmed(std::max<std::int64_t>(0, billable), quantity_decimals)));
    }
  }
  return accept();
}

/// Lines and freight of an invoice on an order or on one of its shipments.
Verdict draft_of_order(const CompanyState& state, const Context& context, const fb::IssueInvoice& command,
                       const Order& order, InvoiceDraft& draft) {
  const char* const place = draft.shipment ? "/shipment" : "/order";
  const Document& document = *order.document;
  draft.order = &order;
  draft.customer = state.customers.find(document.dimensions->customer);
  if (!draft.customer) return refuse(Refusal::customer_unknown, place, document.dimensions->customer);
  if (command.customer() && view(command.customer()) != draft.customer->id) {
    return refuse(Refusal::invalid_value, "/customer", fmt::format("the order is of {}", draft.customer->id));
  }
  draft.currency = document.currency;
  draft.dimensions = document.dimensions.get();
  if (order.status != OrderStatus::confirmed && order.status != OrderStatus::short_closed) {
    return refuse(Refusal::illegal_transition, place, fmt::format("order {} is {}", order.id, shown_status(order)));
  }
  const Date earliest = draft.shipment ? draft.shipment->shipped_on : order.last_on;
  if (Verdict v = day_of(state, context, command.occurred_on(), earliest, draft.day); !v) return v;

  std::vector<std::int64_t> wanted(order.lines.size(), 0);
  const fb::InvoiceBasis basis = rules_on(state.policies.invoice_rules, draft.day.occurred_on).basis;
  if (draft.shipment) {
    if (Verdict v = rest_of_shipment(order, *draft.shipment, basis, wanted); !v) return v;
  } else {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      wanted[i] = policy_quantity(order, i, basis) - order.lines[i].invoiced;
  }
  draft.lines.reserve(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] <= 0 || document.lines[i].base_quantity <= 0) continue;
    if (Verdict v = bill_part(order, i, wanted[i], draft.lines.emplace_back()); !v) return v;
  }
  if (draft.lines.empty())
    return refuse(Refusal::exceeds_billable, place, fmt::format("nothing of order {} is left to invoice", order.id));
  if (owes_freight(order)) {
    draft.freight_minor = document.freight_minor;
    draft.freight_tax_category = document.freight_tax_category;
    draft.freight_tax_ppm = document.freight_tax_ppm;
  }
  return accept();
}

/// quantity * price * (1 − discount) in minor units, rounded once; nothing when it does not fit.
std::optional<std::int64_t> net_of(std::int64_t quantity, std::int64_t price_micros, std::int32_t discount_ppm,
                                   Currency currency) {
  const auto value = checked_mul(static_cast<Int128>(quantity) * price_micros, one_ppm - discount_ppm);
  const auto minor = value ? checked_mul(*value, power_of_ten(minor_digits(currency))) : std::nullopt;
  return minor ? narrow(divide_half_up(*minor, power_of_ten(quantity_decimals + price_decimals + 6))) : std::nullopt;
}

/// Net of a manual line: given, or quantity * unit price less the discount.
Verdict manual_net(const fb::InvoiceLineRequest& request, std::size_t i, Currency currency, DraftLine& line) {
  const std::int32_t discount = request.discount() ? request.discount()->ppm() : 0;
  if ((request.net() != nullptr) == (request.unit_price() != nullptr))
    return refuse(Refusal::invalid_value, at_line(i, "net"), "either net or unit_price");
  if (discount < 0 || discount > one_ppm)
    return refuse(Refusal::invalid_value, at_line(i, "discount"), "0 to 100 percent");
  if (request.net()) {
    const Money net = Money::from(*request.net());
    if (net.currency != currency)
      return refuse(Refusal::currency_mismatch, at_line(i, "net"),
                    fmt::format("invoice is in {}", currency_code(currency)));
    if (discount != 0) return refuse(Refusal::invalid_value, at_line(i, "discount"), "a net is given after discount");
    if (!net.is_positive())
      return refuse(Refusal::invalid_value, at_line(i, "net"), format_money(net) + " is not above zero");
    line.net_minor = net.amount_minor;
    return accept();
  }
  line.unit_price_micros = request.unit_price()->micros();
  if (*line.unit_price_micros < 0) return refuse(Refusal::invalid_value, at_line(i, "unit_price"), "below zero");
  const auto net = net_of(line.quantity, *line.unit_price_micros, discount, currency);
  if (!net) return refuse(Refusal::number_range, at_line(i, "unit_price"), "quantity * unit price");
  if (*net <= 0) return refuse(Refusal::invalid_value, at_line(i, "unit_price"), "the line comes to 0");
  line.net_minor = *net;
  return accept();
}

Verdict manual_line(const CompanyState& state, const fb::InvoiceLineRequest& request, std::size_t i,
                    const InvoiceDraft& draft, DraftLine& line) {
  line.product = view(request.product());
  line.description = view(request.description());
  line.quantity = request.quantity() ? request.quantity()->millionths() : one_quantity;
  if (line.quantity <= 0) return refuse(Refusal::invalid_value, at_line(i, "quantity"), "not above zero");
  const Product* product = nullptr;
  if (!line.product.empty()) {
    product = state.products.find(line.product);
    if (!product) return refuse(Refusal::product_unknown, at_line(i, "product"), std::string(line.product));
    std::int64_t base = 0;
    if (Verdict v = to_base_quantity(*product, product->unit, line.quantity, base); !v)
      return refuse(v.code, at_line(i, "quantity"), v.detail);
  }
  if (Verdict v = manual_net(request, i, draft.currency, line); !v) return v;
  const std::string_view tax_class = request.tax_class() ? view(request.tax_class())
                                     : product           ? std::string_view{product->tax_class}
                                                         : "standard";
  TaxRate rate;
  if (Verdict v = tax_rate_on(state, draft.day.occurred_on, tax_class, draft.customer->sold_to.country, rate); !v) {
    return refuse(v.code, at_line(i, "tax_class"), v.detail);
  }
  line.tax_category = std::move(rate.category);
  line.tax_ppm = rate.ppm;
  if (product && product->unit_cost_micros && draft.currency == state.books().base_currency) {
    line.cost_minor = net_of(line.quantity, *product->unit_cost_micros, 0, draft.currency);
    if (!line.cost_minor) return refuse(Refusal::number_range, at_line(i, "quantity"), "quantity * unit cost");
  }
  return accept();
}

/// An invoice that no order stands behind.
Verdict draft_by_hand(const CompanyState& state, const Context& context, const fb::IssueInvoice& command,
                      InvoiceDraft& draft) {
  const auto& lines = *command.lines();
  if (lines.size() == 0 || lines.size() > lines_max)
    return refuse(Refusal::line_count, "/lines",
                  fmt::format("{} lines, 1 to {} are possible", lines.size(), lines_max));
  draft.customer = state.customers.find(view(command.customer()));
  if (!draft.customer) return refuse(Refusal::customer_unknown, "/customer", text(command.customer()));
  draft.currency = draft.customer->currency;
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, draft.day); !v) return v;
  draft.lines.resize(lines.size());
  for (flatbuffers::uoffset_t i = 0; i < lines.size(); ++i) {
    if (Verdict v = manual_line(state, *lines.Get(i), i, draft, draft.lines[i]); !v) return v;
  }
  draft.dimensions = draft.customer->dimensions.get();
  return accept();
}

/// When it is to be paid: one due date given, else the terms of the command, of the order, of the customer.
Verdict put_instalments(const CompanyState& state, const fb::IssueInvoice& command, InvoiceDraft& draft) {
  draft.payment_terms = command.payment_terms() ? view(command.payment_terms())
                        : draft.order           ? std::string_view{draft.order->document->payment_terms}
                                                : std::string_view{draft.customer->payment_terms};
  const std::optional<Date> due = date_in(command.due_date());
  if (due && !lies_ahead(*due, draft.day.occurred_on)) {
    return refuse(Refusal::date_range, "/due_date",
                  fmt::format("{}, issued on {}", format_date(*due), format_date(draft.day.occurred_on)));
  }
  if (due || draft.total_minor == 0) {
    if (command.payment_terms() && !draft.payment_terms.empty() &&
        !state.policies.payment_terms.contains(draft.payment_terms)) {
      return refuse(Refusal::terms_unknown, "/payment_terms", std::string(draft.payment_terms));
    }
    draft.instalments.push_back({due.value_or(draft.day.occurred_on), draft.total_minor, draft.total_minor});
    return accept();
  }
  Verdict v = instalments_of(state, draft.payment_terms, draft.day.occurred_on, draft.currency, draft.total_minor,
                             draft.instalments);
  if (!v) v.place = "/payment_terms";
  return v;
}

/// The legal number and the id of the invoice. A number is drawn only here, so a refusal leaves no gap.
Verdict put_number(const CompanyState& state, const fb::IssueInvoice& command, InvoiceDraft& draft) {
  if (command.number()) {
    draft.number = view(command.number());
    if (Verdict v = check_id(draft.number, "/number", "INV"); !v) return v;
    if (Verdict v = check_id(draft.number, "/number", "CN"); !v) return v;
    if (state.numbers.contains(draft.number)) return refuse(Refusal::invoice_exists, "/number", draft.number);
  } else {
    draft.number = next_number(state, "INV");
  }
  draft.id = command.invoice() ? view(command.invoice()) : std::string_view{draft.number};
  if (command.invoice()) {
    if (Verdict v = check_id(draft.id, "/invoice", "INV"); !v) return v;
    if (Verdict v = check_id(draft.id, "/invoice", "CN"); !v) return v;
  }
  if (state.invoices.contains(draft.id))
    return refuse(Refusal::invoice_exists, command.invoice() ? "/invoice" : "/number", draft.id);
  return accept();
}

/// Receivables are sums of 64 bits; a total that does not fit into them is refused here, not found out by evolve.
Verdict check_receivables(const CompanyState& state, const InvoiceDraft& draft) {
  const CreditGroup* group =
      draft.customer->credit_group.empty() ? nullptr : state.credit_groups.find(draft.customer->credit_group);
  if (!checked_add(draft.customer->exposure.receivables_minor, draft.total_minor) ||
      (group && !checked_add(group->exposure.receivables_minor, draft.total_minor))) {
    return refuse(Refusal::number_range, "/lines", "receivables of the customer");
  }
  return accept();
}

/// What an invoice billed of an order is owed by the order again.
Verdict check_order_again(const CompanyState& state, const Invoice& invoice) {
  const Order* order = invoice.order.empty() ? nullptr : state.orders.find(invoice.order);
  if (!order) return accept();
  const Customer& customer = *state.customers.find(invoice.customer);
  const CreditGroup* group = customer.credit_group.empty() ? nullptr : state.credit_groups.find(customer.credit_group);
  const std::int64_t most = order->document->total_minor();
  if (checked_add(customer.exposure.orders_minor, most) && (!group || checked_add(group->exposure.orders_minor, most)))
    return accept();
  return refuse(Refusal::number_range, "/invoice", "orders of the customer");
}

void add_issued(const fb::IssueInvoice& command, const InvoiceDraft& draft, Decision& decision) {
  flatbuffers::FlatBufferBuilder& b = decision.b;
  const std::string_view reference = command.reference() ? view(command.reference())
                                     : draft.order       ? std::string_view{draft.order->document->customer_reference}
                                                         : "";
  const auto attributes = command.attributes() ? attributes_to(b, attributes_from(command.attributes())) : 0;
  const auto id = b.CreateString(draft.id);
  const auto number = draft.number == draft.id ? id : b.CreateString(draft.number);
  const auto dimensions = dimensions_to(b, *draft.dimensions);
  const auto order = put(b, draft.order ? draft.order->id : std::string_view{});
  const auto shipment = put(b, draft.shipment ? draft.shipment->id : std::string_view{});
  const auto lines = lines_to(b, draft);
  const auto breakdown = breakdown_to(b, draft);
  const auto instalments = instalments_to(b, draft);
  const auto terms = put(b, draft.payment_terms);
  const auto reference_at = put(b, reference);
  const auto freight_category = put(b, draft.freight_tax_category);
  const fb::Percent freight_rate{draft.freight_tax_ppm};
  const auto body = fb::CreateInvoiceIssued(
      b, id, number, dimensions, draft.currency, order, shipment, lines, breakdown, draft.freight_minor,
      draft.net_minor, draft.tax_minor, draft.total_minor, instalments, terms, reference_at, attributes,
      freight_category, draft.freight_minor != 0 ? &freight_rate : nullptr, draft.freight_tax_minor);
  decision.add(fb::StreamType::invoice, draft.id, 0, draft.day.occurred_on, draft.day.posted_on, body);
  decision.answer(fb::StreamType::invoice, draft.id, draft.total_minor > 0 ? "open" : "paid");
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::IssueInvoice& command, Decision& decision) {
  if ((command.order() ? 1 : 0) + (command.shipment() ? 1 : 0) + (command.lines() ? 1 : 0) != 1) {
    return refuse(Refusal::invalid_value, "/order", "exactly one of order, shipment, lines");
  }
  InvoiceDraft draft;
  Verdict v;
  if (command.lines()) {
    v = draft_by_hand(state, context, command, draft);
  } else {
    if (command.shipment()) {
      draft.shipment = state.shipments.find(view(command.shipment()));
      if (!draft.shipment) return refuse(Refusal::shipment_unknown, "/shipment", text(command.shipment()));
    }
    const std::string_view id = draft.shipment ? std::string_view{draft.shipment->order} : view(command.order());
    const Order* order = state.orders.find(id);
    if (!order) return refuse(Refusal::order_unknown, "/order", std::string(id));
    v = draft_of_order(state, context, command, *order, draft);
  }
  if (!v) return v;
  if ((command.currency() != Currency::XXX && command.currency() != draft.currency) ||
      draft.currency != draft.customer->currency) {
    return refuse(Refusal::currency_mismatch, "/currency",
                  fmt::format("the customer's is {}", currency_code(draft.customer->currency)));
  }
  if (v = total_up(rules_on(state.policies.tax_rules, draft.day.occurred_on).rounding, draft); !v) return v;
  if (v = put_number(state, command, draft); !v) return v;
  if (v = put_instalments(state, command, draft); !v) return v;
  if (v = check_receivables(state, draft); !v) return v;
  add_issued(command, draft, decision);
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReverseInvoice& command,
               Decision& decision) {
  const Invoice* invoice = state.invoices.find(view(command.invoice()));
  if (!invoice) return refuse(Refusal::invoice_unknown, "/invoice", text(command.invoice()));
  if (view(command.reason()).empty()) return refuse(Refusal::invalid_value, "/reason", "a reversal needs a reason");
  if (invoice->reversed())
    return refuse(Refusal::already_done, "/invoice", fmt::format("reversed by {}", invoice->credit_note));
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), invoice->last_on, day); !v) return v;
  if (invoice->open_minor != invoice->total_minor) {
    return refuse(
        Refusal::has_applications, "/invoice",
        fmt::format("{} of {} are paid", format_amount(invoice->total_minor - invoice->open_minor, invoice->currency),
                    format_money({invoice->total_minor, invoice->currency})));
  }
  if (Verdict v = check_order_again(state, *invoice); !v) return v;
  const InvoiceDraft draft = draft_of(state, *invoice);
  flatbuffers::FlatBufferBuilder& b = decision.b;
  const auto id = b.CreateString(draft.id);
  const auto number = b.CreateString(next_number(state, "CN"));
  const auto reason = put(b, view(command.reason()));
  const auto dimensions = dimensions_to(b, *draft.dimensions);
  const auto order = put(b, invoice->order), shipment = put(b, invoice->shipment);
  const auto lines = lines_to(b, draft);
  const auto breakdown = breakdown_to(b, draft);
  const auto instalments = instalments_to(b, draft);
  const auto freight_category = put(b, draft.freight_tax_category);
  const fb::Percent freight_rate{draft.freight_tax_ppm};
  const fb::Date issued = to_fb(invoice->issued_on), posted = to_fb(invoice->posted_on);
  const auto body = fb::CreateInvoiceReversed(
      b, id, number, draft.total_minor, reason, dimensions, draft.currency, order, shipment, lines, breakdown,
      draft.freight_minor, freight_category, draft.freight_minor != 0 ? &freight_rate : nullptr,
      draft.freight_tax_minor, draft.net_minor, draft.tax_minor, instalments, &issued, &posted);
  decision.add(fb::StreamType::invoice, draft.id, invoice->version, day.occurred_on, day.posted_on, body);
  decision.answer(fb::StreamType::invoice, draft.id, "reversed");
  return accept();
}

}  // namespace o2c
