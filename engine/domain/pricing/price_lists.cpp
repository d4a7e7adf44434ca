#include "engine/domain/pricing/price_lists.hpp"

#include <algorithm>
#include <tuple>

namespace o2c {
namespace {

Date first_day(const PriceRow& row) { return row.from.value_or(Date::min()); }

std::string name_of(const PriceRow& row, const std::string& list) { return fmt::format("row {} of {}", row.row, list); }

}  // namespace

void PriceLists::gather() {
  gathered_ = true;
  for (const History& history : state_.policies.price_lists.rows()) {
    const auto* version = history.on(on_);
    if (!version || version->content.currency != currency_) continue;
    const PriceList& list = version->content;
    if (!list.customer.empty() ? list.customer != customer_.id : !list.grade.empty() && list.grade != customer_.grade)
      continue;
    lists_.push_back({&history, version, !list.customer.empty() ? 2 : !list.grade.empty() ? 1 : 0});
  }
}

PriceLists::Choice PriceLists::best_in(const Candidate& list, const Product& product, std::string_view unit,
                                       std::int64_t quantity) const {
  Choice best{&list, nullptr, nullptr};
  const auto rank = [](const PriceRow& row) { return std::tuple(first_day(row), row.min_quantity); };
  for (const PriceRow& row : std::ranges::equal_range(list.version->content.rows, product.id, {}, &PriceRow::product)) {
    const std::string_view row_unit = row.unit.empty() ? product.unit : row.unit;
    if (row_unit != unit || row.min_quantity > quantity || first_day(row) > on_ || (row.until && *row.until <= on_))
      continue;
    if (!best.row || rank(row) > rank(*best.row)) best.row = &row, best.tied = nullptr;
    else if (rank(row) == rank(*best.row)) best.tied = &row;  // the base unit was renamed after the list was published
  }
  return best;
}

Date PriceLists::start_of(const Choice& choice) const {
  return std::max(first_day(*choice.row), choice.list->version->effective_from);
}

Verdict PriceLists::find(const Product& product, std::string_view unit, std::int64_t quantity,
                         std::int64_t& price_micros, std::string& policy) {
  if (!gathered_) gather();
  Choice best, tied;
  const auto rank = [&](const Choice& c) { return std::tuple(c.list->specificity, start_of(c), c.row->min_quantity); };
  for (const Candidate& list : lists_) {
    const Choice choice = best_in(list, product, unit, quantity);
    if (!choice.row) continue;
    if (!best.row || rank(choice) > rank(best)) best = choice, tied = {};
    else if (rank(choice) == rank(best)) tied = choice;
  }
  if (!best.row) {
    return refuse(Refusal::no_price, {},
                  fmt::format("{} per {} in {} on {}", product.id, unit, currency_code(currency_), format_date(on_)));
  }
  policy = version_name(*best.list->history, *best.list->version);
  if (best.tied)
    return refuse(Refusal::ambiguous_price, {}, name_of(*best.row, policy) + " and " + name_of(*best.tied, policy));
  if (tied.row) {
    return refuse(Refusal::ambiguous_price, {},
                  name_of(*best.row, policy) + " and " +
                      name_of(*tied.row, version_name(*tied.list->history, *tied.list->version)));
  }
  price_micros = best.row->price_micros;
  return accept();
}

}  // namespace o2c
