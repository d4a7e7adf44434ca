// Many clients at once on the last items, the last credit and the next number: one sequence decides, so what is granted is exact.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <set>
#include <thread>

#include "engine/domain/company/identities.hpp"
#include "engine/domain/company/rows.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/rocks_state_store.hpp"
#include "tests/support/invoice_books.hpp"
#include "tests/support/order_books.hpp"
#include "tests/support/requests.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

constexpr std::uint64_t clients = 64, orders_each = 5;

/// It is noon of one day all the time.
class StandingClock final : public Clock {
 public:
  Instant now() override { return *parse_instant("2026-03-02T12:00:00Z"); }
  Date business_date(Instant, std::string_view) override { return day("2026-03-02"); }
  bool knows_zone(std::string_view) override { return true; }
};

/// An engine on the embedded journal, with as many lanes as asked.
class Running {
 public:
  explicit Running(std::uint32_t lanes) {
    auto journal = open_embedded_journal(
        {.path = directory_.path() / "data", .lanes = lanes, .now = [this] { return clock_.now(); }});
    EXPECT_TRUE(journal);
    journal_ = std::move(*journal);
    std::vector<std::unique_ptr<StateStore>> stores;
    for (LaneId lane = 0; lane < lanes; ++lane)
      stores.push_back(std::move(*open_rocks_state_store(directory_.path() / "state" / std::to_string(lane))));
    engine_ = std::make_unique<Engine>(*journal_, std::move(stores), clock_, EngineOptions{});
    EXPECT_TRUE(engine_->recover());
    EXPECT_TRUE(engine_->start());
  }
  ~Running() { EXPECT_TRUE(engine_->close()); }

