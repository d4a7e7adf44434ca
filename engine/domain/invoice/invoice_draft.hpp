#pragma once
#include "engine/domain/pricing/pricing.hpp"

namespace o2c {

/// A line of an invoice or credit note on its way into an event. Views last as long as the state and the command.
struct DraftLine {
  std::uint16_t order_line = 0;  // 0: manual
  std::string_view product, description;
  std::int64_t quantity = 0;  // base units, millionths
  std::optional<std::int64_t> unit_price_micros;
  std::int64_t net_minor = 0, tax_minor = 0;
  std::string tax_category;
  std::int32_t tax_ppm = 0;
  std::optional<std::int64_t> cost_minor;
};

/// An invoice as it takes shape: filled by the decider, written once.
struct InvoiceDraft {
  std::string id, number;
  const Customer* customer = nullptr;
  const Order* order = nullptr;
  const Shipment* shipment = nullptr;
  const Dimensions* dimensions = nullptr;
  Currency currency = Currency::XXX;
  Day day;
  std::vector<DraftLine> lines;
  std::int64_t freight_minor = 0, freight_tax_minor = 0;
  std::string_view freight_tax_category;
  std::int32_t freight_tax_ppm = 0;
  std::vector<TaxTotal> breakdown;                             // by category and rate ascending
  std::int64_t net_minor = 0, tax_minor = 0, total_minor = 0;  // BT-109, BT-110, BT-112; net includes freight
  std::string_view payment_terms;
  std::vector<Instalment> instalments;
};

/// What the order's document says about one of its lines; quantity and amounts are still to come. The unit price shows
/// only where the order counts in base units, as the invoice does.
DraftLine draft_line(const Order& order, std::uint16_t order_line);

/// Tax of lines and freight, breakdown and totals (I20 to I26), all checked.
Verdict total_up(fb::TaxRounding rounding, InvoiceDraft& draft);

/// An issued invoice again, with everything that its credit note repeats.
InvoiceDraft draft_of(const CompanyState& state, const Invoice& invoice);

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::InvoiceLine>>> lines_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft);
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::TaxBreakdown>>> breakdown_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft);
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Instalment>>> instalments_to(
    flatbuffers::FlatBufferBuilder& b, const InvoiceDraft& draft);

}  // namespace o2c
