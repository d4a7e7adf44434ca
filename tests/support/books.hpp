#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>

#include "engine/domain/decide.hpp"

// Given, when, then on the books of one company, without journal or runtime:
//   Books books;
//   books.given(register_customer({.id = "C-1"}), register_product({.id = "P-1"}));
//   const Done quote = books.when(create_quote({.customer = "C-1", .lines = {{.product = "P-1", .quantity = "3", .price = "10"}}}));
//   EXPECT_EQ(quote.event<fb::QuoteCreated>().document()->net_minor(), 30'00);
namespace o2c::test {

// Values, written as people write them.
inline Date day(std::string_view text) { return parse_date(text).value(); }
inline std::int64_t millionths(std::string_view text) { return parse_decimal(text, 6).value(); }
inline std::int32_t ppm(std::string_view percent) {
  return static_cast<std::int32_t>(parse_decimal(percent, percent_decimals).value());
}
inline Money money(std::string_view amount, Currency currency) {
  return {parse_decimal(amount, minor_digits(currency)).value(), currency};
}
inline Money cny(std::string_view amount) { return money(amount, Currency::CNY); }

/// A command to be: its type and how its body is built.
struct Wish {
  fb::CommandBody type = fb::CommandBody::NONE;
  std::function<flatbuffers::Offset<void>(flatbuffers::FlatBufferBuilder&)> build;
  std::optional<std::uint32_t> expected_version;
  Wish expecting(std::uint32_t version) const { return {type, build, version}; }
};
template <class T> T body_of(flatbuffers::Offset<T>);
/// wish([](auto& b) { return fb::CreateSendQuote(b, put(b, "QU-1")); })
template <class F> Wish wish(F build) {
  using Body = decltype(body_of(build(std::declval<flatbuffers::FlatBufferBuilder&>())));
  return {fb::CommandBodyTraits<Body>::enum_value,
          [build](flatbuffers::FlatBufferBuilder& b) { return build(b).Union(); }, std::nullopt};
}

/// What came of a command. The events live as long as the Books.
struct Done {
  Verdict verdict;
  std::vector<const fb::Event*> events;
  std::string id, status;  // of the answer

  Refusal code() const { return verdict.code; }
  template <class T> const T* find() const {
    for (const fb::Event* e : events)
      if (e->body_type() == fb::EventBodyTraits<T>::enum_value) return static_cast<const T*>(e->body());
    return nullptr;
  }
  template <class T> const T& event() const {
    const T* found = find<T>();
    if (!found)
      throw std::runtime_error(
          fmt::format("no such event; {} {} {}", refusal_name(code()), verdict.place, verdict.detail));
    return *found;
  }
  /// "QuoteAccepted OrderCreated": what happened, in order.
  std::string story() const {
    std::string out;
    for (const fb::Event* e : events)
      out += (out.empty() ? "" : " ") + std::string(fb::EnumNameEventBody(e->body_type()));
    return out;
  }
};

/// All rows of a state, as bytes: equal states have equal bytes.
std::string state_bytes(const CompanyState& state);

/// One company, opened 2026-01-01 in CNY, with tax 13 % and terms NET30. Every decision is verified, folded from its bytes, and at the end the
/// whole history is folded again: the same state must come out, and must survive a checkpoint.
class Books {
 public:
  struct Empty {};
  explicit Books(Empty) {}
  Books();
  ~Books();
  Books(const Books&) = delete;
  Books& operator=(const Books&) = delete;

  Books& as(std::string actor) {
    actor_ = std::move(actor);
    return *this;
  }
  Books& on(std::string_view today) {
    today_ = day(today);
    return *this;
  }
  Date today() const { return today_; }
  const CompanyState& state() const { return state_; }
  /// What each accepted command left, in order.
  const std::deque<flatbuffers::DetachedBuffer>& entries() const { return entries_; }
  /// Folds the history once more, into a state that a test may change.
  void copy_to(CompanyState& state) const;

  /// Each must be accepted.
  template <class... W> Books& given(const W&... wishes) {
    (expect_accepted(when(wishes)), ...);
    return *this;
  }
  Done when(const Wish& wish);

 private:
  static void expect_accepted(const Done& done) {
    EXPECT_TRUE(done.verdict) << refusal_name(done.code()) << " " << done.verdict.place << ": " << done.verdict.detail;
  }
  void check_replay() const;

