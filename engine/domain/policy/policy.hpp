#pragma once
#include "engine/domain/archive.hpp"

namespace o2c {

struct PriceRow {
  std::uint32_t row = 0;          // index in the list as published, for messages
  std::string product, unit;      // unit empty: base unit
  std::int64_t min_quantity = 0;  // millionths of the row's unit
  std::int64_t price_micros = 0;
  std::optional<Date> from, until;
  template <class A> friend void archive(A& a, PriceRow& x) {
    a(x.row, x.product, x.unit, x.min_quantity, x.price_micros, x.from, x.until);
  }
};
struct PriceList {
  Currency currency = Currency::XXX;
  std::string customer, grade;
  std::vector<PriceRow> rows;  // by product, then as published
  template <class A> friend void archive(A& a, PriceList& x) { a(x.currency, x.customer, x.grade, x.rows); }
};

struct TermsRow {
  std::optional<std::int32_t> ppm;
  std::optional<Money> amount;
  std::uint16_t months = 0, days = 0, days_after = 0;
  bool end_of_month = false;
  template <class A> friend void archive(A& a, TermsRow& x) {
    a(x.ppm, x.amount, x.months, x.days, x.days_after, x.end_of_month);
  }
};
struct PaymentTerms {
  std::vector<TermsRow> rows;
  template <class A> friend void archive(A& a, PaymentTerms& x) { a(x.rows); }
};

struct TaxRow {
  std::string tax_class, country, category;
  std::int32_t ppm = 0;
  std::optional<Date> from;
  template <class A> friend void archive(A& a, TaxRow& x) { a(x.tax_class, x.country, x.category, x.ppm, x.from); }
};
struct TaxRules {
  std::vector<TaxRow> rows;
  fb::TaxRounding rounding = fb::TaxRounding::category;
  template <class A> friend void archive(A& a, TaxRules& x) { a(x.rows, x.rounding); }
};

struct CreditRules {
  fb::OverLimit over_limit = fb::OverLimit::hold;
  bool drafts_count = false, check_at_shipment = true;
  template <class A> friend void archive(A& a, CreditRules& x) { a(x.over_limit, x.drafts_count, x.check_at_shipment); }
};
struct StockRules {
  fb::WhenShort when_short = fb::WhenShort::backorder;
  std::uint16_t reservation_days = 0;
  std::vector<std::string> places;
  std::int32_t over_delivery_ppm = 0;
  template <class A> friend void archive(A& a, StockRules& x) {
    a(x.when_short, x.reservation_days, x.places, x.over_delivery_ppm);
  }
};
struct GradeDiscount {
  std::string grade;
  std::int32_t ppm = 0;
  template <class A> friend void archive(A& a, GradeDiscount& x) { a(x.grade, x.ppm); }
};
struct QuantityBreak {
  std::string product;  // empty: every product
  std::int64_t min_quantity = 0;
  std::int32_t ppm = 0;
  template <class A> friend void archive(A& a, QuantityBreak& x) { a(x.product, x.min_quantity, x.ppm); }
};
struct DiscountRules {
  std::vector<GradeDiscount> grades;
  std::vector<QuantityBreak> quantity_breaks;
  template <class A> friend void archive(A& a, DiscountRules& x) { a(x.grades, x.quantity_breaks); }
};
struct ApprovalRules {
  std::string role;
  std::optional<Money> total_from;
  std::optional<std::int32_t> discount_from_ppm, margin_below_ppm;
  template <class A> friend void archive(A& a, ApprovalRules& x) {
    a(x.role, x.total_from, x.discount_from_ppm, x.margin_below_ppm);
  }
};
struct InvoiceRules {
  fb::InvoiceBasis basis = fb::InvoiceBasis::shipped;
  bool receipt_needs_invoice = false;
  template <class A> friend void archive(A& a, InvoiceRules& x) { a(x.basis, x.receipt_needs_invoice); }
};
struct RatingRow {
  std::string rating;
  std::optional<std::int32_t> margin_from_ppm;
  std::optional<Money> value_from;
  std::optional<std::uint32_t> days_until, days_over;
  template <class A> friend void archive(A& a, RatingRow& x) {
    a(x.rating, x.margin_from_ppm, x.value_from, x.days_until, x.days_over);
  }
};
struct RatingRules {
  std::vector<RatingRow> rows;
  template <class A> friend void archive(A& a, RatingRules& x) { a(x.rows); }
};

/// A published version. id in the table: "name"; effective on its day and later, until a later day's version takes over.
template <class T> struct PolicyVersion {
  std::uint32_t version = 0;
  Date effective_from;
  T content;
  template <class A> friend void archive(A& a, PolicyVersion& x) { a(x.version, x.effective_from, x.content); }
};
template <class T> struct PolicyHistory {
  std::string id;                          // the policy's name
  std::vector<PolicyVersion<T>> versions;  // as published
  /// The version in force on a day: latest effective_from <= day, among equals the last published. Null: none.
  const PolicyVersion<T>* on(Date day) const {
    const PolicyVersion<T>* best = nullptr;
    for (const auto& v : versions) {
      if (v.effective_from <= day && (!best || v.effective_from >= best->effective_from)) best = &v;
    }
    return best;
  }
  template <class A> friend void archive(A& a, PolicyHistory& x) { a(x.id, x.versions); }
};

/// All policies of a company by kind and name. The rules without a choice of name are published as "default".
struct Policies {
  IdTable<PolicyHistory<PriceList>> price_lists;
  IdTable<PolicyHistory<PaymentTerms>> payment_terms;
  IdTable<PolicyHistory<TaxRules>> tax_rules;
  IdTable<PolicyHistory<CreditRules>> credit_rules;
  IdTable<PolicyHistory<StockRules>> stock_rules;
  IdTable<PolicyHistory<DiscountRules>> discount_rules;
  IdTable<PolicyHistory<ApprovalRules>> approval_rules;  // each name is a level, all are checked
  IdTable<PolicyHistory<InvoiceRules>> invoice_rules;
  IdTable<PolicyHistory<RatingRules>> rating_rules;
};

// Every kind: type, its table, its name in stream ids ("tax_rules/default"), in places of refusals and in what a document used; whether
// several policies of the kind live side by side under names of their own (the other kinds know "default" only).
// clang-format off
#define O2C_POLICIES(X) \
  X(PriceList, price_lists, "price_list", true) X(PaymentTerms, payment_terms, "payment_terms", true) \
  X(TaxRules, tax_rules, "tax_rules", false) X(CreditRules, credit_rules, "credit_rules", false) \
  X(StockRules, stock_rules, "stock_rules", false) X(DiscountRules, discount_rules, "discount_rules", false) \
  X(ApprovalRules, approval_rules, "approval_rules", true) X(InvoiceRules, invoice_rules, "invoice_rules", false) \
  X(RatingRules, rating_rules, "rating_rules", false)
// clang-format on

template <class T> struct PolicyKind;
#define O2C_POLICY(Type, member, kind, names)                      \
  template <> struct PolicyKind<Type> {                            \
    static constexpr std::string_view name = kind;                 \
    static constexpr bool has_names = names;                       \
    static auto& table(auto& policies) { return policies.member; } \
  };                                                               \
  Type content_from(const fb::Type& data);                         \
  flatbuffers::Offset<fb::Type> content_to(flatbuffers::FlatBufferBuilder& b, const Type& content);
/// Stored form to form in memory and back. Price rows are sorted by product in memory; going back restores the published order.
O2C_POLICIES(O2C_POLICY)
#undef O2C_POLICY

/// "tax_rules/default@3": which version a decision used.
template <class T> std::string version_name(const PolicyHistory<T>& history, const PolicyVersion<T>& version) {
  std::string name;
  name.reserve(PolicyKind<T>::name.size() + history.id.size() + 12);
  return name.append(PolicyKind<T>::name)
      .append("/")
      .append(history.id)
      .append("@")
      .append(std::to_string(version.version));
}

/// "default" of a kind on a day, or the kind's own defaults when nothing is published.
template <class T> const T& rules_on(const IdTable<PolicyHistory<T>>& table, Date day) {
  static const T none{};
  const PolicyHistory<T>* history = table.find("default");
  const PolicyVersion<T>* version = history ? history->on(day) : nullptr;
  return version ? version->content : none;
}

}  // namespace o2c
