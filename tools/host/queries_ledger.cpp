// Trial balance and journal of the general ledger.
#include "tools/host/explanation.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

Reports trial_balance(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  return std::vector{q.company.ledger.trial_balance(q.view, *period)};
}

Reports journal(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  auto report =
      q.company.ledger.journal(q.view, *period, {std::string(q.text("account")), std::string(q.text("customer"))});
  if (!report) return report.error();
  return std::vector{std::move(*report)};
}

Reports explain_trial_balance(const QueryContext& q) {
  const auto period = q.period();
  if (!period) return period.error();
  if (!q.has("account")) return invalid("--account is needed: the row's account, such as 1122, or total");
  const auto currency = q.currency();
  if (!currency) return currency.error();
  return explanation(
      q,
      q.company.ledger.explain(q.view, *period,
                               {std::string(q.text("account")), *currency, std::string(q.text("column", "closing"))}),
      AmountKind::money, *currency);
}

}  // namespace

void add_ledger_queries(std::vector<QueryEntry>& queries) {
  queries.push_back(
      {{"report trial-balance", "opening, turnover and closing of each account", with_view({help_from, help_until})},
       trial_balance});
  queries.push_back(
      {{"report journal", "postings by day and position; with --account its balance after each",
        with_view({help_from, help_until, {"account", "only of this account, such as 1122"}, help_customer})},
       journal});
  queries.push_back(
      {{"explain trial-balance", "the events behind one cell of report trial-balance; balances are debit less credit",
        with_view(
            {help_from,
             help_until,
             {"account", "the row's account, such as 1122, or total"},
             {"currency", "the row's currency"},
             one_of("column", "the cell's column (default closing)", {"opening", "debit", "credit", "closing"})})},
       explain_trial_balance});
}

}  // namespace o2c
