#include "projections/receivables/item_store.hpp"

namespace o2c {
namespace {}  // namespace

std::uint32_t Names::intern(std::string_view text) {
  if (const auto known = numbers_.find(text); known != numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(texts_.emplace_back(text), number);
  return number;
}
std::uint32_t Names::find(std::string_view text) const {
  const auto known = numbers_.find(text);
  return known == numbers_.end() ? no_number : known->second;
}

ItemStore::ItemStore() { O2C_ASSERT(names_.intern("") == empty_name && names_.intern("ALL") == all_name); }

void ItemStore::issue(const Fact& fact, const fb::InvoiceIssued& body) {
  Item& item = begin(fact, view(body.invoice()), *body.dimensions(), body.currency(), body.attributes());
  item.number = names_.intern(view(body.number()));
  for (const fb::Instalment* part : *body.instalments())
    parts_.push_back({from_fb(*part->due_date()), part->amount_minor(), 0});
  if (body.instalments()->size() == 0)
    parts_.push_back({fact.occurred_on(), body.total_with_tax_minor(), 0});  // nothing to pay
  item.parts = static_cast<std::uint16_t>(parts_.size() - item.first_part);
  for (std::size_t i = 0; i < item.parts; ++i) add(fact, item, i, parts_[item.first_part + i].amount, MoveKind::issued);
  invoices_.emplace(item.id, static_cast<std::uint32_t>(items_.size() - 1));
  finish(fact, item);
}

void ItemStore::reverse(const Fact& fact, const fb::InvoiceReversed& body) {
  Item& item = known(invoices_, view(body.invoice()));
  O2C_ASSERT(body.instalments()->size() <= item.parts);
  item.credit_note = names_.intern(view(body.credit_note()));
  for (std::size_t i = 0; i < body.instalments()->size(); ++i) {
    add(fact, item, i, -body.instalments()->Get(static_cast<flatbuffers::uoffset_t>(i))->amount_minor(),
        MoveKind::reversed);
  }
  finish(fact, item);
}

void ItemStore::receive(const Fact& fact, const fb::ReceiptRecorded& body) {
  Item& item = begin(fact, view(body.receipt()), *body.dimensions(), body.amount()->currency(), body.attributes());
  item.is_receipt = true;
  item.number = names_.intern(view(body.bank_reference()));
  item.parts = 1;
  parts_.push_back({fact.occurred_on(), -body.amount()->amount_minor(), 0});
  add(fact, item, 0, -body.amount()->amount_minor(), MoveKind::received);
  receipts_.emplace(item.id, static_cast<std::uint32_t>(items_.size() - 1));
  finish(fact, item);
}

template <class Body> void ItemStore::move_cash(const Fact& fact, const Body& body, MoveKind kind) {
  const std::int64_t sign = kind == MoveKind::applied ? -1 : 1;  // on the invoice; the receipt moves the other way
  Item& invoice = known(invoices_, view(body.invoice()));
  Item& receipt = known(receipts_, view(body.receipt()));
  const auto days = static_cast<std::int32_t>((from_fb(*body.received_on()) - from_fb(*body.issued_on())).count());
  for (const fb::InstalmentShare* share : *body.shares()) {
    add(fact, invoice, share->instalment(), sign * share->amount_minor(), kind, days);
  }
  add(fact, receipt, 0, -sign * body.amount()->amount_minor(), kind);
  finish(fact, invoice);
  finish(fact, receipt);
}
template void ItemStore::move_cash(const Fact&, const fb::CashApplied&, MoveKind);
template void ItemStore::move_cash(const Fact&, const fb::CashUnapplied&, MoveKind);

void ItemStore::pay_out(const Fact& fact, std::string_view receipt, std::int64_t amount, MoveKind kind) {
  Item& item = known(receipts_, receipt);
  add(fact, item, 0, amount, kind);
  finish(fact, item);
}

Item& ItemStore::begin(const Fact& fact, std::string_view id, const fb::Dimensions& dimensions, Currency currency,
                       const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* attributes) {
  Item item;
  item.id = names_.intern(id);
  item.dimensions = intern(dimensions);
  item.currency = currency;
  names_.intern(currency_code(currency));
  item.first_part = static_cast<std::uint32_t>(parts_.size());
  item.first_attribute = static_cast<std::uint32_t>(attributes_.size());
  if (attributes) {
    for (const fb::Attribute* a : *attributes)
      attributes_.emplace_back(names_.intern(view(a->name())), names_.intern(view(a->value())));
  }
  item.attributes = static_cast<std::uint16_t>(attributes_.size() - item.first_attribute);
  item.life.begin = item.latest = {days_of(fact.posted_on()), days_of(fact.occurred_on())};
  item.life.begin_seq = fact.seq;

  CustomerItems& customer = customers_[dimensions_[item.dimensions][static_cast<std::size_t>(Dimension::customer)]];
  item.place = static_cast<std::uint32_t>(customer.items.size());
  customer.items.push_back(static_cast<std::uint32_t>(items_.size()));
  customer.alive.add(item.life);
  alive_.add(item.life);
  return items_.emplace_back(item);
}

/// After the fact's movements: when the item is settled, and the indexes.
void ItemStore::finish(const Fact& fact, Item& item) {
  Life& life = item.life;
  const std::span<const DuePart> parts = this->parts(item);
  const bool settled = std::all_of(parts.begin(), parts.end(), [](const DuePart& part) { return part.open == 0; });
  for (std::size_t basis = 0; basis < 2; ++basis) {
    const std::int32_t day = moves_[item.last_move].days[basis];
    item.latest[basis] = std::max(item.latest[basis], day);
    life.begin[basis] = std::min(life.begin[basis], day);
  }
  life.settled_seq = settled ? fact.seq : Life::unknown;
  life.settled = settled ? item.latest : std::array{Life::never, Life::never};
  alive_.set(static_cast<std::size_t>(&item - items_.data()), life);
  customers_.at(dimensions_[item.dimensions][static_cast<std::size_t>(Dimension::customer)])
      .alive.set(item.place, life);
}

void ItemStore::add(const Fact& fact, Item& item, std::size_t part, std::int64_t amount, MoveKind kind,
                    std::int32_t collection_days) {
  O2C_ASSERT(part < item.parts);
  const auto number = static_cast<std::uint32_t>(moves_.size());
  Movement& move = moves_.emplace_back();
  move.seq = fact.seq, move.index = fact.index;
  move.amount = amount;
  move.item = static_cast<std::uint32_t>(&item - items_.data());
  move.days = {days_of(fact.posted_on()), days_of(fact.occurred_on())};
  move.collection_days = collection_days;
  move.instalment = static_cast<std::uint16_t>(part);
  move.kind = kind;
  (item.last_move == no_number ? item.first_move : moves_[item.last_move].next) = number;
  item.last_move = number;
  add_wrapping(parts_[item.first_part + part].open, amount);
  if (item.is_receipt) return;

  Flow flow;
  if (kind == MoveKind::issued || kind == MoveKind::reversed) flow.invoiced_minor = amount;
  else flow.collected_minor = -amount, flow.collected_days = Int128{-amount} * collection_days;
  flows_[{item.dimensions, item.currency}].add(fact.seq, move.days, flow);
}

std::uint32_t ItemStore::intern(const fb::Dimensions& dimensions) {
  const Dimensions names{names_.intern(view(dimensions.customer())), names_.intern(view(dimensions.country())),
                         names_.intern(view(dimensions.region())),   names_.intern(view(dimensions.seller())),
                         names_.intern(view(dimensions.team())),     names_.intern(view(dimensions.grade()))};
  const auto [at, fresh] = dimension_numbers_.try_emplace(names, static_cast<std::uint32_t>(dimensions_.size()));
  if (fresh) dimensions_.push_back(names);
  return at->second;
}

Item& ItemStore::known(const std::unordered_map<std::uint32_t, std::uint32_t>& of, std::string_view id) {
  const auto at = of.find(names_.find(id));
  O2C_ASSERT(at != of.end());  // no history has cash on an invoice that was never issued
  return items_[at->second];
}

const Item* ItemStore::find(ItemKind kind, std::string_view id) const {
  const auto& of = kind == ItemKind::invoice ? invoices_ : receipts_;
  const auto at = of.find(names_.find(id));
  return at == of.end() ? nullptr : &items_[at->second];
}

void ItemStore::open_parts(const Item& item, const View& view, std::vector<std::int64_t>& open) const {
  open.assign(item.parts, 0);
  visit_moves(item, view, [&open](const Movement& move) { add_to(open[move.instalment], move.amount); });
}

}  // namespace o2c