  CompanyState state_;
  std::deque<flatbuffers::DetachedBuffer> entries_;
  std::string actor_ = "clerk";
  Date today_ = day("2026-01-05");
  std::int64_t now_ = 0;
};

// Commands. Every spec has defaults, so that a test names only what it is about.

struct AddressSpec {
  std::string name{}, street{}, city{}, region{}, postal_code{}, country = "CN";
};
struct CustomerSpec {
  std::string id = "C-1", name = "Customer";
  Currency currency = Currency::CNY;
  std::string terms = "NET30", grade{};
  std::optional<Money> credit_limit{};
  std::string credit_group{}, seller = "S-1", team = "T-1", region = "R-1", payer{};
  AddressSpec sold_to{};
  std::vector<AddressSpec> ship_to{};
};
struct ConversionSpec {
  std::string unit{};
  std::uint64_t numerator = 1, denominator = 1;
};
struct ProductSpec {
  std::string id = "P-1", name = "Product", category{}, unit = "pcs";
  std::uint8_t decimals = 0;
  std::vector<ConversionSpec> conversions{};
  std::string tax_class{}, cost{};
};
struct LineSpec {
  std::string product = "P-1", quantity = "1", price{}, unit{}, discount{}, place{};  // empty: absent
  std::uint16_t ship_to = 0;
};
struct DocumentSpec {
  std::string customer = "C-1";
  std::vector<LineSpec> lines = {LineSpec{}};
  std::optional<Money> header_discount{}, freight{};
  std::string header_percent{}, terms{}, seller{};
  Currency currency = Currency::XXX;
  std::vector<AddressSpec> ship_to{};
};

using Builder = flatbuffers::FlatBufferBuilder;

inline std::optional<fb::Date> fb_day(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{to_fb(day(text))};
}
inline std::optional<fb::Percent> fb_percent(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{fb::Percent{ppm(text)}};
}
inline std::optional<fb::UnitPrice> fb_price(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{fb::UnitPrice{millionths(text)}};
}
inline std::optional<fb::Quantity> fb_quantity(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{fb::Quantity{millionths(text)}};
}
inline std::optional<fb::Money> fb_money(const std::optional<Money>& m) {
  return m ? std::optional{m->to_fb()} : std::nullopt;
}
template <class T> const T* pointer(const std::optional<T>& value) { return value ? &*value : nullptr; }

flatbuffers::Offset<fb::Address> build(Builder& b, const AddressSpec& a);
flatbuffers::Offset<fb::CustomerData> build(Builder& b, const CustomerSpec& c);
Wish register_customer(const CustomerSpec& c);
Wish change_customer(const CustomerSpec& c);
Wish set_credit_group(const std::string& id, Money limit);
flatbuffers::Offset<fb::ProductData> build(Builder& b, const ProductSpec& p);
Wish register_product(const ProductSpec& p);
Wish create_mark(const std::string& name);

Wish change_product(const ProductSpec& p);

Wish register_user(const std::string& id, const std::vector<std::string>& roles,
                   const std::optional<Money>& limit = {});

Wish open_company(Currency currency = Currency::CNY, std::string_view opened_on = "2026-01-01");
Wish close_period(std::string_view until);

/// publish("default", [](Builder& b) { return fb::CreateStockRules(b, fb::WhenShort::refuse); })
template <class F> Wish publish(const std::string& name, F policy, std::string_view from = "2026-01-01") {
  using Body = decltype(body_of(policy(std::declval<Builder&>())));
  return wish([=, on = day(from)](Builder& b) {
    const fb::Date effective = to_fb(on);
    const auto body = policy(b).Union();
    return fb::CreatePublishPolicy(b, b.CreateString(name), &effective, fb::PolicyBodyTraits<Body>::enum_value, body);
  });
}

struct TaxSpec {
  std::string tax_class = "standard", rate = "13", country{}, category = "S", from{};
};
Wish publish_tax(const std::vector<TaxSpec>& rows, fb::TaxRounding rounding = fb::TaxRounding::category,
                 std::string_view from = "2026-01-01");
/// percent and amount empty: the balance.
struct TermsSpec {
  std::string percent{};
  std::optional<Money> amount{};
  std::uint16_t months = 0, days = 0;
  bool end_of_month = false;
  std::uint16_t days_after = 0;
};
Wish publish_terms(const std::string& name, const std::vector<TermsSpec>& rows, std::string_view from = "2026-01-01");
struct PriceSpec {
  std::string product = "P-1", price = "10", unit{}, min_quantity{}, from{}, until{};
};
struct PriceListSpec {
  std::string customer{}, grade{};
  std::vector<PriceSpec> rows{};
  Currency currency = Currency::CNY;
};
Wish publish_prices(const std::string& name, const PriceListSpec& list, std::string_view from = "2026-01-01");

flatbuffers::Offset<fb::DocumentRequest> build(Builder& b, const DocumentSpec& d);
struct QuoteSpec {
  std::string id{};
  bool send = true;
  std::string valid_until{}, on{};
};
Wish create_quote(const DocumentSpec& document, const QuoteSpec& q = {});
Wish accept_quote(const std::string& quote, const std::string& order = {}, std::string_view on = {});

}  // namespace o2c::test
