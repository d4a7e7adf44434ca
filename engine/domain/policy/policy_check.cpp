#include "engine/domain/policy/policy_check.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace o2c {
namespace {

constexpr std::int32_t whole_ppm = static_cast<std::int32_t>(one_ppm);

std::string row_of(const std::string& place, std::size_t row, std::string_view field = {}) {
  return field.empty() ? fmt::format("{}/rows/{}", place, row) : fmt::format("{}/rows/{}/{}", place, row, field);
}
std::string as_percent(std::int64_t ppm) { return format_trimmed(ppm, percent_decimals) + " %"; }

Verdict check_share(std::int32_t ppm, std::string place) {
  if (ppm < 0 || ppm > whole_ppm)
    return refuse(Refusal::invalid_value, std::move(place), as_percent(ppm) + " is not within 0 to 100 %");
  return accept();
}

/// Finds two rows whose keys are equal: the earlier and the later one, by the lowest later row. key(i) is compared with <.
template <class Key> std::optional<std::pair<std::size_t, std::size_t>> find_twins(std::size_t rows, Key key) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::tuple(key(a), a) < std::tuple(key(b), b); });
  std::optional<std::pair<std::size_t, std::size_t>> twins;
  for (std::size_t i = 1; i < rows; ++i) {
    if (!(key(order[i - 1]) == key(order[i]))) continue;
    if (!twins || order[i] < twins->second) twins = {order[i - 1], order[i]};
  }
  return twins;
}

Verdict check_price_row(const CompanyState& state, const PriceRow& row, const std::string& place) {
  const Product* product = state.products.find(row.product);
  if (!product) return refuse(Refusal::product_unknown, row_of(place, row.row, "product"), row.product);
  const auto is_unit = [&](const UnitConversion& c) { return c.unit == row.unit; };
  if (!row.unit.empty() && row.unit != product->unit && std::ranges::none_of(product->conversions, is_unit)) {
    return refuse(Refusal::unit_unknown, row_of(place, row.row, "unit"), row.unit);
  }
  if (row.min_quantity < 0)
    return refuse(Refusal::invalid_value, row_of(place, row.row, "min_quantity"), "a break is not negative");
  if (row.price_micros < 0)
    return refuse(Refusal::invalid_value, row_of(place, row.row, "price"), "a price is not negative");
  if ((row.from && !in_range(*row.from)) || (row.until && !in_range(*row.until))) {
    return refuse(Refusal::date_range, row_of(place, row.row), "years are 1900 to 2999");
  }
  if (row.from && row.until && *row.until <= *row.from) {
    return refuse(Refusal::policy_unreachable, row_of(place, row.row),
                  fmt::format("until {} is not after from {}", format_date(*row.until), format_date(*row.from)));
  }
  return accept();
}

Verdict check_terms_row(const TermsRow& row, const TermsRow* before, const std::string& place) {
  constexpr unsigned months_max = 120, days_max = 3660;
  if (row.ppm && row.amount) return refuse(Refusal::invalid_value, place, "a row is a percent or an amount, not both");
  if (row.ppm && (*row.ppm <= 0 || *row.ppm > whole_ppm))
    return refuse(Refusal::invalid_value, place + "/percent", as_percent(*row.ppm));
  if (row.amount) {
    if (!is_known(row.amount->currency)) return refuse(Refusal::currency_unknown, place + "/amount");
    if (!row.amount->is_positive())
      return refuse(Refusal::invalid_value, place + "/amount", "a fixed share is above zero");
    if (before && before->amount && before->amount->currency != row.amount->currency)
      return refuse(Refusal::currency_mismatch, place + "/amount");
  }
  if (row.months > months_max || row.days > days_max || row.days_after > days_max) {
    return refuse(Refusal::invalid_value, place, fmt::format("at most {} months, {} days", months_max, days_max));
  }
  return accept();
}

