#include "projections/receivables/invoice_life.hpp"

#include <algorithm>

namespace o2c {

void InvoiceLife::start(std::span<const DuePart> parts, Date issued_on) {
  parts_ = parts;
  open_.assign(parts.size(), 0);
  paid_.assign(parts.size(), {});
  issued_on_ = issued_on;
  invoiced_ = collected_ = 0;
  collected_days_ = 0;
  reversed_ = false;
}

void InvoiceLife::add(const Movement& move) {
  add_to(open_[move.instalment], move.amount);
  if (move.kind == MoveKind::issued) return add_to(invoiced_, move.amount);
  if (move.kind == MoveKind::reversed) return static_cast<void>(reversed_ = true);
  add_to(collected_, -move.amount);
  collected_days_ += Int128{-move.amount} * move.collection_days;
  Paid& paid = paid_[move.instalment];
  const Date came_on = issued_on_ + std::chrono::days{move.collection_days};
  auto at = std::find_if(paid.begin(), paid.end(), [&](const auto& p) { return p.first == came_on; });
  if (at == paid.end()) at = paid.insert(at, {came_on, 0});
  at->second -= move.amount;
}

Date InvoiceLife::paid_on(std::size_t part) const {
  Date latest = ever;
  for (const auto& [came_on, amount] : paid_[part])
    if (amount != 0) latest = std::max(latest, came_on);
  return latest;
}

bool InvoiceLife::is_open() const {
  return std::any_of(open_.begin(), open_.end(), [](std::int64_t open) { return open != 0; });
}

Date InvoiceLife::settled_on() const {
  Date latest = ever;
  for (std::size_t part = 0; part < paid_.size(); ++part) latest = std::max(latest, paid_on(part));
  return latest;
}

std::int64_t InvoiceLife::days_late(Date as_of) const {
  std::int64_t late = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Date day = open_[i] != 0 ? as_of : paid_on(i);
    if (day != ever) late = std::max<std::int64_t>(late, (day - parts_[i].due_date).count());
  }
  return late;
}

void moves_by_date(const ItemStore& store, const Item& item, const View& view, std::vector<const Movement*>& moves) {
  moves.clear();
  store.visit_moves(item, view, [&moves](const Movement& move) { moves.push_back(&move); });
  std::stable_sort(moves.begin(), moves.end(),
                   [&view](const Movement* a, const Movement* b) { return a->on(view.basis) < b->on(view.basis); });
}

}  // namespace o2c
