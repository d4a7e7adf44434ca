#pragma once
#include <random>

#include "tests/support/sales_facts.hpp"

namespace o2c::test {

/// A random history of one company, the same for the same seed: quotes, orders, shipments, invoices and cash, early and late, over closed
/// periods. What the engine refuses is left out, as it would be in a journal.
class RandomTrade : public TradingBooks {
 public:
  explicit RandomTrade(std::uint32_t seed) : random_(seed) {
    given(register_customer({.id = "C-2",
                             .name = "Two",
                             .grade = "A",
                             .seller = "S-2",
                             .team = "T-1",
                             .region = "R-2",
                             .sold_to = {.country = "DE"}}),
          register_customer({.id = "C-3",
                             .name = "Three",
                             .currency = Currency::EUR,
                             .grade = "B",
                             .seller = "S-1",
                             .team = "T-2",
                             .sold_to = {.country = "DE"}}),
          register_product({.id = "P-2", .name = "Second", .category = "toys", .cost = "3.33"}),
          register_product({.id = "P-3", .name = "Third", .category = "tools", .tax_class = "reduced"}),
          goods_in("P-2"), goods_in("P-3"));
    on("2026-01-06");
  }
  void step() {
    if (below(4) == 0) on(format_date(today() + std::chrono::days{below(5)}));
    switch (below(16)) {
      case 0:
      case 1:
      case 2: when(order_of(id("O", ++orders_), document(), some_day())); break;
      case 3: when(draft()); break;
      case 4:
        when(create_quote(document(),
                          {.id = id("Q", ++quotes_), .send = below(3) > 0, .valid_until = {}, .on = some_day()}));
        break;
      case 5: when(accept_quote(any("Q", quotes_), id("O", ++orders_), some_day())); break;
      case 6:
        when(wish(
            [=, order = any("O", orders_)](Builder& b) { return fb::CreateConfirmOrder(b, b.CreateString(order)); }));
        break;
      case 7:
        when(wish([=, order = any("O", orders_), d = document()](Builder& b) {
          return fb::CreateReviseOrder(b, b.CreateString(order), build(b, d));
        }));
        break;
      case 8:
        when(goods_out(any("O", orders_), {{static_cast<std::uint16_t>(1 + below(3)), fmt::to_string(1 + below(4))}},
                       {}, some_day()));
        break;
      case 9:
      case 10: when(goods_out(any("O", orders_), {}, {}, some_day())); break;
      case 11: when(issue_invoice({.order = any("O", orders_), .id = id("I", ++invoices_), .on = some_day()})); break;
      case 12: close(); break;
      case 13:
        when(record_receipt({.amount = cny(fmt::to_string(1 + below(300))),
                             .mode = fb::AllocationMode::oldest_first,
                             .id = {},
                             .on = some_day(),
                             .customer = below(2) == 0 ? "C-1" : "C-2"}));
        break;
      case 14: when(reverse_invoice(any("I", invoices_), some_day())); break;
      default: change(); break;
    }
  }
  std::int32_t below(std::uint32_t n) { return static_cast<std::int32_t>(random_() % n); }

 private:
  static std::string id(const char* kind, int n) { return fmt::format("{}{}", kind, n); }
  std::string any(const char* kind, int count) {
    return id(kind, 1 + below(static_cast<std::uint32_t>(std::max(count, 1))));
  }
  std::string some_day() { return below(3) == 0 ? format_date(today() - std::chrono::days{below(12)}) : std::string{}; }
  DocumentSpec document() {
    DocumentSpec d{.customer = fmt::format("C-{}", 1 + below(3))};
    d.lines.clear();
    for (int i = 0; i <= below(3); ++i) {
      d.lines.push_back({.product = fmt::format("P-{}", 1 + below(3)),
                         .quantity = fmt::to_string(1 + below(7)),
                         .price = fmt::format("{}.{:02}", below(90), below(100)),
                         .unit = {},
                         .discount = below(2) == 0 ? fmt::to_string(below(40)) : std::string{},
                         .place = {},
                         .ship_to = static_cast<std::uint16_t>(below(2))});
    }
    d.ship_to = {{.name = "here", .country = "CN"}, {.name = "there", .country = "FR"}};
    return d;
  }
  Wish draft() {
    return wish([order = id("O", ++orders_), d = document()](Builder& b) {
      return fb::CreateCreateOrder(b, b.CreateString(order), build(b, d));
    });
  }
  void close() {
    const std::string order = any("O", orders_);
    if (below(2) == 0)
      when(wish(
          [=](Builder& b) { return fb::CreateCancelOrder(b, b.CreateString(order), b.CreateString("not wanted")); }));
    else
      when(wish([=](Builder& b) {
        return fb::CreateShortCloseOrder(b, b.CreateString(order), 0, b.CreateString("no more"));
      }));
  }
  void change() {
    if (below(3) == 0) when(close_period(format_date(today() - std::chrono::days{5 + below(10)})));
    else if (below(2) == 0) when(register_customer({.id = fmt::format("C-{}", 4 + below(3)), .name = "Late"}));
    else
      when(change_product({.id = "P-2",
                           .name = fmt::format("Second {}", below(9)),
                           .category = below(2) == 0 ? "toys" : "games",
                           .cost = "3.50"}));
  }

  std::mt19937 random_;
  int orders_ = 0, quotes_ = 0, invoices_ = 0;
};

}  // namespace o2c::test