/// The shares cover any total: percents alone make 100 %, or the last row, and no other, takes the balance.
Verdict check_cover(const PaymentTerms& terms, const std::string& place) {
  std::int64_t percents = 0;
  bool has_amounts = false;
  std::optional<std::size_t> balance;
  for (std::size_t i = 0; i < terms.rows.size(); ++i) {
    const TermsRow& row = terms.rows[i];
    if (balance)
      return refuse(Refusal::policy_unreachable, row_of(place, i),
                    fmt::format("row {} takes the balance, nothing is left", *balance));
    percents += row.ppm.value_or(0);
    has_amounts = has_amounts || row.amount;
    if (!row.ppm && !row.amount) balance = i;
    if (percents > whole_ppm)
      return refuse(Refusal::invalid_value, row_of(place, i, "percent"), "the shares make " + as_percent(percents));
  }
  if (balance && percents == whole_ppm)
    return refuse(Refusal::policy_unreachable, row_of(place, *balance), "the rows before it make 100 %");
  if (!balance && (percents != whole_ppm || has_amounts)) {
    return refuse(Refusal::policy_gap, place + "/rows",
                  fmt::format("the percents make {} and no row takes the balance", as_percent(percents)));
  }
  return accept();
}

Verdict check_tax_row(const TaxRow& row, const std::string& place) {
  if (auto v = check_id(row.tax_class, place + "/tax_class"); !v) return v;
  if (auto v = check_id(row.category, place + "/category"); !v) return v;
  if (row.from && !in_range(*row.from)) return refuse(Refusal::date_range, place + "/from", "years are 1900 to 2999");
  if (auto v = check_share(row.ppm, place + "/rate"); !v) return v;
  // EN 16931 BR-Z-05, BR-E-05, BR-AE-05, BR-G-05, BR-IC-05: these categories carry no tax.
  constexpr std::string_view untaxed[] = {"Z", "E", "AE", "G", "K", "O"};
  if (row.ppm != 0 && std::ranges::find(untaxed, row.category) != std::end(untaxed)) {
    return refuse(Refusal::invalid_value, place + "/rate",
                  fmt::format("category {} carries no tax, not {}", row.category, as_percent(row.ppm)));
  }
  return accept();
}

Verdict check_breaks(const CompanyState& state, const std::vector<QuantityBreak>& breaks, const std::string& place) {
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    const QuantityBreak& q = breaks[i];
    const std::string at = fmt::format("{}/quantity_breaks/{}", place, i);
    if (!q.product.empty() && !state.products.contains(q.product))
      return refuse(Refusal::product_unknown, at + "/product", q.product);
    if (q.min_quantity <= 0) return refuse(Refusal::invalid_value, at + "/min_quantity", "a break is above zero");
    if (auto v = check_share(q.ppm, at + "/percent"); !v) return v;
  }
  const auto twins = find_twins(breaks.size(), [&](std::size_t i) {
    return std::tuple(std::string_view(breaks[i].product), breaks[i].min_quantity);
  });
  if (!twins) return accept();
  return refuse(Refusal::policy_tie, fmt::format("{}/quantity_breaks/{}", place, twins->second),
                fmt::format("row {} has the same break", twins->first));
}

using ListHistory = PolicyHistory<PriceList>;
using ListVersion = PolicyVersion<PriceList>;

std::string_view unit_of(const CompanyState& state, const PriceRow& row) {
  return row.unit.empty() ? std::string_view(state.products.find(row.product)->unit) : row.unit;
}
Date start_of(const PriceRow& row, Date effective_from) {
  return std::max(row.from.value_or(Date::min()), effective_from);
}

/// The row of another list that is chosen as readily as `row` on the day when that one starts. Null: none.
const PriceRow* rival_of(const CompanyState& state, const PriceRow& row, Date start, const ListVersion& other) {
  for (const PriceRow& each : std::ranges::equal_range(other.content.rows, row.product, {}, &PriceRow::product)) {
    if (each.min_quantity == row.min_quantity && start_of(each, other.effective_from) == start &&
        (!each.until || *each.until > start) && unit_of(state, each) == unit_of(state, row))
      return &each;
  }
  return nullptr;
}

/// Whether a version effective from a day still decides on a later one.
bool in_force(const ListHistory* history, Date effective_from, Date on) {
  const ListVersion* chosen = history ? history->on(on) : nullptr;
  return !chosen || chosen->effective_from <= effective_from;
}

