#include "projections/ledger/ledger_model.hpp"

namespace o2c {
namespace {

const Date first_day = date_of(std::numeric_limits<std::int32_t>::min());

/// A balance stands on the side where it is positive.
void put_balance(std::vector<Cell>& row, Int128 balance, Currency currency) {
  row.push_back(sum_cell(balance > 0 ? balance : 0, currency));
  row.push_back(sum_cell(balance < 0 ? -balance : 0, currency));
}

std::vector<Column> trial_balance_columns() {
  return {{"account", "Account", "科目"},
          {"name", "Name", "英文名称"},
          {"name_zh", "Chinese name", "科目名称"},
          {"currency", "Currency", "币种"},
          {"opening_debit", "Opening debit", "期初借方"},
          {"opening_credit", "Opening credit", "期初贷方"},
          {"debit", "Debit", "本期借方"},
          {"credit", "Credit", "本期贷方"},
          {"closing_debit", "Closing debit", "期末借方"},
          {"closing_credit", "Closing credit", "期末贷方"}};
}

}  // namespace

Report Ledger::trial_balance(const View& view, const Period& period) const {
  Report report{"trial_balance", trial_balance_columns(), {}};
  View closing = view, opening = view;
  if (period.until) closing.as_of = std::min(closing.as_of, *period.until - std::chrono::days{1});
  const Date from = period.from.value_or(first_day);
  if (period.from) opening.as_of = std::min(closing.as_of, from - std::chrono::days{1});

  std::array<Int128, 6> totals{};
  const auto finish_currency = [&](Currency currency) {
    std::vector<Cell> row{std::string("total"), std::string("Total"), std::string("合计"),
                          std::string(currency_code(currency))};
    for (const Int128 total : totals) row.push_back(sum_cell(total, currency));
    report.rows.push_back(std::move(row));
    totals = {};
  };
  for (auto at = accounts_.begin(); at != accounts_.end(); ++at) {
    const auto& [currency, account] = at->first;
    const Turnover before = period.from ? at->second.sum(opening, first_day) : Turnover{};
    const Turnover moved = at->second.sum(closing, from);
    if (moved.debit != 0 || moved.credit != 0 || before.debit != 0 || before.credit != 0) {
      const AccountInfo& info = account_info(account);
      std::vector<Cell> row{std::string(info.code), std::string(info.name_en), std::string(info.name_zh),
                            std::string(currency_code(currency))};
      const Int128 after = before.balance() + moved.balance();
      put_balance(row, before.balance(), currency);
      row.push_back(sum_cell(moved.debit, currency)), row.push_back(sum_cell(moved.credit, currency));
      put_balance(row, after, currency);
      report.rows.push_back(std::move(row));
      const auto side = [](Int128 balance) { return std::size_t{balance < 0}; };
      totals[side(before.balance())] += before.balance() < 0 ? -before.balance() : before.balance();
      totals[2] += moved.debit, totals[3] += moved.credit;
      totals[4 + side(after)] += after < 0 ? -after : after;
    }
    const auto next = std::next(at);
    const bool last_of_currency = next == accounts_.end() || next->first.first != currency;
    const bool shown = !report.rows.empty() && std::get<std::string>(report.rows.back()[3]) == currency_code(currency);
    if (last_of_currency && shown) finish_currency(currency);
  }
  return report;
}

Result<std::vector<Contribution>> Ledger::explain(const View& view, const Period& period,
                                                  const TrialBalanceCell& cell) const {
  const AccountInfo* account = find_account(cell.account);
  const bool total = cell.account == "total";
  const bool debit = cell.column == "debit", credit = cell.column == "credit", opening = cell.column == "opening",
             closing = cell.column == "closing";
  if (!debit && !credit && !opening && !closing)
    return invalid(
        fmt::format("the trial balance has no figure '{}': explain opening, debit, credit or closing", cell.column));
  if (total && !debit && !credit)
    return invalid("of the total, explain debit or credit: its balances are sums of those of the accounts");
  const RowKey row{{"account", cell.account}, {"currency", std::string(currency_code(cell.currency))}};
  if (const auto shown = find_cell(trial_balance(view, period), row, "debit"); !shown) return shown.error();
  const Date from = period.from.value_or(first_day), until = period.until.value_or(view.as_of + std::chrono::days{1});
  std::vector<Contribution> parts;
  if (opening && !period.from) return parts;
  for (const Entry* entry :
       opening ? visible(view, first_day, from) : visible(view, closing ? first_day : from, until)) {
    if (entry->currency != cell.currency) continue;
    std::int64_t amount = 0;
    for (const Posting& posting : postings(*entry)) {
      if (total || posting.account == account->account)
        amount += debit ? posting.debit_minor : credit ? posting.credit_minor : posting.balance_minor();
    }
    if (amount != 0) parts.push_back({entry->seq, entry->index, amount});
  }
  return parts;
}

}  // namespace o2c
