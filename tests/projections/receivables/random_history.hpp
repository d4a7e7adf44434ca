#pragma once
#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/facts.hpp"

namespace o2c::test {

/// What a fact did, in plain words beside its FlatBuffers form: a naive recomputation starts from these.
struct Step {
  enum class Kind { issued, reversed, received, applied, unapplied, returned, refunded } kind;
  std::uint64_t seq;
  Date occurred_on, posted_on;
  std::size_t invoice = 0, receipt = 0;  // numbers, where the kind has them
  std::vector<std::int64_t> shares;      // by instalment
  std::int64_t amount = 0;
  Date on(Basis basis) const { return basis == Basis::posting ? posted_on : occurred_on; }
  bool visible(const View& view) const { return seq <= view.known && on(view.basis) <= view.as_of; }
};

/// Receivables as they come and go, by the rules of the trade: invoices in instalments, receipts applied in parts, taken off again,
/// bounced, refunded, invoices reversed; recorded late, closed periods, two currencies, a payer for another's invoice.
class RandomHistory {
 public:
  static constexpr Date begin = Date{std::chrono::year{2024} / 1 / 1};

  explicit RandomHistory(unsigned seed) : random_(seed) {}

  void grow(std::size_t entries) {
    for (std::size_t i = 0; i < entries; ++i) {
      ++seq_;
      today_ += std::chrono::days{roll(4) == 0 ? 1 : 0};
      if (roll(200) == 0) first_open_ = std::max(first_open_, today_ - std::chrono::days{roll(20)});
      act(roll(100));
    }
  }

  const std::vector<Fact>& facts() const { return facts_.all(); }
  const std::vector<Step>& steps() const { return steps_; }
  const InvoiceSpec& invoice(std::size_t i) const { return invoices_[i].spec; }
  const ReceiptSpec& receipt(std::size_t i) const { return receipts_[i].spec; }
  std::size_t invoice_count() const { return invoices_.size(); }
  std::size_t receipt_count() const { return receipts_.size(); }
  std::uint64_t head() const { return seq_; }
  Date today() const { return today_; }
  std::size_t roll(std::size_t below) { return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_); }

 private:
  struct Cash {
    std::size_t invoice;
    std::vector<std::int64_t> shares;
    Date last_on;
  };
  struct InvoiceState {
    InvoiceSpec spec;
    std::vector<std::int64_t> open;
    bool reversed = false;
    Date last_on, reopened_on;
  };
  struct ReceiptState {
    ReceiptSpec spec;
    std::int64_t unapplied = 0;
    std::vector<Cash> cash;
    Date last_on, reopened_on;
  };

  /// A day not before `earliest`, often some days ago: recorded late.
  At some_day(Date earliest) {
    const Date on = std::max(earliest, today_ - std::chrono::days{roll(3) == 0 ? roll(60) : 0});
    return {seq_, on, std::max(on, first_open_)};
  }
  Step& note(Step::Kind kind, const At& at) {
    return steps_.emplace_back(Step{kind, at.seq, at.occurred_on, at.posted_on});
  }
  DimensionsSpec some_customer() {
    const std::size_t c = roll(7);
    return {"C" + std::to_string(c),       c < 4 ? "CN" : "DE", "R" + std::to_string(c % 3),
            "S" + std::to_string(roll(3)), c % 2 ? "T1" : "",   "G" + std::to_string(roll(2))};
  }