/// Whether a rating row fits whatever the figures are, or whatever they are not.
bool always_holds(const RatingRow& row) {
  return !row.margin_from_ppm && !row.value_from && !row.days_until && !row.days_over;
}
bool never_holds(const RatingRow& row) { return row.days_until && row.days_over && *row.days_until <= *row.days_over; }

}  // namespace

// Two rows apply equally when product, unit, break and first day are the same: a later first day, then a higher break, is chosen (row 5).
Verdict check_policy(const CompanyState& state, const PriceList& list, const std::string& place) {
  if (!is_known(list.currency)) return refuse(Refusal::currency_unknown, place + "/currency");
  if (!list.customer.empty() && !list.grade.empty())
    return refuse(Refusal::invalid_value, place, "a list is for a customer or for a grade, not both");
  if (!list.customer.empty() && !state.customers.contains(list.customer))
    return refuse(Refusal::customer_unknown, place + "/customer", list.customer);
  std::vector<const PriceRow*> rows(list.rows.size());
  for (const PriceRow& row : list.rows) rows[row.row] = &row;
  for (const PriceRow* row : rows) {
    if (auto v = check_price_row(state, *row, place); !v) return v;
  }
  const auto key = [&](std::size_t i) {
    const PriceRow& row = *rows[i];
    return std::tuple(std::string_view(row.product), unit_of(state, row), row.min_quantity, row.from);
  };
  const auto twins = find_twins(rows.size(), key);
  if (!twins) return accept();
  return refuse(Refusal::policy_tie, row_of(place, twins->second),
                fmt::format("row {} has the same product, unit, break and first day", twins->first));
}

Verdict check_ties(const CompanyState& state, std::string_view name, Date effective_from, const PriceList& list,
                   const std::string& place) {
  const ListHistory* own = state.policies.price_lists.find(name);
  for (const ListHistory& history : state.policies.price_lists.rows()) {
    if (&history == own) continue;
    for (const PriceRow& row : list.rows) {
      const Date start = start_of(row, effective_from);
      if ((row.until && *row.until <= start) || !in_force(own, effective_from, start)) continue;
      const ListVersion* other = history.on(start);
      if (!other || other->content.currency != list.currency || other->content.customer != list.customer ||
          other->content.grade != list.grade)
        continue;
      if (const PriceRow* rival = rival_of(state, row, start, *other))
        return refuse(Refusal::policy_tie, row_of(place, row.row),
                      fmt::format("row {} of {} has the same product, unit, break and first day", rival->row,
                                  version_name(history, *other)));
    }
  }
  return accept();
}

Verdict check_policy(const CompanyState&, const PaymentTerms& terms, const std::string& place) {
  if (terms.rows.empty()) return refuse(Refusal::policy_gap, place + "/rows", "no row takes the balance");
  const TermsRow* fixed = nullptr;
  for (std::size_t i = 0; i < terms.rows.size(); ++i) {
    if (auto v = check_terms_row(terms.rows[i], fixed, row_of(place, i)); !v) return v;
    if (terms.rows[i].amount) fixed = &terms.rows[i];
  }
  return check_cover(terms, place);
}

Verdict check_policy(const CompanyState&, const TaxRules& rules, const std::string& place) {
  if (*fb::EnumNameTaxRounding(rules.rounding) == '\0') return refuse(Refusal::invalid_value, place + "/rounding");
  if (rules.rows.empty()) return refuse(Refusal::policy_gap, place + "/rows", "no sale would have a tax");
  for (std::size_t i = 0; i < rules.rows.size(); ++i) {
    if (auto v = check_tax_row(rules.rows[i], row_of(place, i)); !v) return v;
  }
  const auto key = [&](std::size_t i) {
    const TaxRow& row = rules.rows[i];
    return std::tuple(std::string_view(row.tax_class), std::string_view(row.country), row.from);
  };
  const auto twins = find_twins(rules.rows.size(), key);
  if (!twins) return accept();
  return refuse(Refusal::policy_tie, row_of(place, twins->second),
                fmt::format("row {} has the same class, country and first day", twins->first));
}

Verdict check_policy(const CompanyState&, const CreditRules& rules, const std::string& place) {
  if (*fb::EnumNameOverLimit(rules.over_limit) == '\0') return refuse(Refusal::invalid_value, place + "/over_limit");
  return accept();
}

