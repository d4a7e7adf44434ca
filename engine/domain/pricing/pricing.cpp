#include "engine/domain/pricing/pricing.hpp"

#include <numeric>

#include <boost/container/small_vector.hpp>

#include "engine/domain/pricing/price_lists.hpp"

namespace o2c {
namespace {

constexpr flatbuffers::uoffset_t lines_max = 2000;

/// An exact amount in minor units while discounts are taken off it one after another; rounded only to be looked at.
class ExactAmount {
 public:
  /// quantity (millionths) * price (millionths) = 10^-12 major units.
  ExactAmount(std::int64_t quantity, std::int64_t price_micros, int digits)
      : numerator_(static_cast<Int128>(quantity) * price_micros),
        denominator_(power_of_ten(quantity_decimals + price_decimals - digits)) {}

  std::optional<std::int64_t> rounded() const {
    constexpr Int128 small = std::numeric_limits<std::int64_t>::max() / 4;
    if (numerator_ > small || denominator_ > small) return narrow(divide_half_up(numerator_, denominator_));
    // The same in 64 bits, which a processor divides at once: n >= 0, so half away from zero is half up.
    const auto n = static_cast<std::int64_t>(numerator_), d = static_cast<std::int64_t>(denominator_);
    return (n + d / 2) / d;
  }
  /// Takes a percent off, in lowest terms so that 128 bits last. False: they did not.
  bool take_off(std::int32_t ppm) {
    Int128 keep = one_ppm - ppm, of = one_ppm;
    reduce(keep, of);
    reduce(keep, denominator_);
    reduce(numerator_, of);
    return !__builtin_mul_overflow(numerator_, keep, &numerator_) &&
           !__builtin_mul_overflow(denominator_, of, &denominator_);
  }

 private:
  static void reduce(Int128& a, Int128& b) {
    Int128 x = a, y = b;
    while (y != 0) x = std::exchange(y, x % y);
    a /= x, b /= x;
  }
  Int128 numerator_, denominator_;
};

/// Prices one document: the figures of its lines one by one, then what concerns them all.
class Pricing {
 public:
  Pricing(const CompanyState& state, const Customer& customer, Date on, const fb::DocumentRequest& request,
          Document& document)
      : state_(state),
        customer_(customer),
        on_(on),
        request_(request),
        document_(document),
        lists_(state, customer, document.currency, on),
        digits_(minor_digits(document.currency)),
        has_cost_(document.currency == state.books().base_currency) {}

  Verdict run();

 private:
  Verdict line(flatbuffers::uoffset_t i);
  Verdict terms_of_line(const fb::LineRequest& request, PricedLine& line, std::string& place) const;
  Verdict price(const fb::LineRequest& request, const Product& product, PricedLine& line, bool& from_list);
  Verdict discounts(const fb::LineRequest& request, bool from_list, PricedLine& line);
  bool take_off(ExactAmount& amount, fb::DiscountStep step, std::int32_t ppm, PricedLine& line) const;
  Verdict tax_class(const Product& product, PricedLine& line);
  Verdict cost(const Product& product, PricedLine& line) const;
  Verdict header();
  Verdict freight();
  Verdict tax_and_total();
  void used(std::string policy);