  void act(std::size_t chance) {
    if (chance < 35 || invoices_.empty()) return issue();
    if (chance < 60 || receipts_.empty()) return receive();
    const std::size_t receipt = receipts_.size() - 1 - std::min(roll(receipts_.size()), roll(receipts_.size()));
    if (chance < 78) return apply(receipt);
    if (chance < 90) return unapply(receipt);
    if (chance < 94) return pay_out(receipt);
    reverse(roll(invoices_.size()));
  }
  void issue() {
    const At at = some_day(begin);
    InvoiceState& state = invoices_.emplace_back();
    InvoiceSpec& spec = state.spec;
    spec.id = "I" + std::to_string(invoices_.size());
    spec.dimensions = some_customer();
    spec.currency = roll(4) == 0 ? Currency::JPY : Currency::USD;
    if (roll(2) == 0)
      spec.attributes = {{"channel", roll(2) == 0 ? "web" : "shop"}, {"disputed", roll(3) == 0 ? "Yes" : "No"}};
    spec.issued_on = at.occurred_on, spec.posted_on = at.posted_on;
    for (std::size_t i = 0, parts = roll(5) == 0 ? 3 : 1; i < parts; ++i) {
      spec.parts.push_back({at.occurred_on + std::chrono::days{30 * i + roll(40)},
                            static_cast<std::int64_t>(roll(500'00) + (roll(30) == 0 ? 0 : 1))});
      state.open.push_back(spec.parts.back().amount_minor);
    }
    state.last_on = state.reopened_on = at.occurred_on;
    facts_.issued(at, spec);
    Step& step = note(Step::Kind::issued, at);
    step.invoice = invoices_.size() - 1, step.shares = state.open;
  }
  void receive() {
    const At at = some_day(begin);
    ReceiptState& state = receipts_.emplace_back();
    state.spec = {"R" + std::to_string(receipts_.size()),
                  some_customer(),
                  roll(4) == 0 ? Currency::JPY : Currency::USD,
                  static_cast<std::int64_t>(roll(700'00) + 1),
                  {},
                  at.occurred_on};
    state.unapplied = state.spec.amount_minor;
    state.last_on = state.reopened_on = at.occurred_on;
    facts_.received(at, state.spec);
    Step& step = note(Step::Kind::received, at);
    step.receipt = receipts_.size() - 1, step.amount = state.spec.amount_minor;
    for (std::size_t i = roll(3); i > 0; --i) apply(receipts_.size() - 1);  // in the same entry
  }
  void apply(std::size_t receipt) {
    ReceiptState& from = receipts_[receipt];
    const bool any_debtor = roll(10) == 0;
    for (std::size_t i = 0; i < invoices_.size(); ++i) {
      InvoiceState& to = invoices_[i];
      std::int64_t left = std::min<std::int64_t>(
          from.unapplied, roll(3) == 0 ? static_cast<std::int64_t>(roll(200'00) + 1) : from.unapplied);
      if (to.spec.currency != from.spec.currency ||
          (!any_debtor && to.spec.dimensions.customer != from.spec.dimensions.customer))
        continue;
      if (left == 0 || std::all_of(to.open.begin(), to.open.end(), [](std::int64_t open) { return open == 0; }))
        continue;
      Cash cash{i, std::vector<std::int64_t>(to.open.size(), 0), {}};
      std::int64_t sum = 0;
      for (std::size_t part = 0; part < to.open.size(); ++part) {
        const std::int64_t share = std::min(left, to.open[part]);
        cash.shares[part] = share, to.open[part] -= share, left -= share, sum += share;
      }
      const At at = some_day(std::max(from.reopened_on, to.reopened_on));
      from.unapplied -= sum;
      cash.last_on = at.occurred_on;
      from.last_on = std::max(from.last_on, at.occurred_on), to.last_on = std::max(to.last_on, at.occurred_on);
      facts_.applied(at, from.spec, to.spec, cash.shares);
      Step& step = note(Step::Kind::applied, at);
      step.invoice = i, step.receipt = receipt, step.shares = cash.shares, step.amount = sum;
      from.cash.push_back(std::move(cash));
      return;
    }
  }
  void unapply(std::size_t receipt) {
    ReceiptState& from = receipts_[receipt];
    if (from.cash.empty()) return;
    const Cash cash = from.cash.back();
    from.cash.pop_back();
    InvoiceState& to = invoices_[cash.invoice];
    const At at = some_day(cash.last_on);
    std::int64_t sum = 0;
    for (std::size_t part = 0; part < to.open.size(); ++part)
      to.open[part] += cash.shares[part], sum += cash.shares[part];
    from.unapplied += sum;
    from.reopened_on = std::max(from.reopened_on, at.occurred_on),
    to.reopened_on = std::max(to.reopened_on, at.occurred_on);
    from.last_on = std::max(from.last_on, at.occurred_on), to.last_on = std::max(to.last_on, at.occurred_on);
    facts_.unapplied(at, from.spec, to.spec, cash.shares);
    Step& step = note(Step::Kind::unapplied, at);
    step.invoice = cash.invoice, step.receipt = receipt, step.shares = cash.shares, step.amount = sum;
  }
  void pay_out(std::size_t receipt) {
    while (!receipts_[receipt].cash.empty() && roll(2) == 0) unapply(receipt);
    ReceiptState& from = receipts_[receipt];
    if (from.unapplied == 0) return;
    const bool bounced = roll(2) == 0;
    const std::int64_t amount =
        bounced ? from.unapplied : static_cast<std::int64_t>(roll(static_cast<std::size_t>(from.unapplied)) + 1);
    const At at = some_day(from.last_on);
    from.unapplied -= amount;
    from.last_on = at.occurred_on;
    bounced ? facts_.returned(at, from.spec, amount) : facts_.refunded(at, from.spec, amount);
    Step& step = note(bounced ? Step::Kind::returned : Step::Kind::refunded, at);
    step.receipt = receipt, step.amount = amount;
  }
  void reverse(std::size_t invoice) {
    InvoiceState& state = invoices_[invoice];
    for (std::size_t i = 0; i < state.open.size(); ++i)
      if (state.open[i] != state.spec.parts[i].amount_minor) return;
    if (state.reversed) return;
    const At at = some_day(state.last_on);
    Step& step = note(Step::Kind::reversed, at);
    step.invoice = invoice, step.shares = state.open;
    state.open.assign(state.open.size(), 0);
    state.reversed = true;
    facts_.reversed(at, state.spec);
  }

  std::mt19937 random_;
  std::uint64_t seq_ = 0;
  Date today_ = begin + std::chrono::days{40}, first_open_ = begin;
  Facts facts_;
  std::vector<Step> steps_;
  std::vector<InvoiceState> invoices_;
  std::vector<ReceiptState> receipts_;
};

}  // namespace o2c::test