Verdict check_policy(const CompanyState&, const StockRules& rules, const std::string& place) {
  if (*fb::EnumNameWhenShort(rules.when_short) == '\0') return refuse(Refusal::invalid_value, place + "/when_short");
  if (auto v = check_share(rules.over_delivery_ppm, place + "/over_delivery"); !v) return v;
  for (std::size_t i = 0; i < rules.places.size(); ++i) {
    if (auto v = check_id(rules.places[i], fmt::format("{}/places/{}", place, i)); !v) return v;
  }
  const auto twins = find_twins(rules.places.size(), [&](std::size_t i) { return std::string_view(rules.places[i]); });
  if (!twins) return accept();
  return refuse(Refusal::policy_unreachable, fmt::format("{}/places/{}", place, twins->second),
                fmt::format("the place stands at {} already", twins->first));
}

Verdict check_policy(const CompanyState& state, const DiscountRules& rules, const std::string& place) {
  for (std::size_t i = 0; i < rules.grades.size(); ++i) {
    const std::string at = fmt::format("{}/grades/{}", place, i);
    if (auto v = check_id(rules.grades[i].grade, at + "/grade"); !v) return v;
    if (auto v = check_share(rules.grades[i].ppm, at + "/percent"); !v) return v;
  }
  const auto twins =
      find_twins(rules.grades.size(), [&](std::size_t i) { return std::string_view(rules.grades[i].grade); });
  if (twins)
    return refuse(Refusal::policy_tie, fmt::format("{}/grades/{}", place, twins->second),
                  fmt::format("row {} has the same grade", twins->first));
  return check_breaks(state, rules.quantity_breaks, place);
}

Verdict check_policy(const CompanyState&, const ApprovalRules& rules, const std::string& place) {
  if (auto v = check_id(rules.role, place + "/role"); !v) return v;
  if (!rules.total_from && !rules.discount_from_ppm && !rules.margin_below_ppm) {
    return refuse(Refusal::policy_unreachable, place, "without a threshold no order ever needs this approval");
  }
  if (rules.total_from) {
    if (!is_known(rules.total_from->currency)) return refuse(Refusal::currency_unknown, place + "/total_from");
    if (rules.total_from->amount_minor < 0)
      return refuse(Refusal::invalid_value, place + "/total_from", "a total is not negative");
  }
  if (rules.discount_from_ppm) {
    if (auto v = check_share(*rules.discount_from_ppm, place + "/discount_from"); !v) return v;
  }
  if (rules.margin_below_ppm && *rules.margin_below_ppm > whole_ppm)
    return refuse(Refusal::invalid_value, place + "/margin_below", "a margin is at most 100 %");
  return accept();
}

Verdict check_policy(const CompanyState&, const InvoiceRules& rules, const std::string& place) {
  if (*fb::EnumNameInvoiceBasis(rules.basis) == '\0') return refuse(Refusal::invalid_value, place + "/basis");
  return accept();
}

Verdict check_policy(const CompanyState& state, const RatingRules& rules, const std::string& place) {
  const Currency base = state.books().base_currency;
  for (std::size_t i = 0; i < rules.rows.size(); ++i) {
    const RatingRow& row = rules.rows[i];
    if (auto v = check_id(row.rating, row_of(place, i, "rating")); !v) return v;
    if (row.value_from && row.value_from->currency != base) {
      return refuse(Refusal::currency_mismatch, row_of(place, i, "value_from"),
                    fmt::format("order value is in {}", currency_code(base)));
    }
    if (never_holds(row))
      return refuse(Refusal::policy_unreachable, row_of(place, i),
                    fmt::format("no days are over {} and until {}", *row.days_over, *row.days_until));
    if (i > 0 && always_holds(rules.rows[i - 1]))
      return refuse(Refusal::policy_unreachable, row_of(place, i), fmt::format("row {} always holds", i - 1));
  }
  if (rules.rows.empty() || !always_holds(rules.rows.back()))
    return refuse(Refusal::policy_gap, place + "/rows", "the last row has to hold for every customer");
  return accept();
}

}  // namespace o2c
