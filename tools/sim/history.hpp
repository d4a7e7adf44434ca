#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/domain/decide.hpp"
#include "tools/sim/swarm.hpp"

namespace o2c::sim {

using Builder = flatbuffers::FlatBufferBuilder;

/// What a command asks for, built into the envelope's buffer.
struct Body {
  fb::CommandBody type = fb::CommandBody::NONE;
  flatbuffers::Offset<void> offset;
  std::string actor = "clerk";
  std::optional<std::uint32_t> version;  // of the stream that it is about, where there is one
};

/// Draws commands that make sense on the books as they are, and, as often as the swarm wants, one that does not: another id, too much, another
/// state, a day before its cause. Looks at the engine's state only to choose what to ask for; nothing is checked with it.
class History {
 public:
  History(Random& random, const Swarm& swarm) : random_(random), swarm_(swarm) {}

  static constexpr std::size_t setup_steps = 48;
  /// Step `i` of what every company begins with: books, policies, users, customers, products, stock. Nothing when the swarm has not that many.
  std::optional<Body> setup(std::size_t i, Builder& b, const CompanyState* state, Date today);
  /// A command on an opened company, or nothing when its kind has nothing to work on just now.
  std::optional<Body> draw(Builder& b, const CompanyState& state, Date today);

  /// Orders may be fewer than before: the list of those worth working on is made anew.
  void after_recovery() { live_.clear(); }

 private:
  // history.cpp: how things are chosen.
  std::optional<Body> draw_kind(fb::CommandBody kind);
  bool odd() { return wrong_ && random_.chance(400'000); }
  std::string given_id(std::string_view prefix);
  std::string known(std::string_view id);
  std::string any_customer();
  std::string any_product();
  std::string any_place() { return "W-" + std::to_string(random_.below(swarm_.places) + 1); }
  const Order* order_where(bool (*fits)(const Order&));
  template <class T> const T* recent(const IdTable<T>& table, std::size_t n, bool (*fits)(const T&));
  std::int64_t quantity_of(const Product& product, std::int64_t most);
  std::int64_t money_up_to(std::int64_t minor);
  const fb::Date* some_day(std::optional<Date> earliest = {});

  // history_master.cpp
  Body open_company(Builder& b, Date today);
  Body customer(Builder& b, const std::string& id, bool change);
  Body credit_group(Builder& b);
  Body product(Builder& b, const std::string& id, bool change);
  Body user(Builder& b, const std::string& id, bool change);
  Body close_period(Builder& b);
  Body mark(Builder& b);
  Body partner(Builder& b);
  Body policy(Builder& b, fb::PolicyBody kind, Date from);

  // history_sales.cpp
  std::optional<flatbuffers::Offset<fb::DocumentRequest>> document(Builder& b, std::string_view customer);
  std::optional<Body> quote(Builder& b, fb::CommandBody kind);
  std::optional<Body> new_order(Builder& b);
  std::optional<Body> order_step(Builder& b, fb::CommandBody kind);
  std::optional<Body> stock(Builder& b, fb::CommandBody kind);
  std::optional<Body> shipment(Builder& b);
  std::optional<Body> delivery(Builder& b);

  // history_money.cpp
  std::optional<Body> invoice(Builder& b);
  std::optional<Body> manual_invoice(Builder& b);
  std::optional<Body> reversal(Builder& b);
  std::optional<Body> receipt(Builder& b);
  std::optional<Body> apply(Builder& b);
  std::optional<Body> unapply(Builder& b);
  std::optional<Body> pay_out(Builder& b, bool bounced);
  std::vector<flatbuffers::Offset<fb::Application>> applications(Builder& b, const std::string& customer,
                                                                 std::int64_t& total);

  Random& random_;
  const Swarm& swarm_;

  // Of the command being drawn.
  Builder* b_ = nullptr;
  const CompanyState* state_ = nullptr;
  Date today_;
  bool wrong_ = false;
  fb::Date day_;

  struct Live {
    std::vector<std::string> orders;
    std::size_t scanned = 0;
  };
  std::map<std::string, Live, std::less<>> live_;  // by company
};

template <class T>
Body body(flatbuffers::Offset<T> offset, std::string actor = "clerk", std::optional<std::uint32_t> version = {}) {
  return {fb::CommandBodyTraits<T>::enum_value, offset.Union(), std::move(actor), version};
}

/// The last `n` rows, tried at random a few times; null: none that fits.
template <class T> const T* History::recent(const IdTable<T>& table, std::size_t n, bool (*fits)(const T&)) {
  const auto& rows = table.rows();
  if (rows.empty()) return nullptr;
  n = std::min(n, rows.size());
  for (int tries = odd() ? 1 : 8; tries > 0; --tries) {
    const T& row = rows[rows.size() - 1 - static_cast<std::size_t>(random_.below(n))];
    if (odd() || fits(row)) return &row;
  }
  return nullptr;
}

}  // namespace o2c::sim
