#include <random>

#include "engine/domain/company/identities.hpp"
#include "tests/support/order_books.hpp"

namespace o2c::test {
namespace {

/// Random commands of a small world, the same for the same seed: the generator's own numbers are used, no distribution of a library.
class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed) {
    books_.given(set_credit_group("G", cny("9000")), register_customer({.credit_limit = cny("6000")}),
                 register_customer({.id = "C-2", .credit_limit = cny("8000"), .credit_group = "G"}),
                 register_customer({.id = "C-3", .credit_group = "G"}));
    books_.given(register_product({}), register_product({.id = "P-2", .unit = "kg", .decimals = 3, .cost = "7.77"}));
    for (const char* user : {"anna", "bert", "carl"})
      books_.given(register_user(user, {"manager", "credit_manager"}, cny("100000")));
    books_.given(publish_approval("large", {.total_from = cny("2500")}),
                 publish_stock({.days = 1, .places = {"B", "A"}, .over_delivery = "10"}));
  }
  /// One command; what it is called, and whether it was accepted.
  void step() {
    const std::uint32_t what = below(100);
    books_.as(pick({"anna", "bert", "carl"}));
    if (what < 8) try_("receive", receive_stock(place(), {{product(), number(60)}}));
    else if (what < 10) try_("count", count_stock(place(), {{product(), number(80)}}));
    else if (what < 14) try_("transfer", transfer_stock(place(), place(), {{product(), number(9)}}));
    else if (what < 30) try_("create", create_order(document(), {.confirm = below(2) == 0}));
    else if (what < 33) try_("revise", revise_order(one(draft), document()));
    else if (what < 42) try_("confirm", confirm_order(one(draft)));
    else if (what < 46) try_("approve", approve_order(one(pending)));
    else if (what < 48) try_("reject", reject_order(one(pending)));
    else if (what < 50) try_("withdraw", withdraw_order(one(pending)));
    else if (what < 54) try_("hold", hold_order(one(running), hold()));
    else if (what < 60) try_("release", release());
    else if (what < 63) try_("cancel", cancel_order(one(running)));
    else if (what < 66) try_("short_close", below(2) ? short_close(one(running)) : short_close(one(running), {1}));
    else if (what < 70) try_("reserve", reserve_order(one(running)));
    else if (what < 73) try_("expire", expire_reservation(one(reserved)));
    else if (what < 84) try_("ship", shipment(one(running)));
    else if (what < 90) try_("bill", bill_order(one(running)));
    else if (what < 96) books_.on(format_date(books_.today() + std::chrono::days{1}));
    else if (what < 98) try_("limit", change_customer({.credit_limit = cny(number(12000))}));
    else try_("rules", publish_credit(static_cast<fb::OverLimit>(below(3)), below(2) == 0));
  }
  const Books& books() const { return books_; }
  const std::map<std::string, std::pair<int, int>>& counts() const { return counts_; }

 private:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  const char* pick(std::vector<const char*> from) { return from[below(static_cast<std::uint32_t>(from.size()))]; }
  std::string place() { return pick({"A", "B", "C"}); }
  std::string product() { return pick({"P-1", "P-2"}); }
  std::string number(std::uint32_t end) { return std::to_string(1 + below(end)); }
  // Mostly an order that the command is meant for, at times any.
  static bool draft(const Order& o) { return o.status == OrderStatus::draft; }
  static bool pending(const Order& o) { return o.status == OrderStatus::pending_approval; }
  static bool running(const Order& o) { return o.status == OrderStatus::confirmed && !is_completed(o); }
  static bool reserved(const Order& o) { return o.reservation_expires_on.has_value(); }
  static bool held(const Order& o) { return o.holds != 0; }
  std::string one(bool (*wanted)(const Order&)) {
    const auto& orders = books_.state().orders.rows();
    if (orders.empty()) return "SO-1";
    std::size_t at = below(static_cast<std::uint32_t>(orders.size()));
    for (std::size_t i = 0; below(8) != 0 && i < orders.size() && !wanted(orders[at]); ++i)
      at = (at + 1) % orders.size();
    return orders[at].id;
  }
  Wish release() {
    const std::string id = one(held);
    const Order* order = books_.state().orders.find(id);
    fb::HoldKind kind = hold();
    for (const fb::HoldKind set : fb::EnumValuesHoldKind())
      if (order && order->on_hold(set)) kind = set;
    return release_order(id, kind, below(2) == 0 && kind == fb::HoldKind::credit);
  }
  fb::HoldKind hold() { return static_cast<fb::HoldKind>(below(4)); }
  DocumentSpec document() {
    DocumentSpec d;
    d.customer = pick({"C-1", "C-2", "C-3"});
    d.lines.clear();
    for (std::uint32_t i = 0; i <= below(3); ++i)
      d.lines.push_back(
          {.product = product(), .quantity = number(30), .price = number(90), .place = below(8) ? "" : place()});
    if (below(4) == 0) d.freight = cny(number(40));
    return d;
  }
  Wish shipment(const std::string& order) {
    if (below(2)) return ship(order);
    return ship(
        order,
        {{.line = static_cast<std::uint16_t>(1 + below(2)), .quantity = number(20), .place = below(2) ? "" : place()}});
  }
  void try_(const std::string& name, const Wish& wish) {
    (books_.when(wish).verdict ? counts_[name].first : counts_[name].second) += 1;
  }

  std::mt19937 random_;
  Books books_;
  std::map<std::string, std::pair<int, int>> counts_;
};

TEST(GivenRandomHistory, WhenEveryCommandIsTriedThenEveryIdentityHoldsAfterEach) {
  std::map<std::string, std::pair<int, int>> counts;
  for (std::uint32_t seed = 1; seed <= 24; ++seed) {
    World world(seed);
    for (int i = 0; i < 200; ++i) {
      world.step();
      const std::vector<std::string> broken = broken_identities(world.books().state());
      ASSERT_TRUE(broken.empty()) << "seed " << seed << ", command " << i << ": "
                                  << fmt::format("{}", fmt::join(broken, "; "));
    }
    for (const auto& [name, count] : world.counts())
      counts[name].first += count.first, counts[name].second += count.second;
  }
  EXPECT_EQ(counts.size(), 19u);
  for (const auto& [name, count] : counts)
    EXPECT_GE(count.first, 8) << name << " was hardly ever accepted: the history proves little about it";
}

}  // namespace
}  // namespace o2c::test
