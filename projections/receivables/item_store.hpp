#pragma once
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "projections/receivables/alive_index.hpp"
#include "projections/receivables/flow_index.hpp"
#include "projections/receivables/group.hpp"
#include "projections/receivables/sums.hpp"

namespace o2c {

/// No name, no movement. (Not called "none": enumerators and members of others are.)
inline constexpr std::uint32_t no_number = ~std::uint32_t{0};
inline constexpr std::uint32_t empty_name = 0, all_name = 1;  // interned first

/// Texts by number, each kept once.
class Names {
 public:
  Names() = default;
  Names(Names&&) noexcept = default;  // texts stay where they are; a copy's numbers would point to the original's
  Names& operator=(Names&&) noexcept = default;
  std::uint32_t intern(std::string_view text);
  std::uint32_t find(std::string_view text) const;  // no_number: never seen
  const std::string& text(std::uint32_t name) const { return texts_[name]; }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

enum class MoveKind : std::uint8_t { issued, reversed, received, applied, unapplied, returned, refunded };

/// Before all history: settled items count too.
inline constexpr Date ever = Date{std::chrono::days{std::numeric_limits<std::int32_t>::min()}};

/// One fact's effect on one instalment of an item. Never changed, never removed: a view picks those that it knows.
struct Movement {
  std::uint64_t seq = 0;
  std::int64_t amount = 0;  // added to the balance: invoices positive, receipts negative
  std::uint32_t index = 0;  // of the event in its entry
  std::uint32_t item = 0;
  std::uint32_t next = no_number;      // of the same item
  std::array<std::int32_t, 2> days{};  // by posting and by business
  std::int32_t collection_days = 0;    // cash on an invoice: day of receipt − day of invoice
  std::uint16_t instalment = 0;
  MoveKind kind = MoveKind::issued;

  Date on(Basis basis) const { return date_of(days[static_cast<std::size_t>(basis)]); }
  Date occurred_on() const { return on(Basis::business); }
  bool visible(const View& view) const { return seq <= view.known && on(view.basis) <= view.as_of; }
};

/// An amount that falls due on a day. A receipt has one, due when it was received.
struct DuePart {
  Date due_date;
  std::int64_t amount = 0;  // as issued
  std::int64_t open = 0;    // at head
};

enum class ItemKind : std::uint8_t { invoice, receipt };

/// An invoice or a receipt, with the dimensions frozen in it.
struct Item {
  std::uint32_t id = 0;
  std::uint32_t number = 0;                // legal number; bank reference of a receipt
  std::uint32_t credit_note = empty_name;  // legal number of the reversal
  std::uint32_t dimensions = 0;
  std::uint32_t place = 0;  // among the customer's items
  std::uint32_t first_part = 0, first_attribute = 0;
  std::uint16_t parts = 0, attributes = 0;
  std::uint32_t first_move = no_number, last_move = no_number;
  Currency currency = Currency::XXX;
  bool is_receipt = false;
  std::array<std::int32_t, 2> latest{};  // day of its facts, by posting and by business
  Life life;
};

/// All items with their movements, and the indexes over them. Grows by facts only.
class ItemStore {
 public:
  using Dimensions = std::array<std::uint32_t, dimension_count>;  // names, by dimension

  void issue(const Fact& fact, const fb::InvoiceIssued& body);
  void reverse(const Fact& fact, const fb::InvoiceReversed& body);
  void receive(const Fact& fact, const fb::ReceiptRecorded& body);
  void apply(const Fact& fact, const fb::CashApplied& body) { move_cash(fact, body, MoveKind::applied); }
  void unapply(const Fact& fact, const fb::CashUnapplied& body) { move_cash(fact, body, MoveKind::unapplied); }
  void pay_out(const Fact& fact, std::string_view receipt, std::int64_t amount, MoveKind kind);

