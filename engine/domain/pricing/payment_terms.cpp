#include <algorithm>

#include "engine/domain/pricing/pricing.hpp"

namespace o2c {
namespace {

Date due_on(const TermsRow& row, Date issued_on) {
  Date due = add_months(issued_on, row.months) + std::chrono::days{row.days};
  if (row.end_of_month) due = end_of_month(due);
  return due + std::chrono::days{row.days_after};
}

/// A row's own share, before what is left limits it: a percent rounded half up, a fixed amount, the balance all that is left.
std::int64_t share_of(const TermsRow& row, bool is_last, std::int64_t total_minor, std::int64_t rest_minor) {
  if (is_last) return rest_minor;
  if (row.ppm) return std::min(*scale(total_minor, *row.ppm, one_ppm), rest_minor);
  return std::min(row.amount->amount_minor, rest_minor);
}

}  // namespace

Verdict instalments_of(const CompanyState& state, std::string_view terms, Date issued_on, Currency currency,
                       std::int64_t total_minor, std::vector<Instalment>& out) {
  out.clear();
  if (terms.empty()) {
    out.push_back({issued_on, total_minor, total_minor});
    return accept();
  }
  const auto* history = state.policies.payment_terms.find(terms);
  const auto* version = history ? history->on(issued_on) : nullptr;
  if (!version)
    return refuse(Refusal::terms_unknown, "/payment_terms", fmt::format("{} on {}", terms, format_date(issued_on)));
  const std::vector<TermsRow>& rows = version->content.rows;
  out.reserve(rows.size());
  std::int64_t rest = total_minor;
  for (const TermsRow& row : rows) {
    const bool is_last = &row == &rows.back();
    if (row.amount && row.amount->currency != currency) {
      return refuse(Refusal::currency_mismatch, "/payment_terms",
                    fmt::format("{} has a fixed amount in {}", terms, currency_code(row.amount->currency)));
    }
    const Date due = due_on(row, issued_on);
    if (!in_range(due))
      return refuse(Refusal::date_range, "/payment_terms", fmt::format("due on {}", format_date(due)));
    const std::int64_t amount = share_of(row, is_last, total_minor, rest);
    // A share of nothing is no instalment; a document over nothing keeps one, so that it has a due date.
    if (amount != 0 || (is_last && out.empty())) out.push_back({due, amount, amount});
    rest -= amount;
  }
  std::ranges::stable_sort(out, {}, &Instalment::due_date);
  return accept();
}

}  // namespace o2c