  /// Sends a command and waits for its outcome, as a client does.
  fb::Outcome send(std::string_view company, std::uint64_t command_id, const Wish& wish) {
    Request request = request_of(company, command_id, wish);
    WaitingSink sink;
    request.sink = &sink;
    engine_->submit_waiting({&request, 1});
    const Reply& reply = sink.wait();
    EXPECT_EQ(reply.status, Reply::Status::decided);
    return reply.frame.entry->outcome();
  }
  void prepare(std::string_view company, const std::vector<Wish>& wishes) {
    std::uint64_t id = std::uint64_t{1} << 40;
    for (const Wish& wish : wishes) EXPECT_EQ(send(company, ++id, wish), fb::Outcome::accepted);
  }
  /// Every client sends its commands at the same time as all others. returns how many were accepted
  std::uint64_t all_at_once(std::string_view company, const std::function<Wish(std::uint64_t number)>& command) {
    std::atomic<std::uint64_t> accepted{0};
    std::barrier together(clients);
    std::vector<std::thread> threads;
    for (std::uint64_t client = 0; client < clients; ++client) {
      threads.emplace_back([&, client] {
        together.arrive_and_wait();
        for (std::uint64_t i = 0; i < orders_each; ++i) {
          const std::uint64_t number = client * orders_each + i + 1;
          if (send(company, number, command(number)) == fb::Outcome::accepted) ++accepted;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return accepted;
  }
  void look(std::string_view company, const std::function<void(const CompanyState&)>& f) {
    const auto seen = engine_->inspect(company, [&](const CompanyState* state) {
      ASSERT_NE(state, nullptr);
      EXPECT_THAT(broken_identities(*state), testing::IsEmpty());
      f(*state);
    });
    EXPECT_TRUE(seen);
  }

 private:
  TemporaryDirectory directory_;
  StandingClock clock_;
  std::unique_ptr<EmbeddedJournal> journal_;
  std::unique_ptr<Engine> engine_;
};

/// The books that every test begins with: no tax, so that amounts are easy to see.
std::vector<Wish> opening() {
  return {open_company(),
          publish_tax({{.rate = "0"}, {.tax_class = "freight", .rate = "0"}}),
          publish_terms("NET30", {{.days = 30}}),
          publish_credit(fb::OverLimit::refuse),
          publish_stock({.when_short = fb::WhenShort::refuse}),
          register_product({.id = "P-1"})};
}
Wish one_order(std::uint64_t number) {
  return create_order({.customer = "C-1", .lines = {{.product = "P-1", .quantity = "1", .price = "10"}}},
                      {.id = fmt::format("O-{}", number), .confirm = true});
}

TEST(GivenManyClientsAndOneSku, WhenAllOrderAtOnceThenExactlyTheStockIsGranted) {
  Running running(1);
  running.prepare("ACME", opening());
  running.prepare("ACME-2", {open_company()});  // another company on the same lane
  std::uint64_t id = std::uint64_t{1} << 50;
  EXPECT_EQ(running.send("ACME", ++id, register_customer({.id = "C-1"})), fb::Outcome::accepted);
  EXPECT_EQ(running.send("ACME", ++id, goods_in("P-1", "100")), fb::Outcome::accepted);
  EXPECT_EQ(running.all_at_once("ACME", one_order), 100U);
  running.look("ACME", [](const CompanyState& state) {
    std::int64_t reserved = 0;
    for (const StockAt& at : state.products.find("P-1")->stock) reserved += at.reserved;
    EXPECT_EQ(reserved, 100 * one_quantity);
    EXPECT_EQ(state.orders.size(), 100U);
  });
}

TEST(GivenManyClientsAndOneLimit, WhenAllOrderAtOnceThenExactlyTheLimitIsGranted) {
  Running running(1);
  running.prepare("ACME", opening());
  std::uint64_t id = std::uint64_t{1} << 50;
  const Wish customer = register_customer({.id = "C-1", .credit_limit = cny("374.99")});  // 37 orders of 10
  EXPECT_EQ(running.send("ACME", ++id, customer), fb::Outcome::accepted);
  EXPECT_EQ(running.send("ACME", ++id, goods_in("P-1", "1000")), fb::Outcome::accepted);
  EXPECT_EQ(running.all_at_once("ACME", one_order), 37U);
  running.look(
      "ACME", [](const CompanyState& state) { EXPECT_EQ(state.customers.find("C-1")->exposure.orders_minor, 370'00); });
}

TEST(GivenManyClientsAndOneSeries, WhenAllInvoiceAtOnceThenTheNumbersHaveNoGap) {
  Running running(1);
  running.prepare("ACME", opening());
  std::uint64_t id = std::uint64_t{1} << 50;
  EXPECT_EQ(running.send("ACME", ++id, register_customer({.id = "C-1"})), fb::Outcome::accepted);
  // Every third one is refused: it names a customer that is not there.
  const auto command = [](std::uint64_t number) {
    return issue_invoice({.lines = {{.description = "service", .net = cny("10")}},
                          .customer = number % 3 == 0 ? "C-9" : "C-1",
                          .id = fmt::format("I-{}", number)});
  };
  const std::uint64_t accepted = running.all_at_once("ACME", command);
  EXPECT_EQ(accepted, clients * orders_each - clients * orders_each / 3);
  running.look("ACME", [&](const CompanyState& state) {
    std::set<std::string> numbers;
    for (const Invoice& invoice : state.invoices.rows()) numbers.insert(invoice.number);
    EXPECT_EQ(numbers.size(), accepted);
    for (std::uint64_t n = 1; n <= accepted; ++n) EXPECT_TRUE(numbers.contains(fmt::format("INV-{}", n))) << n;
  });
}

/// Four companies get the same commands from a thread each; returns their state roots.
std::map<std::string, Hash32> roots_on(std::uint32_t lanes) {
  Running running(lanes);
  std::vector<std::thread> threads;
  const std::vector<std::string> companies{"北京", "ACME", "Müller", "O'Neill"};
  for (const std::string& company : companies) {
    threads.emplace_back([&running, company] {
      running.prepare(company, opening());
      std::uint64_t id = 0;
      running.send(company, ++id, register_customer({.id = "C-1", .credit_limit = cny("300")}));
      running.send(company, ++id, goods_in("P-1", "50"));
      for (std::uint64_t number = 1; number <= 40; ++number) {
        running.send(company, ++id, one_order(number));
        if (number % 2 == 0) running.send(company, ++id, goods_out(fmt::format("O-{}", number)));
        if (number % 4 == 0) running.send(company, ++id, issue_invoice({.order = fmt::format("O-{}", number)}));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::map<std::string, Hash32> roots;
  for (const std::string& company : companies)
    running.look(company, [&](const CompanyState& state) { roots[company] = state_root(state); });
  return roots;
}

TEST(GivenCompaniesOnLanes, WhenTheNumberOfLanesDiffersThenTheStateRootsAreEqual) {
  const auto one = roots_on(1);
  EXPECT_EQ(one.size(), 4U);
  EXPECT_EQ(roots_on(2), one);
  EXPECT_EQ(roots_on(8), one);
}

}  // namespace
}  // namespace o2c::test