  /// Calls visit(item number, item), in order of creation, for each item of the filter that is begun at the view and may be open
  /// on `alive_on` or later.
  template <class F> void visit(const View& view, Date alive_on, const Selection& selection, F&& visit) const {
    if (selection.nothing) return;
    const auto take = [&](std::uint32_t number) {
      if (matches(items_[number], selection)) visit(number, items_[number]);
    };
    if (selection.customer == no_number)
      return alive_.visit(view, alive_on, [&](std::size_t number) { take(static_cast<std::uint32_t>(number)); });
    const auto customer = customers_.find(selection.customer);
    if (customer == customers_.end()) return;
    customer->second.alive.visit(view, alive_on, [&](std::size_t place) { take(customer->second.items[place]); });
  }
  /// Items that are not settled at the view, with the open amount of each part: visit(item number, item, open).
  template <class F> void visit_open(const View& view, const Selection& selection, F&& visit_item) const {
    std::vector<std::int64_t> open;
    visit(view, view.as_of + std::chrono::days{1}, selection, [&](std::uint32_t number, const Item& item) {
      open_parts(item, view, open);
      if (std::any_of(open.begin(), open.end(), [](std::int64_t amount) { return amount != 0; }))
        visit_item(number, item, std::span<const std::int64_t>(open));
    });
  }
  /// Calls visit(movement) for those the view knows, in journal order.
  template <class F> void visit_moves(const Item& item, const View& view, F&& visit) const {
    for (std::uint32_t at = item.first_move; at != no_number && moves_[at].seq <= view.known; at = moves_[at].next) {
      if (moves_[at].visible(view)) visit(moves_[at]);
    }
  }
  /// Calls visit(dimensions, currency, flows) for each set of dimensions that occurs.
  template <class F> void visit_flows(F&& visit) const {
    for (const auto& [key, flows] : flows_) visit(dimensions_[key.first], key.second, flows);
  }

  /// Null: no such item was ever folded.
  const Item* find(ItemKind kind, std::string_view id) const;
  void open_parts(const Item& item, const View& view, std::vector<std::int64_t>& open) const;
  std::span<const DuePart> parts(const Item& item) const { return {parts_.data() + item.first_part, item.parts}; }
  std::span<const Movement> moves() const { return moves_; }
  std::span<const Item> items() const { return items_; }
  const std::string& text(std::uint32_t name) const { return names_.text(name); }
  const std::string& dimension(const Item& item, Dimension d) const {
    return text(dimensions_[item.dimensions][static_cast<std::size_t>(d)]);
  }
  std::span<const std::pair<std::uint32_t, std::uint32_t>> attributes(const Item& item) const {
    return {attributes_.data() + item.first_attribute, item.attributes};
  }
  const Movement& move(std::uint32_t number) const { return moves_[number]; }

  Names& names() { return names_; }
  const Names& names() const { return names_; }
  /// Name of the attribute's value, `empty` when the document has none.
  std::uint32_t attribute(const Item& item, std::uint32_t name) const;
  /// Some item has the value.
  bool knows(Dimension dimension, std::string_view value) const;
  /// Some item bears an attribute of this name.
  bool knows_attribute(std::string_view name) const;
  /// Name of the group that the item belongs to.
  std::uint32_t group_of(const Item& item, const ResolvedGroup& group) const;
  ResolvedGroup resolve(const Group& group) const;
  Selection resolve(const Filter& filter) const;
  bool matches(const Item& item, const Selection& selection) const;
  /// selection  of dimensions only.
  bool matches(const Dimensions& dimensions, const Selection& selection) const;
  std::uint32_t group_of(const Dimensions& dimensions, Currency currency, const ResolvedGroup& group) const;

  ItemStore();

 private:
  struct CustomerItems {
    AliveIndex alive;
    std::vector<std::uint32_t> items;
  };
  Item& begin(const Fact& fact, std::string_view id, const fb::Dimensions& dimensions, Currency currency,
              const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* attributes);
  void finish(const Fact& fact, Item& item);
  void add(const Fact& fact, Item& item, std::size_t part, std::int64_t amount, MoveKind kind,
           std::int32_t collection_days = 0);
  template <class Body> void move_cash(const Fact& fact, const Body& body, MoveKind kind);
  std::uint32_t intern(const fb::Dimensions& dimensions);
  Item& known(const std::unordered_map<std::uint32_t, std::uint32_t>& of, std::string_view id);

  Names names_;
  std::vector<Item> items_;
  std::vector<Movement> moves_;
  std::vector<DuePart> parts_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> attributes_;
  std::vector<Dimensions> dimensions_;
  std::map<Dimensions, std::uint32_t> dimension_numbers_;
  std::unordered_map<std::uint32_t, std::uint32_t> invoices_, receipts_;  // by name
  std::unordered_map<std::uint32_t, CustomerItems> customers_;            // by name
  std::map<std::pair<std::uint32_t, Currency>, FlowIndex> flows_;         // by dimensions and currency
  AliveIndex alive_;
};

}  // namespace o2c
