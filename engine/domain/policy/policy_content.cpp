#include <algorithm>

#include "engine/domain/decision.hpp"

namespace o2c {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

std::optional<std::int32_t> ppm_in(const fb::Percent* percent) {
  return percent ? std::optional{percent->ppm()} : std::nullopt;
}
std::optional<Money> money_in(const fb::Money* money) {
  return money ? std::optional{Money::from(*money)} : std::nullopt;
}

/// An optional value as the builders want it: a pointer to its stored form, or null.
template <class Stored> class Maybe {
 public:
  explicit Maybe(std::optional<Stored> value) : value_(value) {}
  operator const Stored*() const { return value_ ? &*value_ : nullptr; }

 private:
  std::optional<Stored> value_;
};
Maybe<fb::Percent> maybe(std::optional<std::int32_t> ppm) {
  return Maybe{ppm ? std::optional{fb::Percent{*ppm}} : std::nullopt};
}
Maybe<fb::Money> maybe(const std::optional<Money>& money) {
  return Maybe{money ? std::optional{money->to_fb()} : std::nullopt};
}
Maybe<fb::Date> maybe(const std::optional<Date>& date) {
  return Maybe{date ? std::optional{to_fb(*date)} : std::nullopt};
}
Maybe<fb::Quantity> maybe_quantity(std::int64_t millionths) {
  return Maybe{millionths != 0 ? std::optional{fb::Quantity{millionths}} : std::nullopt};
}

}  // namespace

PriceList content_from(const fb::PriceList& data) {
  PriceList list{data.currency(), text(data.customer()), text(data.grade()), {}};
  list.rows.reserve(data.rows()->size());
  for (const fb::PriceRow* r : *data.rows()) {
    list.rows.push_back({static_cast<std::uint32_t>(list.rows.size()), text(r->product()), text(r->unit()),
                         r->min_quantity() ? r->min_quantity()->millionths() : 0, r->price()->micros(),
                         date_in(r->from()), date_in(r->until())});
  }
  std::ranges::stable_sort(list.rows, {}, &PriceRow::product);
  return list;
}

flatbuffers::Offset<fb::PriceList> content_to(Builder& b, const PriceList& list) {
  std::vector<flatbuffers::Offset<fb::PriceRow>> rows(list.rows.size());
  for (const PriceRow& r : list.rows) {
    const auto product = b.CreateString(r.product), unit = put(b, r.unit);
    const fb::UnitPrice price{r.price_micros};
    rows[r.row] =
        fb::CreatePriceRow(b, product, unit, maybe_quantity(r.min_quantity), &price, maybe(r.from), maybe(r.until));
  }
  const auto customer = put(b, list.customer), grade = put(b, list.grade);
  return fb::CreatePriceList(b, list.currency, customer, grade, b.CreateVector(rows));
}

PaymentTerms content_from(const fb::PaymentTerms& data) {
  PaymentTerms terms;
  for (const fb::TermsRow* r : *data.rows()) {
    terms.rows.push_back(
        {ppm_in(r->percent()), money_in(r->amount()), r->months(), r->days(), r->days_after(), r->end_of_month()});
  }
  return terms;
}

flatbuffers::Offset<fb::PaymentTerms> content_to(Builder& b, const PaymentTerms& terms) {
  std::vector<flatbuffers::Offset<fb::TermsRow>> rows;
  rows.reserve(terms.rows.size());
  for (const TermsRow& r : terms.rows)
    rows.push_back(
        fb::CreateTermsRow(b, maybe(r.ppm), maybe(r.amount), r.months, r.days, r.end_of_month, r.days_after));
  return fb::CreatePaymentTerms(b, b.CreateVector(rows));
}

TaxRules content_from(const fb::TaxRules& data) {
  TaxRules rules;
  rules.rounding = data.rounding();
  for (const fb::TaxRow* r : *data.rows()) {
    rules.rows.push_back(
        {text(r->tax_class()), text(r->country()), text(r->category()), r->rate()->ppm(), date_in(r->from())});
  }
  return rules;
}

flatbuffers::Offset<fb::TaxRules> content_to(Builder& b, const TaxRules& rules) {
  std::vector<flatbuffers::Offset<fb::TaxRow>> rows;
  for (const TaxRow& r : rules.rows) {
    const auto tax_class = b.CreateString(r.tax_class), country = put(b, r.country),
               category = b.CreateString(r.category);
    const fb::Percent rate{r.ppm};
    rows.push_back(fb::CreateTaxRow(b, tax_class, country, category, &rate, maybe(r.from)));
  }
  return fb::CreateTaxRules(b, b.CreateVector(rows), rules.rounding);
}

