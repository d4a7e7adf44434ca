#include "engine/domain/invoice/invoice_draft.hpp"

#include <algorithm>
#include <tuple>

namespace o2c {
namespace {

/// Sums tax by category and rate, ascending: the breakdown of amounts that are fixed already.
void add_to_breakdown(std::vector<TaxTotal>& breakdown, std::string_view category, std::int32_t ppm, std::int64_t net,
                      std::int64_t tax) {
  const auto at = std::lower_bound(breakdown.begin(), breakdown.end(), std::tuple{category, ppm},
                                   [](const TaxTotal& total, const auto& key) {
                                     return std::tuple{std::string_view{total.category}, total.ppm} < key;
                                   });
  if (at != breakdown.end() && at->category == category && at->ppm == ppm)
    at->taxable_minor += net, at->tax_minor += tax;
  else breakdown.insert(at, {std::string(category), ppm, net, tax});
}

}  // namespace

DraftLine draft_line(const Order& order, std::uint16_t order_line) {
  const PricedLine& priced = order.document->lines.at(order_line - 1u);
  DraftLine line;
  line.order_line = order_line;
  line.product = priced.product;
  if (priced.quantity == priced.base_quantity) line.unit_price_micros = priced.unit_price_micros;
  line.tax_category = priced.tax_category;
  line.tax_ppm = priced.tax_ppm;
  return line;
}

Verdict total_up(fb::TaxRounding rounding, InvoiceDraft& draft) {
  std::vector<TaxableLine> taxable;
  taxable.reserve(draft.lines.size() + 1);
  std::optional<std::int64_t> net = draft.freight_minor;
  for (const DraftLine& line : draft.lines) {
    taxable.push_back({line.tax_category, line.tax_ppm, line.net_minor, 0});
    if (net) net = checked_add(*net, line.net_minor);
  }
  if (draft.freight_minor != 0)
    taxable.push_back({draft.freight_tax_category, draft.freight_tax_ppm, draft.freight_minor, 0});
  if (!net) return refuse(Refusal::number_range, "/lines", "total without tax");
  draft.net_minor = *net;
  draft.breakdown = apply_tax(rounding, taxable);
  for (std::size_t i = 0; i < draft.lines.size(); ++i) draft.lines[i].tax_minor = taxable[i].tax_minor;
  if (draft.freight_minor != 0) draft.freight_tax_minor = taxable.back().tax_minor;
  std::optional<std::int64_t> tax = 0;
  for (const TaxTotal& total : draft.breakdown) tax = tax ? checked_add(*tax, total.tax_minor) : tax;
  const auto sum = tax ? checked_add(*net, *tax) : std::nullopt;
  if (!sum) return refuse(Refusal::number_range, "/lines", "total with tax");
  draft.tax_minor = *tax;
  draft.total_minor = *sum;
  return accept();
}

InvoiceDraft draft_of(const CompanyState& state, const Invoice& invoice) {
  InvoiceDraft draft;
  draft.id = invoice.id;
  draft.number = invoice.number;
  draft.order = invoice.order.empty() ? nullptr : state.orders.find(invoice.order);
  draft.dimensions = invoice.dimensions.get();
  draft.currency = invoice.currency;
  draft.net_minor = invoice.net_minor, draft.tax_minor = invoice.tax_minor, draft.total_minor = invoice.total_minor;
  draft.freight_minor = invoice.freight_minor, draft.freight_tax_minor = invoice.freight_tax_minor;
  draft.instalments = invoice.instalments;
  draft.lines.reserve(invoice.billed.size());
  for (const BilledLine& billed : invoice.billed) {
    DraftLine& line = draft.lines.emplace_back();
    if (billed.manual) {
      const ManualPart& manual = *billed.manual;
      line.product = manual.product, line.description = manual.description,
      line.unit_price_micros = manual.unit_price_micros;
      line.tax_category = manual.tax_category, line.tax_ppm = manual.tax_ppm;
    } else {
      line = draft_line(*draft.order, billed.order_line);
    }
    line.quantity = billed.quantity, line.net_minor = billed.net_minor, line.tax_minor = billed.tax_minor,
    line.cost_minor = billed.cost_minor;
    add_to_breakdown(draft.breakdown, line.tax_category, line.tax_ppm, line.net_minor, line.tax_minor);
  }
  if (draft.freight_minor != 0) {
    draft.freight_tax_category = draft.order->document->freight_tax_category;
    draft.freight_tax_ppm = draft.order->document->freight_tax_ppm;
    add_to_breakdown(draft.breakdown, draft.freight_tax_category, draft.freight_tax_ppm, draft.freight_minor,
                     draft.freight_tax_minor);
  }
  return draft;
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::InvoiceLine>>> lines_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft) {
  std::vector<flatbuffers::Offset<fb::InvoiceLine>> lines;
  lines.reserve(draft.lines.size());
  flatbuffers::Offset<flatbuffers::String>
      category;  // most invoices have one; it is written once as long as it does not change
  std::string_view written;
  for (const DraftLine& line : draft.lines) {
    if (category.IsNull() || line.tax_category != written)
      category = b.CreateString(line.tax_category), written = line.tax_category;
    const auto product = put(b, line.product), description = put(b, line.description);
    const fb::Quantity quantity{line.quantity};
    const fb::UnitPrice price{line.unit_price_micros.value_or(0)};
    const fb::Percent rate{line.tax_ppm};
    fb::InvoiceLineBuilder out(b);
    out.add_net_minor(line.net_minor);
    out.add_tax_minor(line.tax_minor);
    if (line.cost_minor) out.add_cost_minor(*line.cost_minor);
    out.add_quantity(&quantity);
    if (line.unit_price_micros) out.add_unit_price(&price);
    out.add_product(product);
    out.add_description(description);
    out.add_tax_category(category);
    out.add_tax_rate(&rate);
    out.add_line(static_cast<std::uint16_t>(lines.size() + 1));
    out.add_order_line(line.order_line);
    lines.push_back(out.Finish());
  }
  return b.CreateVector(lines);
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::TaxBreakdown>>> breakdown_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft) {
  std::vector<flatbuffers::Offset<fb::TaxBreakdown>> rows;
  rows.reserve(draft.breakdown.size());
  for (const TaxTotal& total : draft.breakdown) {
    const fb::Percent rate{total.ppm};
    rows.push_back(
        fb::CreateTaxBreakdown(b, b.CreateString(total.category), &rate, total.taxable_minor, total.tax_minor));
  }
  return b.CreateVector(rows);
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Instalment>>> instalments_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft) {
  std::vector<flatbuffers::Offset<fb::Instalment>> rows;
  rows.reserve(draft.instalments.size());
  for (const Instalment& instalment : draft.instalments) {
    const fb::Date due = to_fb(instalment.due_date);
    rows.push_back(fb::CreateInstalment(b, &due, instalment.amount_minor));
  }
  return b.CreateVector(rows);
}

}  // namespace o2c
