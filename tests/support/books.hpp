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
inline std::string state_bytes(const CompanyState& state) {
  ArchiveWriter out;
  for_each_table(state, [&](const char* kind, const auto& table) {
    out(std::string(kind));
    for (const auto& row : table.rows()) out(row);
  });
  return out.take();
}

/// One company, opened 2026-01-01 in CNY, with tax 13 % and terms NET30. Every decision is verified, folded from its bytes, and at the end the
/// whole history is folded again: the same state must come out, and must survive a checkpoint.
class Books {
 public:
  struct Empty {};
  explicit Books(Empty) {}
  Books();
  ~Books() { check_replay(); }
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

inline Done Books::when(const Wish& wish) {
  flatbuffers::FlatBufferBuilder cb;
  const auto company = cb.CreateString("ACME"), actor = cb.CreateString(actor_);
  const auto body = wish.build(cb);
  const fb::Id16 id;
  fb::CommandBuilder command(cb);
  command.add_company(company), command.add_command_id(&id), command.add_actor(actor), command.add_body_type(wish.type),
      command.add_body(body);
  if (wish.expected_version) command.add_expected_version(*wish.expected_version);
  cb.Finish(command.Finish());
  flatbuffers::Verifier command_verifier(cb.GetBufferPointer(), cb.GetSize());
  EXPECT_TRUE(command_verifier.VerifyBuffer<fb::Command>()) << "the test builds a command that no client can send";

  const Context context{"ACME", actor_, Instant{++now_}, today_};
  flatbuffers::FlatBufferBuilder eb;
  Decision decision(eb);
  Done done;
  done.verdict =
      decide(std::as_const(state_), context, *flatbuffers::GetRoot<fb::Command>(cb.GetBufferPointer()), decision);
  if (!done.verdict) return done;
  done.id = decision.answer_id(), done.status = decision.answer_status();
  const auto events = eb.CreateVector(decision.events());
  const fb::Hash32 no_hash;
  const fb::Instant recorded{now_};
  fb::EntryBuilder entry(eb);
  entry.add_prev_hash(&no_hash), entry.add_recorded_at(&recorded), entry.add_events(events);
  eb.Finish(entry.Finish());
  entries_.push_back(eb.Release());
  flatbuffers::Verifier verifier(entries_.back().data(), entries_.back().size());
  EXPECT_TRUE(verifier.VerifyBuffer<fb::Entry>()) << "an event lacks a required field";
  EXPECT_GT(decision.size(), 0u) << "an accepted command leaves at least one event";
  for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(entries_.back().data())->events()) {
    done.events.push_back(event);
    evolve(state_, *event);
  }
  return done;
}

inline void Books::copy_to(CompanyState& state) const {
  for (const auto& entry : entries_) {
    for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(entry.data())->events()) evolve(state, *event);
  }
}

inline void Books::check_replay() const {
  CompanyState again;
  copy_to(again);
  const std::string live = state_bytes(state_);
  EXPECT_TRUE(state_bytes(again) == live) << "the history folded again gives another state";
  std::map<std::string, std::vector<std::string>> checkpoint;
  for_each_table(state_, [&](const char* kind, const auto& table) {
    for (const auto& row : table.rows()) {
      ArchiveWriter out;
      out(row);
      checkpoint[kind].push_back(out.take());
    }
  });
  CompanyState loaded;
  for_each_table(loaded, [&](const char* kind, auto& table) {
    for (const std::string& bytes : checkpoint[kind]) {
      std::string id;
      ArchiveReader{bytes}(id);  // every row begins with its id
      ArchiveReader reader(bytes);
      reader(table.add(id));
      EXPECT_TRUE(reader.at_end());
    }
  });
  rebuild_derived(loaded);
  EXPECT_TRUE(state_bytes(loaded) == live) << "a checkpoint does not bring the state back";
}

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

