#pragma once
#include <algorithm>
#include <vector>

#include "projections/sales/sales_group.hpp"

namespace o2c {

/// Quotes sent in the period, as the view knows them: f(quote, value of the group, currency), once for each group that the quote touches.
template <class F>
void visit_sent_quotes(const SaleStore& store, const View& view, SalesGroup group, const Period& period, F&& f) {
  std::vector<std::uint32_t> values;
  for (const SaleQuote& quote : store.quotes()) {
    if (!quote.sent || !quote.sent_at.visible(view) || !in_period(period, quote.sent_at.business_day())) continue;
    const SaleDocument& document = store.document(quote.document);
    values.clear();
    if (!is_of_line(group))
      values.push_back(document_value(store, group, document.dimensions, quote.sent_at.business_day()));
    else
      for (const SaleLine& line : store.lines(document)) values.push_back(line_value(group, line));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (const std::uint32_t value : values) f(quote, value, document.currency);
  }
}

}  // namespace o2c
