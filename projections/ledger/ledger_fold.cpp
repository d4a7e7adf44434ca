#include "projections/ledger/ledger_model.hpp"

namespace o2c {

std::uint32_t Ledger::intern(std::string_view text) {
  const auto known = text_numbers_.find(text);
  if (known != text_numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  text_numbers_.emplace(texts_.back(), number);  // a deque never moves its elements
  return number;
}

void Ledger::fold(const Fact& fact) {
  const auto made = postings_of(*fact.event);
  if (!made) return;
  Entry entry;
  entry.seq = fact.seq, entry.index = fact.index;
  entry.days = {days_of(made->posted_on), days_of(made->occurred_on)};
  entry.customer = intern(made->customer), entry.document = intern(made->document),
  entry.counterpart = intern(made->counterpart);
  entry.currency = made->currency, entry.event = made->event;
  entry.first_posting = static_cast<std::uint32_t>(postings_.size());
  entry.postings = static_cast<std::uint16_t>(made->postings.size());
  for (const Posting& posting : made->postings) {
    postings_.push_back(posting);
    accounts_[{entry.currency, posting.account}].add(entry.seq, entry.days,
                                                     {posting.debit_minor, posting.credit_minor});
  }
  entries_.push_back(entry);
}

std::optional<std::int64_t> Ledger::balance(const View& view, Account account, Currency currency) const {
  const auto at = accounts_.find({currency, account});
  return at == accounts_.end()
             ? 0
             : narrow(at->second.sum(view, date_of(std::numeric_limits<std::int32_t>::min())).balance());
}

Hash32 Ledger::content_hash() const {
  Sha256 hash;
  std::string line;
  for (const Entry& e : entries_) {
    line = fmt::format("{}.{} {} {} {} {}:", e.seq, e.index, e.days[0], e.days[1], currency_code(e.currency),
                       fb::EnumNameEventBody(e.event));
    for (const std::uint32_t text : {e.customer, e.document, e.counterpart})
      line += fmt::format("{}:{};", texts_[text].size(), texts_[text]);
    for (const Posting& p : postings(e))
      line += fmt::format("{} {} {};", account_info(p.account).code, p.debit_minor, p.credit_minor);
    hash.update(line);
  }
  return hash.finish();
}

}  // namespace o2c