inline flatbuffers::Offset<fb::Address> build(Builder& b, const AddressSpec& a) {
  return fb::CreateAddress(b, put(b, a.name), put(b, a.street), put(b, a.city), put(b, a.region), put(b, a.postal_code),
                           b.CreateString(a.country));
}
inline flatbuffers::Offset<fb::CustomerData> build(Builder& b, const CustomerSpec& c) {
  std::vector<flatbuffers::Offset<fb::Address>> ship_to;
  for (const AddressSpec& a : c.ship_to) ship_to.push_back(build(b, a));
  const auto limit = fb_money(c.credit_limit);
  return fb::CreateCustomerData(b, b.CreateString(c.id), b.CreateString(c.name), c.currency, put(b, c.terms),
                                put(b, c.grade), pointer(limit), put(b, c.credit_group), put(b, c.seller),
                                put(b, c.team), put(b, c.region), 0, build(b, c.sold_to), 0, b.CreateVector(ship_to),
                                put(b, c.payer));
}
inline Wish register_customer(const CustomerSpec& c) {
  return wish([c](Builder& b) { return fb::CreateRegisterCustomer(b, build(b, c)); });
}
inline Wish change_customer(const CustomerSpec& c) {
  return wish([c](Builder& b) { return fb::CreateChangeCustomer(b, build(b, c)); });
}
inline Wish set_credit_group(const std::string& id, Money limit) {
  return wish([=](Builder& b) {
    const fb::Money m = limit.to_fb();
    return fb::CreateSetCreditGroup(b, b.CreateString(id), &m);
  });
}
inline flatbuffers::Offset<fb::ProductData> build(Builder& b, const ProductSpec& p) {
  std::vector<flatbuffers::Offset<fb::UnitConversion>> conversions;
  for (const ConversionSpec& c : p.conversions)
    conversions.push_back(fb::CreateUnitConversion(b, b.CreateString(c.unit), c.numerator, c.denominator));
  const auto cost = fb_price(p.cost);
  return fb::CreateProductData(b, b.CreateString(p.id), b.CreateString(p.name), put(b, p.category),
                               b.CreateString(p.unit), p.decimals, b.CreateVector(conversions), put(b, p.tax_class),
                               pointer(cost));
}
inline Wish register_product(const ProductSpec& p) {
  return wish([p](Builder& b) { return fb::CreateRegisterProduct(b, build(b, p)); });
}
inline Wish create_mark(const std::string& name) {
  return wish([=](Builder& b) { return fb::CreateCreateMark(b, b.CreateString(name)); });
}

inline Wish change_product(const ProductSpec& p) {
  return wish([p](Builder& b) { return fb::CreateChangeProduct(b, build(b, p)); });
}

inline Wish register_user(const std::string& id, const std::vector<std::string>& roles,
                          const std::optional<Money>& limit = {}) {
  return wish([=](Builder& b) {
    const auto m = fb_money(limit);
    return fb::CreateRegisterUser(
        b, fb::CreateUserData(b, b.CreateString(id), b.CreateString(id), b.CreateVectorOfStrings(roles), pointer(m)));
  });
}

