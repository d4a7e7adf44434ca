// Company, customers, products, users, policies.
#include "tools/sim/history.hpp"
#include "tools/sim/sim_clock.hpp"

namespace o2c::sim {
namespace {

constexpr std::array currencies = {Currency::CNY, Currency::CNY, Currency::USD, Currency::JPY};

flatbuffers::Offset<fb::Address> address(Builder& b, std::string_view country, std::string_view city) {
  return fb::CreateAddress(b, 0, 0, put(b, city), 0, 0, b.CreateString(country));
}

}  // namespace

std::optional<Body> History::setup(std::size_t i, Builder& b, const CompanyState* state, Date today) {
  b_ = &b, state_ = state, today_ = today, wrong_ = false;
  if (i == 0) return open_company(b, today);
  if (i == 1) return policy(b, fb::PolicyBody::TaxRules, today - std::chrono::days{60});
  if (i == 2) return policy(b, fb::PolicyBody::PaymentTerms, today - std::chrono::days{60});
  if (i == 3) return policy(b, fb::PolicyBody::CreditRules, today - std::chrono::days{60});
  if (i == 4) return policy(b, fb::PolicyBody::StockRules, today - std::chrono::days{60});
  if (i == 5) return policy(b, fb::PolicyBody::InvoiceRules, today - std::chrono::days{60});
  if (i == 6) return user(b, "boss", false);
  if (i == 7) return user(b, "junior", false);
  if (i == 8) return credit_group(b);
  const std::size_t n = i - 9;
  if (n < swarm_.customers) return customer(b, fmt::format("C-{}", n + 1), false);
  if (n < swarm_.customers + swarm_.products) return product(b, fmt::format("P-{}", n - swarm_.customers + 1), false);
  if (n == swarm_.customers + swarm_.products)
    return policy(b, fb::PolicyBody::PriceList, today - std::chrono::days{60});
  return std::nullopt;
}

Body History::open_company(Builder& b, Date today) {
  const fb::Date opened = to_fb(today - std::chrono::days{random_.between(0, 90)});
  const auto name = b.CreateString("Acme"), zone = b.CreateString(odd() ? "Nowhere" : SimClock::shanghai),
             country = b.CreateString("CN");
  return body(fb::CreateOpenCompany(b, name, Currency::CNY, zone, &opened, country));
}

Body History::customer(Builder& b, const std::string& id, bool change) {
  const Customer* before = change && state_ ? state_->customers.find(id) : nullptr;
  const Currency currency = before && !odd() ? before->currency : random_.pick(currencies);
  const bool grouped = currency == Currency::CNY && random_.chance(400'000);
  std::vector<flatbuffers::Offset<fb::Address>> ship_to;
  for (std::uint64_t n = random_.below(3); n > 0; --n) ship_to.push_back(address(b, "CN", "Wuxi"));
  const auto customer = b.CreateString(id), name = b.CreateString("Customer " + id);
  const auto terms = b.CreateString(known("NET")), grade = put(b, random_.one_of({"", "A", "B"}));
  const auto group = grouped ? b.CreateString(known("G-1")) : 0;
  const auto seller = put(b, random_.one_of({"S-1", "S-2"})), region = put(b, random_.one_of({"east", "west"}));
  const auto sold_to = address(b, random_.one_of({"CN", "DE"}), "Suzhou");
  const auto list = b.CreateVector(ship_to);
  const std::int64_t base = currency == Currency::JPY ? 30'000 : 3'000'000;
  const fb::Money limit{swarm_.generous ? base * 1000 : base * random_.between<std::int64_t>(odd() ? -1 : 0, 8),
                        odd() ? Currency::EUR : currency};
  fb::CustomerDataBuilder data(b);
  data.add_customer(customer), data.add_name(name), data.add_currency(currency), data.add_payment_terms(terms),
      data.add_grade(grade);
  if (random_.chance(800'000)) data.add_credit_limit(&limit);
  if (grouped) data.add_credit_group(group);
  data.add_seller(seller), data.add_region(region), data.add_sold_to(sold_to), data.add_ship_to(list);
  const auto done = data.Finish();
  return change ? body(fb::CreateChangeCustomer(b, done)) : body(fb::CreateRegisterCustomer(b, done));
}

Body History::credit_group(Builder& b) {
  const fb::Money limit{swarm_.generous ? 3'000'000'000 : random_.between<std::int64_t>(1, 30) * 1'000'000,
                        odd() ? Currency::USD : Currency::CNY};
  // Customers name G-1, so that one comes first.
  const bool first = !state_ || state_->credit_groups.size() == 0;
  return body(fb::CreateSetCreditGroup(b, b.CreateString(random_.chance(900'000) || first ? "G-1" : "G-2"), &limit));
}

/// The next company: another one, one that was never opened, or, wrongly, itself.
Body History::partner(Builder& b) {
  const std::string& own = state_->books().id;
  const std::string other = own == "company-1" && !odd() ? "company-2" : "company-1";
  const auto partner = b.CreateString(other), customer = put(b, random_.chance(800'000) ? any_customer() : ""),
             place = put(b, random_.chance(800'000) ? any_place() : "");
  return body(fb::CreateSetPartner(b, partner, customer, place));
}

Body History::product(Builder& b, const std::string& id, bool change) {
  const Product* before = change && state_ ? state_->products.find(id) : nullptr;
  const std::vector<flatbuffers::Offset<fb::UnitConversion>> conversions = {
      fb::CreateUnitConversion(b, b.CreateString("box"), odd() ? 0 : 12, 1),
      fb::CreateUnitConversion(b, b.CreateString("third"), 1, 3)};
  const fb::UnitPrice cost{random_.between<std::int64_t>(1, 200'000'000)};
  const auto decimals = before && !odd() ? before->decimals : static_cast<std::uint8_t>(random_.below(4));
  const auto product = b.CreateString(id), name = b.CreateString("Product " + id),
             unit = b.CreateString(odd() ? "kg" : "pcs");
  const auto list = b.CreateVector(conversions);
  const auto tax_class = random_.chance(200'000) ? b.CreateString(known("reduced")) : 0;
  const auto data = fb::CreateProductData(b, product, name, 0, unit, decimals, list, tax_class,
                                          random_.chance(800'000) ? &cost : nullptr);
  return change ? body(fb::CreateChangeProduct(b, data)) : body(fb::CreateRegisterProduct(b, data));
}

Body History::user(Builder& b, const std::string& id, bool change) {
  const bool junior = id == "junior";
  const std::vector<std::string> roles =
      junior ? std::vector<std::string>{"manager"} : std::vector<std::string>{"manager", "credit_manager"};
  const fb::Money limit{junior ? 500'000 : 1'000'000'000'000, Currency::CNY};
  const auto name = b.CreateString(id);
  const auto data =
      fb::CreateUserData(b, name, name, b.CreateVectorOfStrings(roles), random_.chance(900'000) ? &limit : nullptr);
  return change ? body(fb::CreateChangeUser(b, data)) : body(fb::CreateRegisterUser(b, data));
}

Body History::close_period(Builder& b) {
  const Date opened = state_->books().opened_on, from = std::max(opened, state_->books().closed_until.value_or(opened));
  const fb::Date until = to_fb(odd() ? random_.one_of({opened - std::chrono::days{3}, today_ + std::chrono::days{1}})
                                     : std::min(today_, from + std::chrono::days{random_.between(0, 20)}));
  return body(fb::CreateClosePeriod(b, &until));
}

Body History::mark(Builder& b) {
  return body(fb::CreateCreateMark(b, b.CreateString(odd() ? "same" : given_id("mark"))));
}

namespace {

using Offset = flatbuffers::Offset<void>;

Offset tax_rules(Builder& b, Random& random, bool odd) {
  std::vector<flatbuffers::Offset<fb::TaxRow>> rows;
  const auto row = [&](std::string_view tax_class, std::string_view country, std::string_view category,
                       std::int32_t ppm) {
    const fb::Percent rate{ppm};
    rows.push_back(fb::CreateTaxRow(b, b.CreateString(tax_class), put(b, country), b.CreateString(category), &rate));
  };
  row("standard", "", "S", random.one_of({130'000, 190'000, 77'500}));
  row("standard", "DE", "G", 0);
  row("reduced", "", "S", 60'000);
  row("freight", "", "S", 90'000);
  if (odd) row("freight", "", "S", 10'000);
  return fb::CreateTaxRules(b, b.CreateVector(rows), random.coin() ? fb::TaxRounding::category : fb::TaxRounding::line)
      .Union();
}

Offset payment_terms(Builder& b, Random& random, bool odd) {
  std::vector<flatbuffers::Offset<fb::TermsRow>> rows;
  for (std::uint64_t n = random.below(3); n > 0; --n) {
    const fb::Percent share{static_cast<std::int32_t>(random.between(50'000, odd ? 900'000 : 333'333))};
    rows.push_back(fb::CreateTermsRow(b, &share, nullptr, 0, random.between<std::uint16_t>(0, 40), random.coin()));
  }
  rows.push_back(fb::CreateTermsRow(b, nullptr, nullptr, random.between<std::uint16_t>(0, 3),
                                    random.between<std::uint16_t>(0, 30)));
  return fb::CreatePaymentTerms(b, b.CreateVector(rows)).Union();
}

Offset price_list(Builder& b, Random& random, const CompanyState* state, bool odd) {
  std::vector<flatbuffers::Offset<fb::PriceRow>> rows;
  if (state) {
    for (const Product& product : state->products.rows()) {
      const fb::UnitPrice price{random.between<std::int64_t>(10'000, 500'000'000)}, less{price.micros() - 1};
      const fb::Quantity many{10 * one_quantity};
      rows.push_back(fb::CreatePriceRow(b, b.CreateString(product.id), 0, nullptr, &price));
      if (odd || random.coin())
        rows.push_back(fb::CreatePriceRow(b, b.CreateString(product.id), 0, odd ? nullptr : &many, &less));
    }
  }
  return fb::CreatePriceList(b, random.pick(currencies), 0, put(b, random.one_of({"", "", "A"})), b.CreateVector(rows))
      .Union();
}

Offset discount_rules(Builder& b, Random& random) {
  const fb::Percent grade{random.between(0, 100'000)}, quantity{random.between(0, 50'000)};
  const fb::Quantity from{5 * one_quantity};
  const std::vector<flatbuffers::Offset<fb::GradeDiscount>> grades = {
      fb::CreateGradeDiscount(b, b.CreateString("A"), &grade)};
  const std::vector<flatbuffers::Offset<fb::QuantityBreak>> breaks = {fb::CreateQuantityBreak(b, 0, &from, &quantity)};
  return fb::CreateDiscountRules(b, b.CreateVector(grades), b.CreateVector(breaks)).Union();
}

Offset approval_rules(Builder& b, Random& random) {
  const fb::Money total{random.between<std::int64_t>(1, 40) * 100'000, Currency::CNY};
  const fb::Percent discount{100'000}, margin{50'000};
  return fb::CreateApprovalRules(b, b.CreateString("manager"), &total, random.coin() ? &discount : nullptr,
                                 random.coin() ? &margin : nullptr)
      .Union();
}

Offset stock_rules(Builder& b, Random& random) {
  const fb::Percent over{random.one_of({0, 0, 50'000, 200'000})};
  const std::vector<std::string> places = {"W-2", "W-1"};
  const auto when = random.chance(300'000) ? fb::WhenShort::refuse : fb::WhenShort::backorder;
  return fb::CreateStockRules(b, when, random.one_of<std::uint16_t>({0, 2, 10}),
                              random.coin() ? b.CreateVectorOfStrings(places) : 0, &over)
      .Union();
}

Offset rating_rules(Builder& b, Random& random) {
  const fb::Percent margin{random.between(100'000, 400'000)};
  const std::vector<flatbuffers::Offset<fb::RatingRow>> rows = {fb::CreateRatingRow(b, b.CreateString("good"), &margin),
                                                                fb::CreateRatingRow(b, b.CreateString("other"))};
  return fb::CreateRatingRules(b, b.CreateVector(rows)).Union();
}

}  // namespace

Body History::policy(Builder& b, fb::PolicyBody kind, Date from) {
  Offset content;
  std::string_view name = "default";
  switch (kind) {
    case fb::PolicyBody::PriceList:
      content = price_list(b, random_, state_, odd()),
      name = state_->orders.size() == 0 ? "retail" : random_.one_of({"retail", "other"});
      break;
    case fb::PolicyBody::PaymentTerms: content = payment_terms(b, random_, odd()), name = "NET"; break;
    case fb::PolicyBody::TaxRules: content = tax_rules(b, random_, odd()); break;
    case fb::PolicyBody::CreditRules: {
      const auto over = random_.one_of({fb::OverLimit::hold, fb::OverLimit::approve, fb::OverLimit::refuse});
      content = fb::CreateCreditRules(b, over, random_.chance(300'000), random_.coin()).Union();
      break;
    }
    case fb::PolicyBody::StockRules: content = stock_rules(b, random_); break;
    case fb::PolicyBody::DiscountRules: content = discount_rules(b, random_); break;
    case fb::PolicyBody::ApprovalRules:
      content = approval_rules(b, random_), name = random_.one_of({"level 1", "level 2"});
      break;
    case fb::PolicyBody::InvoiceRules: {
      const auto basis = random_.chance(300'000) ? fb::InvoiceBasis::ordered : fb::InvoiceBasis::shipped;
      content = fb::CreateInvoiceRules(b, basis, random_.chance(100'000)).Union();
      break;
    }
    default: kind = fb::PolicyBody::RatingRules, content = rating_rules(b, random_); break;
  }
  const fb::Date effective = to_fb(from);
  return body(fb::CreatePublishPolicy(b, b.CreateString(name), &effective, kind, content));
}

}  // namespace o2c::sim
