#include "tests/support/books.hpp"

#include "engine/domain/company/rows.hpp"

namespace o2c::test {

std::string state_bytes(const CompanyState& state) {
  std::string out;
  for_each_row(state, [&](std::string_view kind, std::uint32_t row, std::string_view bytes) {
    out += fmt::format("{} {} {} ", kind, row, bytes.size());
    out += bytes;
  });
  return out;
}
Done Books::when(const Wish& wish) {
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
void Books::copy_to(CompanyState& state) const {
  for (const auto& entry : entries_) {
    for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(entry.data())->events()) evolve(state, *event);
  }
}
void Books::check_replay() const {
  CompanyState again;
  copy_to(again);
  const std::string live = state_bytes(state_);
  EXPECT_TRUE(state_bytes(again) == live) << "the history folded again gives another state";
  CompanyState loaded;
  for_each_row(state_,
               [&](std::string_view kind, std::uint32_t, std::string_view bytes) { load_row(loaded, kind, bytes); });
  rebuild_derived(loaded);
  EXPECT_TRUE(state_bytes(loaded) == live) << "a checkpoint does not bring the state back";
}
flatbuffers::Offset<fb::Address> build(Builder& b, const AddressSpec& a) {
  return fb::CreateAddress(b, put(b, a.name), put(b, a.street), put(b, a.city), put(b, a.region), put(b, a.postal_code),
                           b.CreateString(a.country));
}
flatbuffers::Offset<fb::CustomerData> build(Builder& b, const CustomerSpec& c) {
  std::vector<flatbuffers::Offset<fb::Address>> ship_to;
  for (const AddressSpec& a : c.ship_to) ship_to.push_back(build(b, a));
  const auto limit = fb_money(c.credit_limit);
  return fb::CreateCustomerData(b, b.CreateString(c.id), b.CreateString(c.name), c.currency, put(b, c.terms),
                                put(b, c.grade), pointer(limit), put(b, c.credit_group), put(b, c.seller),
                                put(b, c.team), put(b, c.region), 0, build(b, c.sold_to), 0, b.CreateVector(ship_to),
                                put(b, c.payer));
}
Wish register_customer(const CustomerSpec& c) {
  return wish([c](Builder& b) { return fb::CreateRegisterCustomer(b, build(b, c)); });
}
Wish change_customer(const CustomerSpec& c) {
  return wish([c](Builder& b) { return fb::CreateChangeCustomer(b, build(b, c)); });
}
Wish set_credit_group(const std::string& id, Money limit) {
  return wish([=](Builder& b) {
    const fb::Money m = limit.to_fb();
    return fb::CreateSetCreditGroup(b, b.CreateString(id), &m);
  });
}
flatbuffers::Offset<fb::ProductData> build(Builder& b, const ProductSpec& p) {
  std::vector<flatbuffers::Offset<fb::UnitConversion>> conversions;
  for (const ConversionSpec& c : p.conversions)
    conversions.push_back(fb::CreateUnitConversion(b, b.CreateString(c.unit), c.numerator, c.denominator));
  const auto cost = fb_price(p.cost);
  return fb::CreateProductData(b, b.CreateString(p.id), b.CreateString(p.name), put(b, p.category),
                               b.CreateString(p.unit), p.decimals, b.CreateVector(conversions), put(b, p.tax_class),
                               pointer(cost));
}
Wish register_product(const ProductSpec& p) {
  return wish([p](Builder& b) { return fb::CreateRegisterProduct(b, build(b, p)); });
}
Wish create_mark(const std::string& name) {
  return wish([=](Builder& b) { return fb::CreateCreateMark(b, b.CreateString(name)); });
}
Wish change_product(const ProductSpec& p) {
  return wish([p](Builder& b) { return fb::CreateChangeProduct(b, build(b, p)); });
}
Wish register_user(const std::string& id, const std::vector<std::string>& roles, const std::optional<Money>& limit) {
  return wish([=](Builder& b) {
    const auto m = fb_money(limit);
    return fb::CreateRegisterUser(
        b, fb::CreateUserData(b, b.CreateString(id), b.CreateString(id), b.CreateVectorOfStrings(roles), pointer(m)));
  });
}
Wish open_company(Currency currency, std::string_view opened_on) {
  return wish([=, on = day(opened_on)](Builder& b) {
    const fb::Date opened = to_fb(on);
    return fb::CreateOpenCompany(b, b.CreateString("Acme"), currency, b.CreateString("Asia/Shanghai"), &opened,
                                 b.CreateString("CN"));
  });
}
Wish close_period(std::string_view until) {
  return wish([on = day(until)](Builder& b) {
    const fb::Date d = to_fb(on);
    return fb::CreateClosePeriod(b, &d);
  });
}
Wish publish_tax(const std::vector<TaxSpec>& rows, fb::TaxRounding rounding, std::string_view from) {
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
Wish publish_terms(const std::string& name, const std::vector<TermsSpec>& rows, std::string_view from) {
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
Wish publish_prices(const std::string& name, const PriceListSpec& list, std::string_view from) {
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
flatbuffers::Offset<fb::DocumentRequest> build(Builder& b, const DocumentSpec& d) {
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
Wish create_quote(const DocumentSpec& document, const QuoteSpec& q) {
  return wish([=](Builder& b) {
    const auto until = fb_day(q.valid_until), on = fb_day(q.on);
    return fb::CreateCreateQuote(b, put(b, q.id), build(b, document), pointer(until), q.send, pointer(on));
  });
}
Wish accept_quote(const std::string& quote, const std::string& order, std::string_view on) {
  return wish([=, when = fb_day(on)](Builder& b) {
    return fb::CreateAcceptQuote(b, b.CreateString(quote), put(b, order), pointer(when));
  });
}
Books::Books() {
  given(open_company(), publish_tax({{}, {.tax_class = "freight"}}), publish_terms("NET30", {{.days = 30}}));
}

Books::~Books() { check_replay(); }

}  // namespace o2c::test