  const CompanyState& state_;
  const Customer& customer_;
  Date on_;
  const fb::DocumentRequest& request_;
  Document& document_;
  PriceLists lists_;
  int digits_;
  bool has_cost_;
  const PolicyHistory<DiscountRules>* discount_history_ = nullptr;
  const PolicyVersion<DiscountRules>* discount_rules_ = nullptr;
  std::string_view rated_class_;  // class of the rate below; lines of one class are looked up once
  TaxRate rate_;
};

void Pricing::used(std::string policy) {
  if (std::ranges::find(document_.policies, policy) == document_.policies.end())
    document_.policies.push_back(std::move(policy));
}

Verdict Pricing::terms_of_line(const fb::LineRequest& request, PricedLine& line, std::string& place) const {
  if (request.place()) {
    place = "/place";
    if (auto v = check_id(view(request.place()), {}); !v) return v;
    line.place = view(request.place());
  }
  if (const auto promised = date_in(request.promised_on())) {
    place = "/promised_on";
    if (!lies_ahead(*promised, on_))
      return refuse(Refusal::date_range, {},
                    fmt::format("{}, the document is of {}", format_date(*promised), format_date(on_)));
    line.promised_on = promised;
  }
  place = "/ship_to";
  if (request.ship_to() >= document_.ship_to->size()) {
    return refuse(Refusal::address_unknown, {},
                  fmt::format("{}, the document has {}", request.ship_to(), document_.ship_to->size()));
  }
  line.ship_to = request.ship_to();
  return accept();
}

Verdict Pricing::price(const fb::LineRequest& request, const Product& product, PricedLine& line, bool& from_list) {
  from_list = !request.unit_price();
  if (!from_list) {
    line.unit_price_micros = request.unit_price()->micros();
    return line.unit_price_micros < 0 ? refuse(Refusal::invalid_value, {}, "a price is not negative") : accept();
  }
  std::string policy;
  if (auto v = lists_.find(product, line.unit, line.quantity, line.unit_price_micros, policy); !v) return v;
  used(std::move(policy));
  return accept();
}

/// One step of the waterfall: its amount is the difference of the rounded values before and after, so the steps add up to list − net.
bool Pricing::take_off(ExactAmount& amount, fb::DiscountStep step, std::int32_t ppm, PricedLine& line) const {
  if (ppm == 0) return true;
  if (!amount.take_off(ppm)) return false;
  const auto after = amount.rounded();
  if (!after) return false;
  line.discounts.push_back({step, line.net_minor - *after});
  line.net_minor = *after;
  return true;
}

/// Percent of the highest break that the quantity reaches: of the product's own breaks, else of those for every product.
std::int32_t break_percent(const DiscountRules& rules, const PricedLine& line) {
  const QuantityBreak* best = nullptr;
  for (const QuantityBreak& q : rules.quantity_breaks) {
    if ((!q.product.empty() && q.product != line.product) || q.min_quantity > line.base_quantity) continue;
    const bool better = !best || (q.product.empty() == best->product.empty() ? q.min_quantity > best->min_quantity
                                                                             : best->product.empty());
    if (better) best = &q;
  }
  return best ? best->ppm : 0;
}

std::int32_t grade_percent(const DiscountRules& rules, std::string_view grade) {
  for (const GradeDiscount& g : rules.grades) {
    if (g.grade == grade) return g.ppm;
  }
  return 0;
}

/// Grade and quantity discounts are off list prices; a price that the client names is agreed and only the line's own discount comes off it.
Verdict Pricing::discounts(const fb::LineRequest& request, bool from_list, PricedLine& line) {
  ExactAmount amount(line.quantity, line.unit_price_micros, digits_);
  const auto list = amount.rounded();
  if (!list) return refuse(Refusal::number_range);
  line.list_minor = line.net_minor = *list;
  bool fits = true;
  if (from_list && discount_rules_) {
    const std::int32_t of_grade = grade_percent(discount_rules_->content, customer_.grade),
                       of_break = break_percent(discount_rules_->content, line);
    fits = take_off(amount, fb::DiscountStep::grade, of_grade, line) &&
           take_off(amount, fb::DiscountStep::quantity_break, of_break, line);
    if (of_grade != 0 || of_break != 0) used(version_name(*discount_history_, *discount_rules_));
  }
  if (const fb::Percent* manual = request.discount()) {
    if (manual->ppm() < 0 || manual->ppm() > one_ppm)
      return refuse(Refusal::invalid_value, "/discount", "a discount is 0 to 100 %");
    fits = fits && take_off(amount, fb::DiscountStep::line, manual->ppm(), line);
  }
  return fits ? accept() : refuse(Refusal::number_range);
}

Verdict Pricing::tax_class(const Product& product, PricedLine& line) {
  if (rated_class_ != product.tax_class) {
    if (auto v = tax_rate_on(state_, on_, product.tax_class, document_.dimensions->country, rate_); !v) return v;
    rated_class_ = product.tax_class;
  }
  line.tax_category = rate_.category;
  line.tax_ppm = rate_.ppm;
  return accept();
}

/// The cost as known now, in the document's currency; without a rate between currencies there is none.
Verdict Pricing::cost(const Product& product, PricedLine& line) const {
  if (!has_cost_ || !product.unit_cost_micros) return accept();
  line.cost_minor = ExactAmount(line.base_quantity, *product.unit_cost_micros, digits_).rounded();
  return line.cost_minor ? accept() : refuse(Refusal::number_range, {}, "the cost of the line");
}

Verdict Pricing::line(flatbuffers::uoffset_t i) {
  const fb::LineRequest& request = *request_.lines()->Get(i);
  const auto at = [i](Verdict v, std::string_view field) {
    v.place = fmt::format("/document/lines/{}{}", i, v.place.empty() ? field : v.place);
    return v;
  };
  PricedLine& line = document_.lines.emplace_back();
  line.line = static_cast<std::uint16_t>(i + 1);
  const Product* product = state_.products.find(view(request.product()));
  if (!product) return at(refuse(Refusal::product_unknown, {}, text(request.product())), "/product");
  line.product = product->id;
  line.unit = request.unit() ? view(request.unit()) : std::string_view(product->unit);
  line.quantity = request.quantity()->millionths();
  if (line.quantity <= 0) return at(refuse(Refusal::invalid_value, {}, "a quantity is above zero"), "/quantity");
  if (auto v = to_base_quantity(*product, line.unit, line.quantity, line.base_quantity); !v) {
    const char* const field = v.code == Refusal::unit_unknown ? "/unit" : "/quantity";
    return at(std::move(v), field);
  }
  std::string field;
  if (auto v = terms_of_line(request, line, field); !v) return at(std::move(v), field);
  bool from_list = false;
  if (auto v = price(request, *product, line, from_list); !v) return at(std::move(v), "/unit_price");
  if (auto v = discounts(request, from_list, line); !v) return at(std::move(v), "");
  if (auto v = tax_class(*product, line); !v) return at(std::move(v), "/product");
  if (auto v = cost(*product, line); !v) return at(std::move(v), "");
  const auto net = checked_add(document_.net_minor, line.net_minor);
  if (!net) return at(refuse(Refusal::number_range, {}, "the sum of the lines"), "");
  document_.net_minor = *net;
  return accept();
}

/// An amount or a percent off the sum of the lines, spread over them by largest remainder as the last step of each (I27).
Verdict Pricing::header() {
  const fb::Money* amount = request_.header_discount();
  const fb::Percent* percent = request_.header_discount_percent();
  std::int64_t discount = 0;
  if (amount && percent)
    return refuse(Refusal::invalid_value, "/document/header_discount_percent", "an amount or a percent, not both");
  if (amount) {
    if (amount->currency() != document_.currency)
      return refuse(Refusal::currency_mismatch, "/document/header_discount");
    discount = amount->amount_minor();
    if (discount < 0 || discount > document_.net_minor) {
      return refuse(Refusal::invalid_value, "/document/header_discount",
                    fmt::format("the lines make {}", format_amount(document_.net_minor, document_.currency)));
    }
  }
  if (percent) {
    if (percent->ppm() < 0 || percent->ppm() > one_ppm)
      return refuse(Refusal::invalid_value, "/document/header_discount_percent", "a discount is 0 to 100 %");
    discount = *scale(document_.net_minor, percent->ppm(), one_ppm);
  }
  if (discount == 0) return accept();
  std::vector<std::int64_t> nets;
  nets.reserve(document_.lines.size());
  for (const PricedLine& line : document_.lines) nets.push_back(line.net_minor);
  const std::vector<std::int64_t> shares = split_by_weight(discount, nets);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    PricedLine& line = document_.lines[i];
    line.discounts.push_back({fb::DiscountStep::header, shares[i]});
    line.net_minor -= shares[i];
  }
  document_.header_discount_minor = discount;
  document_.net_minor -= discount;
  return accept();
}

Verdict Pricing::freight() {
  const fb::Money* freight = request_.freight();
  if (!freight) return accept();
  if (freight->currency() != document_.currency) return refuse(Refusal::currency_mismatch, "/document/freight");
  if (freight->amount_minor() < 0)
    return refuse(Refusal::invalid_value, "/document/freight", "freight is not negative");
  if (freight->amount_minor() == 0) return accept();
  document_.freight_minor = freight->amount_minor();
  if (auto v = tax_rate_on(state_, on_, "freight", document_.dimensions->country, rate_); !v)
    return v.place = "/document/freight", v;
  document_.freight_tax_category = rate_.category;
  document_.freight_tax_ppm = rate_.ppm;
  return accept();
}

/// Freight is a charge of its category (EN 16931 BR-CO-17: taxable = lines + charges), so it shares in one rounding with the lines.
Verdict Pricing::tax_and_total() {
  const auto without_tax = checked_add(document_.net_minor, document_.freight_minor);
  if (!without_tax || !checked_add(*without_tax, *without_tax))
    return refuse(Refusal::number_range, "/document", "the total of the document");  // tax is at most 100 %
  const auto* history = state_.policies.tax_rules.find("default");
  const auto* rules = history ? history->on(on_) : nullptr;
  boost::container::small_vector<TaxableLine, 16> taxable;
  for (const PricedLine& line : document_.lines)
    taxable.push_back({line.tax_category, line.tax_ppm, line.net_minor, 0});
  if (document_.freight_minor > 0)
    taxable.push_back({document_.freight_tax_category, document_.freight_tax_ppm, document_.freight_minor, 0});
  O2C_ASSERT(rules);  // every line has found its rate there
  for (const TaxTotal& total : apply_tax(rules->content.rounding, taxable)) document_.tax_minor += total.tax_minor;
  for (std::size_t i = 0; i < document_.lines.size(); ++i) document_.lines[i].tax_minor = taxable[i].tax_minor;
  if (document_.freight_minor > 0) document_.freight_tax_minor = taxable.back().tax_minor;
  used(version_name(*history, *rules));
  return accept();
}

Verdict Pricing::run() {
  discount_history_ = state_.policies.discount_rules.find("default");
  discount_rules_ = discount_history_ ? discount_history_->on(on_) : nullptr;
  document_.lines.reserve(request_.lines()->size());
  for (flatbuffers::uoffset_t i = 0; i < request_.lines()->size(); ++i) {
    if (auto v = line(i); !v) return v;
  }
  if (auto v = header(); !v) return v;
  if (auto v = freight(); !v) return v;
  return tax_and_total();
}

/// The terms have to be in force, and a fixed share in them has to be in the document's currency: what is sold must be billable.
Verdict check_terms(const CompanyState& state, Date on, const Document& document) {
  if (document.payment_terms.empty()) return accept();
  const auto* history = state.policies.payment_terms.find(document.payment_terms);
  const auto* version = history ? history->on(on) : nullptr;
  if (!version)
    return refuse(Refusal::terms_unknown, "/document/payment_terms",
                  fmt::format("{} on {}", document.payment_terms, format_date(on)));
  for (const TermsRow& row : version->content.rows) {
    if (row.amount && row.amount->currency != document.currency) {
      return refuse(
          Refusal::currency_mismatch, "/document/payment_terms",
          fmt::format("{} has a fixed amount in {}", document.payment_terms, currency_code(row.amount->currency)));
    }
  }
  return accept();
}

/// The addresses that goods go to, frozen: the request's, else the customer's, else where it sits.
SharedAddresses ship_to_of(const fb::DocumentRequest& request, const Customer& customer) {
  if (!request.ship_to() || request.ship_to()->size() == 0) return customer.delivery;
  return std::make_shared<const std::vector<Address>>(addresses_from(request.ship_to()));
}

}  // namespace

