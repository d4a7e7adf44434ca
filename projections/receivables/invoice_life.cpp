#include "projections/receivables/invoice_life.hpp"

#include <algorithm>

namespace o2c {

void InvoiceLife::start(std::span<const DuePart> parts, Date issued_on) {
  parts_ = parts;
  open_.assign(parts.size(), 0);
  paid_on_.assign(parts.size(), ever);
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
  if (move.kind == MoveKind::applied)
    paid_on_[move.instalment] =
        std::max(paid_on_[move.instalment], issued_on_ + std::chrono::days{move.collection_days});
}

bool InvoiceLife::is_open() const {
  return std::any_of(open_.begin(), open_.end(), [](std::int64_t open) { return open != 0; });
}

Date InvoiceLife::settled_on() const { return *std::max_element(paid_on_.begin(), paid_on_.end()); }

std::int64_t InvoiceLife::days_late(Date as_of) const {
  std::int64_t late = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Date day = open_[i] != 0 ? as_of : paid_on_[i];
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
