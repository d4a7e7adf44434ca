#pragma once
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/domain/ledger/ledger.hpp"
#include "events/base/checked.hpp"
#include "events/base/result.hpp"
#include "projections/runtime/block_sums.hpp"
#include "projections/runtime/fact.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

/// Which postings the journal shows; empty: all.
struct JournalFilter {
  std::string account, customer;
};

/// One cell of the trial balance: opening, debit, credit or closing of an account; or of "total".
struct TrialBalanceCell {
  std::string account;
  Currency currency = Currency::XXX;
  std::string column;
};

/// The general ledger of one company in double entry.
///
/// Rows     one entry for each event that moves an account, as postings_of() (engine/domain/ledger) derives it; nothing is stored twice.
///          Every entry balances, so the trial balance does at any view.
/// Figures  minor units of the document's currency; currencies are never added up.
/// Cost     trial_balance: accounts × log of the history. journal, explain: the entries.
/// Threads  fold by one; queries by any number while nobody folds.
class Ledger {
 public:
  /// Facts in the journal's order; those that move no account are passed over.
  void fold(const Fact& fact);

  /// account, name, name_zh, currency, opening_debit, opening_credit, debit, credit, closing_debit, closing_credit; one row for each
  /// account with postings, and a row "total" for each currency, in which debit equals credit three times.
  Report trial_balance(const View& view, const Period& period = {}) const;
  /// Every posting of the period by day, then position. With an account: its balance after each posting too, begun with what was there
  /// before the period.
  /// errors  not_found: no such account.
  Result<Report> journal(const View& view, const Period& period = {}, const JournalFilter& filter = {}) const;
  /// The facts whose amounts sum to the cell. Balances are debit − credit; of the row "total" debit and credit.
  /// errors  not_found: no such row; invalid_input: no such column.  cost  the trial balance and the entries.
  Result<std::vector<Contribution>> explain(const View& view, const Period& period, const TrialBalanceCell& cell) const;

  /// Debit − credit of an account at the view.
  std::optional<std::int64_t> balance(const View& view, Account account, Currency currency) const;

  /// SHA-256 over all entries: equal for the live one and one rebuilt up to the same position.
  Hash32 content_hash() const;

 private:
  struct Entry {
    std::uint64_t seq = 0;
    std::uint32_t index = 0;
    std::array<std::int32_t, 2> days{};  // by posting, by business
    std::uint32_t customer = 0, document = 0, counterpart = 0, first_posting = 0;
    std::uint16_t postings = 0;
    Currency currency = Currency::XXX;
    fb::EventBody event = fb::EventBody::NONE;
    Date on(Basis basis) const { return date_of(days[static_cast<std::size_t>(basis)]); }
  };
  struct Turnover {
    Int128 debit = 0, credit = 0;
    Int128 balance() const { return debit - credit; }
    void add(const Turnover& other) { debit += other.debit, credit += other.credit; }
  };

  std::uint32_t intern(std::string_view text);
  /// Entries that the view knows, dated from..until, by day, then position.
  std::vector<const Entry*> visible(const View& view, Date from, Date until) const;
  Report journal_of(const View& view, Date from, const std::vector<const Entry*>& entries, const AccountInfo* account,
                    std::string_view customer) const;
  std::span<const Posting> postings(const Entry& entry) const {
    return {postings_.data() + entry.first_posting, entry.postings};
  }
  std::string text_of(const Entry& entry) const;

  std::vector<Entry> entries_;
  std::vector<Posting> postings_;
  std::map<std::pair<Currency, Account>, BlockSums<Turnover>> accounts_;
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> text_numbers_;
};

}  // namespace o2c