std::vector<std::optional<std::int64_t>> waterfall_values(const CompanyState& state, const Document& document,
                                                          Date on) {
  const Customer* customer = state.customers.find(document.dimensions->customer);
  O2C_ASSERT(customer);
  const DiscountRules& rules = rules_on(state.policies.discount_rules, on);
  PriceLists lists(state, *customer, document.currency, on);
  std::vector<std::optional<std::int64_t>> values;
  for (const PricedLine& line : document.lines) {
    const Product* product = state.products.find(line.product);
    O2C_ASSERT(product);
    std::int64_t price = 0;
    std::string policy;
    auto& value = values.emplace_back();
    if (!lists.find(*product, line.unit, line.quantity, price, policy)) continue;
    ExactAmount amount(line.quantity, price, minor_digits(document.currency));
    if (amount.take_off(grade_percent(rules, customer->grade)) && amount.take_off(break_percent(rules, line)))
      value = amount.rounded();
  }
  return values;
}

SharedDimensions freeze_dimensions(const Customer& customer, std::string_view seller) {
  if (seller.empty() || seller == customer.seller) return customer.dimensions;
  Dimensions dimensions = *customer.dimensions;
  dimensions.seller = seller;
  return std::make_shared<const Dimensions>(std::move(dimensions));
}