inline Wish open_company(Currency currency = Currency::CNY, std::string_view opened_on = "2026-01-01") {
  return wish([=, on = day(opened_on)](Builder& b) {
    const fb::Date opened = to_fb(on);
    return fb::CreateOpenCompany(b, b.CreateString("Acme"), currency, b.CreateString("Asia/Shanghai"), &opened,
                                 b.CreateString("CN"));
  });
}
inline Wish close_period(std::string_view until) {
  return wish([on = day(until)](Builder& b) {
    const fb::Date d = to_fb(on);
    return fb::CreateClosePeriod(b, &d);
  });
}

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
inline Wish publish_tax(const std::vector<TaxSpec>& rows, fb::TaxRounding rounding = fb::TaxRounding::category,
                        std::string_view from = "2026-01-01") {
  return publish(
      "default",
      [=](Builder& b) {
        std::vector<flatbuffers::Offset<fb::TaxRow>> list;
        for (const TaxSpec& r : rows) {
          const fb::Percent rate{ppm(r.rate)};
          const auto since = fb_day(r.from);
          list.push_back(fb::CreateTaxRow(b, b.CreateString(r.tax_class), put(b, r.country), b.CreateString(r.category),
                                          &rate, pointer(since)));
        }
        return fb::CreateTaxRules(b, b.CreateVector(list), rounding);
      },
      from);
}
/// percent and amount empty: the balance.
struct TermsSpec {
  std::string percent{};
  std::optional<Money> amount{};
  std::uint16_t months = 0, days = 0;
  bool end_of_month = false;
  std::uint16_t days_after = 0;
};
inline Wish publish_terms(const std::string& name, const std::vector<TermsSpec>& rows,
                          std::string_view from = "2026-01-01") {
  return publish(
      name,
      [=](Builder& b) {
        std::vector<flatbuffers::Offset<fb::TermsRow>> list;
        for (const TermsSpec& r : rows) {
          const auto percent = fb_percent(r.percent);
          const auto amount = fb_money(r.amount);
          list.push_back(
              fb::CreateTermsRow(b, pointer(percent), pointer(amount), r.months, r.days, r.end_of_month, r.days_after));
        }
        return fb::CreatePaymentTerms(b, b.CreateVector(list));
      },
      from);
}
struct PriceSpec {
  std::string product = "P-1", price = "10", unit{}, min_quantity{}, from{}, until{};
};
struct PriceListSpec {
  std::string customer{}, grade{};
  std::vector<PriceSpec> rows{};
  Currency currency = Currency::CNY;
};
inline Wish publish_prices(const std::string& name, const PriceListSpec& list, std::string_view from = "2026-01-01") {
  return publish(
      name,
      [=](Builder& b) {
        std::vector<flatbuffers::Offset<fb::PriceRow>> rows;
        for (const PriceSpec& r : list.rows) {
          const auto minimum = fb_quantity(r.min_quantity);
          const auto price = fb_price(r.price);
          const auto since = fb_day(r.from), until = fb_day(r.until);
          rows.push_back(fb::CreatePriceRow(b, b.CreateString(r.product), put(b, r.unit), pointer(minimum),
                                            pointer(price), pointer(since), pointer(until)));
        }
        return fb::CreatePriceList(b, list.currency, put(b, list.customer), put(b, list.grade), b.CreateVector(rows));
      },
      from);
}

inline flatbuffers::Offset<fb::DocumentRequest> build(Builder& b, const DocumentSpec& d) {
  std::vector<flatbuffers::Offset<fb::LineRequest>> lines;
  for (const LineSpec& l : d.lines) {
    const auto quantity = fb_quantity(l.quantity);
    const auto price = fb_price(l.price);
    const auto discount = fb_percent(l.discount);
    lines.push_back(fb::CreateLineRequest(b, b.CreateString(l.product), pointer(quantity), put(b, l.unit),
                                          pointer(price), pointer(discount), put(b, l.place), nullptr, l.ship_to));
  }
  std::vector<flatbuffers::Offset<fb::Address>> ship_to;
  for (const AddressSpec& a : d.ship_to) ship_to.push_back(build(b, a));
  const auto header = fb_money(d.header_discount), freight = fb_money(d.freight);
  const auto percent = fb_percent(d.header_percent);
  return fb::CreateDocumentRequest(b, b.CreateString(d.customer), d.currency, put(b, d.terms), b.CreateVector(lines),
                                   pointer(header), pointer(percent), pointer(freight), put(b, d.seller),
                                   b.CreateVector(ship_to));
}
struct QuoteSpec {
  std::string id{};
  bool send = true;
  std::string valid_until{}, on{};
};
inline Wish create_quote(const DocumentSpec& document, const QuoteSpec& q = {}) {
  return wish([=](Builder& b) {
    const auto until = fb_day(q.valid_until), on = fb_day(q.on);
    return fb::CreateCreateQuote(b, put(b, q.id), build(b, document), pointer(until), q.send, pointer(on));
  });
}
inline Wish accept_quote(const std::string& quote, const std::string& order = {}, std::string_view on = {}) {
  return wish([=, when = fb_day(on)](Builder& b) {
    return fb::CreateAcceptQuote(b, b.CreateString(quote), put(b, order), pointer(when));
  });
}

inline Books::Books() {
  given(open_company(), publish_tax({{}, {.tax_class = "freight"}}), publish_terms("NET30", {{.days = 30}}));
}

}  // namespace o2c::test