CreditRules content_from(const fb::CreditRules& data) {
  return {data.over_limit(), data.drafts_count(), data.check_at_shipment()};
}
flatbuffers::Offset<fb::CreditRules> content_to(Builder& b, const CreditRules& r) {
  return fb::CreateCreditRules(b, r.over_limit, r.drafts_count, r.check_at_shipment);
}

StockRules content_from(const fb::StockRules& data) {
  StockRules rules{data.when_short(), data.reservation_days(), {}, ppm_in(data.over_delivery()).value_or(0)};
  if (data.places()) {
    for (const flatbuffers::String* place : *data.places()) rules.places.push_back(text(place));
  }
  return rules;
}

flatbuffers::Offset<fb::StockRules> content_to(Builder& b, const StockRules& r) {
  std::vector<flatbuffers::Offset<flatbuffers::String>> places;
  places.reserve(r.places.size());
  for (const std::string& place : r.places) places.push_back(b.CreateString(place));
  const fb::Percent over{r.over_delivery_ppm};
  return fb::CreateStockRules(b, r.when_short, r.reservation_days, b.CreateVector(places), &over);
}

DiscountRules content_from(const fb::DiscountRules& data) {
  DiscountRules rules;
  if (data.grades()) {
    for (const fb::GradeDiscount* g : *data.grades()) rules.grades.push_back({text(g->grade()), g->percent()->ppm()});
  }
  if (data.quantity_breaks()) {
    for (const fb::QuantityBreak* q : *data.quantity_breaks()) {
      rules.quantity_breaks.push_back({text(q->product()), q->min_quantity()->millionths(), q->percent()->ppm()});
    }
  }
  return rules;
}

flatbuffers::Offset<fb::DiscountRules> content_to(Builder& b, const DiscountRules& rules) {
  std::vector<flatbuffers::Offset<fb::GradeDiscount>> grades;
  for (const GradeDiscount& g : rules.grades) {
    const fb::Percent percent{g.ppm};
    grades.push_back(fb::CreateGradeDiscount(b, b.CreateString(g.grade), &percent));
  }
  std::vector<flatbuffers::Offset<fb::QuantityBreak>> breaks;
  for (const QuantityBreak& q : rules.quantity_breaks) {
    const fb::Percent percent{q.ppm};
    const fb::Quantity minimum{q.min_quantity};
    breaks.push_back(fb::CreateQuantityBreak(b, put(b, q.product), &minimum, &percent));
  }
  const auto grade_list = b.CreateVector(grades);
  return fb::CreateDiscountRules(b, grade_list, b.CreateVector(breaks));
}

ApprovalRules content_from(const fb::ApprovalRules& data) {
  return {text(data.role()), money_in(data.total_from()), ppm_in(data.discount_from()), ppm_in(data.margin_below())};
}
flatbuffers::Offset<fb::ApprovalRules> content_to(Builder& b, const ApprovalRules& r) {
  return fb::CreateApprovalRules(b, b.CreateString(r.role), maybe(r.total_from), maybe(r.discount_from_ppm),
                                 maybe(r.margin_below_ppm));
}

InvoiceRules content_from(const fb::InvoiceRules& data) { return {data.basis(), data.receipt_needs_invoice()}; }
flatbuffers::Offset<fb::InvoiceRules> content_to(Builder& b, const InvoiceRules& r) {
  return fb::CreateInvoiceRules(b, r.basis, r.receipt_needs_invoice);
}

RatingRules content_from(const fb::RatingRules& data) {
  RatingRules rules;
  for (const fb::RatingRow* r : *data.rows()) {
    rules.rows.push_back(
        {text(r->rating()), ppm_in(r->margin_from()), money_in(r->value_from()), r->days_until(), r->days_over()});
  }
  return rules;
}

flatbuffers::Offset<fb::RatingRules> content_to(Builder& b, const RatingRules& rules) {
  std::vector<flatbuffers::Offset<fb::RatingRow>> rows;
  rows.reserve(rules.rows.size());
  for (const RatingRow& r : rules.rows) {
    rows.push_back(fb::CreateRatingRow(b, b.CreateString(r.rating), maybe(r.margin_from_ppm), maybe(r.value_from),
                                       r.days_until, r.days_over));
  }
  return fb::CreateRatingRules(b, b.CreateVector(rows));
}

}  // namespace o2c