Verdict to_base_quantity(const Product& product, std::string_view unit, std::int64_t quantity, std::int64_t& base) {
  base = quantity;
  if (unit != product.unit) {
    const auto conversion = std::ranges::find(product.conversions, unit, &UnitConversion::unit);
    if (conversion == product.conversions.end())
      return refuse(Refusal::unit_unknown, {}, fmt::format("{} has no unit '{}'", product.id, unit));
    const Int128 exact = static_cast<Int128>(quantity) * conversion->numerator;
    if (exact % conversion->denominator != 0) {
      return refuse(Refusal::inexact_conversion, {},
                    fmt::format("{} {} * {}/{}", format_trimmed(quantity, quantity_decimals), unit,
                                conversion->numerator, conversion->denominator));
    }
    const auto fits = narrow(exact / conversion->denominator);
    if (!fits) return refuse(Refusal::number_range, {}, "the quantity in the base unit");
    base = *fits;
  }
  if (base % power_of_ten(quantity_decimals - product.decimals) != 0) {
    return refuse(Refusal::inexact_conversion, {},
                  fmt::format("{} {}, {} decimals are allowed", format_trimmed(base, quantity_decimals), product.unit,
                              product.decimals));
  }
  return accept();
}

Verdict price_document(const CompanyState& state, const Context&, Date on, const fb::DocumentRequest& request,
                       Document& document) {
  if (request.lines()->size() < 1 || request.lines()->size() > lines_max) {
    return refuse(Refusal::line_count, "/document/lines",
                  fmt::format("{}, allowed are 1 to {}", request.lines()->size(), lines_max));
  }
  const Customer* customer = state.customers.find(view(request.customer()));
  if (!customer) return refuse(Refusal::customer_unknown, "/document/customer", text(request.customer()));
  if (request.currency() != Currency::XXX && request.currency() != customer->currency) {
    return refuse(Refusal::currency_mismatch, "/document/currency",
                  fmt::format("the customer's is {}", currency_code(customer->currency)));
  }
  if (auto v = check_addresses(request.ship_to(), "/document/ship_to"); !v) return v;
  if (auto v = check_attributes(request.attributes(), "/document/attributes"); !v) return v;
  document.dimensions = freeze_dimensions(*customer, view(request.seller()));
  document.currency = customer->currency;
  document.payment_terms =
      request.payment_terms() ? view(request.payment_terms()) : std::string_view(customer->payment_terms);
  if (auto v = check_terms(state, on, document); !v) return v;
  document.ship_to = ship_to_of(request, *customer);
  document.customer_reference = view(request.customer_reference());
  document.attributes = attributes_from(request.attributes());
  return Pricing(state, *customer, on, request, document).run();
}

}  // namespace o2c
