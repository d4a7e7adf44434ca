#include "projections/ledger/ledger_model.hpp"

namespace o2c {

std::vector<const Ledger::Entry*> Ledger::visible(const View& view, Date from, Date until) const {
  std::vector<const Entry*> found;
  for (const Entry& entry : entries_) {
    if (entry.seq > view.known) break;  // in journal order
    const Date on = entry.on(view.basis);
    if (on <= view.as_of && on >= from && on < until) found.push_back(&entry);
  }
  std::stable_sort(found.begin(), found.end(),
                   [&](const Entry* a, const Entry* b) { return a->on(view.basis) < b->on(view.basis); });
  return found;
}

std::string Ledger::text_of(const Entry& entry) const {
  JournalEntry said;
  said.event = entry.event;
  said.document = texts_[entry.document], said.counterpart = texts_[entry.counterpart];
  return said.text(Language::en);
}

Result<Report> Ledger::journal(const View& view, const Period& period, const JournalFilter& filter) const {
  const AccountInfo* account = filter.account.empty() ? nullptr : find_account(filter.account);
  if (!filter.account.empty() && !account)
    return Error{ErrorCode::not_found, fmt::format("there is no account '{}'", filter.account)};
  const Date first_day = date_of(std::numeric_limits<std::int32_t>::min());
  const Date until = period.until.value_or(view.as_of + std::chrono::days{1});
  // A balance needs what was there before the period.
  const Date from = period.from.value_or(first_day);
  return journal_of(view, from, visible(view, account ? first_day : from, until), account, filter.customer);
}

Report Ledger::journal_of(const View& view, Date from, const std::vector<const Entry*>& entries,
                          const AccountInfo* account, std::string_view customer) const {
  Report report{"journal",
                {{"date", "Date", "日期"},
                 {"position", "Position", "位置"},
                 {"index", "#", "序号"},
                 {"text", "Text", "摘要"},
                 {"document", "Document", "单据"},
                 {"customer", "Customer", "客户"},
                 {"account", "Account", "科目"},
                 {"name", "Name", "科目名称"},
                 {"currency", "Currency", "币种"},
                 {"debit", "Debit", "借方"},
                 {"credit", "Credit", "贷方"}},
                {}};
  if (account) report.columns.push_back({"balance", "Balance", "余额"});
  std::map<Currency, Int128> balance;
  for (const Entry* entry : entries) {
    if (!customer.empty() && texts_[entry->customer] != customer) continue;
    for (const Posting& posting : postings(*entry)) {
      if (account && posting.account != account->account) continue;
      const AccountInfo& info = account_info(posting.account);
      balance[entry->currency] += posting.balance_minor();
      if (entry->on(view.basis) < from) continue;
      std::vector<Cell> row{entry->on(view.basis),
                            static_cast<std::int64_t>(entry->seq),
                            std::int64_t{entry->index},
                            text_of(*entry),
                            texts_[entry->document],
                            texts_[entry->customer],
                            std::string(info.code),
                            std::string(info.name_en),
                            std::string(currency_code(entry->currency)),
                            posting.debit_minor != 0 ? amount_cell(posting.debit_minor, entry->currency) : Cell{},
                            posting.credit_minor != 0 ? amount_cell(posting.credit_minor, entry->currency) : Cell{}};
      if (account) row.push_back(sum_cell(balance[entry->currency], entry->currency));
      report.rows.push_back(std::move(row));
    }
  }
  return report;
}

}  // namespace o2c
