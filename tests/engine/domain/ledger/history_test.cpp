#include <random>

#include "tests/support/invoice_books.hpp"

// Random histories of invoices and cash. After every command: identities hold, every entry balances, and the books that follow from the events
// alone agree with the state, by customer and account, as of today and as of any other day.
namespace o2c::test {
namespace {

struct Movement {
  Date on;
  Account account;
  std::int64_t minor;
};

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    books_.on("2026-06-01")
        .given(publish_terms("THIRDS", {{.percent = "33.3", .days = 10},
                                        {.percent = "33.3", .months = 1, .end_of_month = true},
                                        {.days = 70}}),
               register_customer({.id = "C-2", .terms = "THIRDS"}));
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      ASSERT_EQ(broken(books_.state()), "") << "step " << i;
    }
    for (const char* customer : {"C-1", "C-2"}) expect_books(customer);
  }
  int accepted() const { return accepted_; }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string customer() { return below(2) ? "C-1" : "C-2"; }
  /// A day of the last months, most often left to the engine.
  std::string some_day() {
    return below(3) ? std::string{} : format_date(day("2026-01-01") + std::chrono::days{below(150)});
  }
  Money amount() { return {1 + below(200'00), Currency::CNY}; }
  std::string invoice() {
    const auto& rows = books_.state().invoices.rows();
    return rows.empty() ? "none" : rows[below(static_cast<unsigned>(rows.size()))].id;
  }
  std::string receipt() {
    const auto& rows = books_.state().receipts.rows();
    return rows.empty() ? "none" : rows[below(static_cast<unsigned>(rows.size()))].id;
  }
  std::vector<ApplicationSpec> named() {
    std::vector<ApplicationSpec> list;
    for (unsigned i = below(3); i > 0; --i)
      list.push_back({invoice(), below(2) ? std::optional{amount()} : std::nullopt});
    return list;
  }

  Wish anything() {
    switch (below(8)) {
      case 0:
      case 1:
        return issue_invoice({.lines = {{.price = "9.99", .quantity = std::to_string(1 + below(9))},
                                        {.price = "3.33", .tax_class = "reduced"}},
                              .customer = customer(),
                              .on = some_day()});
      case 2: return reverse_invoice(invoice(), some_day());
      case 3:
        return record_receipt({.amount = amount(),
                               .to = named(),
                               .mode = below(2) ? fb::AllocationMode::oldest_first : fb::AllocationMode::named,
                               .on = some_day(),
                               .customer = customer()});
      case 4:
        return apply_cash(receipt(), named(), some_day(),
                          below(2) ? fb::AllocationMode::oldest_first : fb::AllocationMode::named);
      case 5: return unapply_cash(receipt(), invoice(), below(2) ? std::optional{amount()} : std::nullopt, some_day());
      case 6:
        return below(3) ? refund_receipt(receipt(), below(2) ? std::optional{amount()} : std::nullopt, some_day())
                        : return_receipt(receipt(), some_day());
      default:
        return record_receipt(
            {.amount = amount(), .mode = fb::AllocationMode::none, .on = some_day(), .customer = customer()});
    }
  }

  void step() {
    const Done done = books_.when(anything());
    accepted_ += done.verdict ? 1 : 0;
    for (const fb::Event* event : done.events) {
      EXPECT_TRUE(broken_identities_of(books_.state(), *event).empty());
      const auto entry = postings_of(*event);
      ASSERT_TRUE(entry);
      std::int64_t balance = 0;
      for (const Posting& posting : entry->postings) {
        EXPECT_EQ(posting.debit_minor == 0, posting.credit_minor != 0);
        balance += posting.balance_minor();
        moved_[std::string(entry->customer)].push_back({entry->occurred_on, posting.account, posting.balance_minor()});
      }
      EXPECT_EQ(balance, 0);
    }
  }

  /// Balances at the end are those of the state; on no day was more applied than was there.
  void expect_books(const std::string& customer) {
    auto& moved = moved_[customer];
    std::ranges::sort(moved, {}, &Movement::on);  // what counts is where a day ends
    std::int64_t receivables = 0, advances = 0;
    for (std::size_t i = 0; i < moved.size(); ++i) {
      if (moved[i].account == Account::receivables) receivables += moved[i].minor;
      if (moved[i].account == Account::customer_advances) advances -= moved[i].minor;
      if (i + 1 < moved.size() && moved[i + 1].on == moved[i].on) continue;
      EXPECT_GE(receivables, 0) << customer << " as of " << format_date(moved[i].on);
      EXPECT_GE(advances, 0) << customer << " as of " << format_date(moved[i].on);
    }
    const Exposure& exposure = books_.state().customers.find(customer)->exposure;
    EXPECT_EQ(receivables, exposure.receivables_minor);
    EXPECT_EQ(advances, exposure.unapplied_minor);
  }

  TradingBooks books_;
  std::mt19937 random_;
  std::map<std::string, std::vector<Movement>> moved_;
  int accepted_ = 0;
};

TEST(GivenARandomHistory, WhenFoldedThenStateLedgerAndIdentitiesAgree) {
  int accepted = 0;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    History history(seed);
    history.run(150);
    accepted += history.accepted();
  }
  EXPECT_GT(accepted, 1000);  // most of what is tried happens
}

}  // namespace
}  // namespace o2c::test
