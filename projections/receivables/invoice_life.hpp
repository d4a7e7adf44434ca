#pragma once
#include <vector>

#include <boost/container/small_vector.hpp>

#include "projections/receivables/item_store.hpp"

namespace o2c {

/// An invoice as its movements unfold, one after another in order of date.
class InvoiceLife {
 public:
  void start(std::span<const DuePart> parts, Date issued_on);
  void add(const Movement& move);

  std::int64_t open(std::size_t part) const { return open_[part]; }
  bool is_open() const;
  /// Paid in full. A reversed invoice is not, nor is one that had nothing to pay.
  bool is_settled() const { return collected_ > 0 && !is_open(); }
  bool is_reversed() const { return reversed_; }
  /// The day its last money came in: before the invoice if it was paid in advance, before the allocation if that came later.
  Date settled_on() const;
  std::int64_t invoiced() const { return invoiced_; }
  std::int64_t collected() const { return collected_; }
  Int128 collected_days() const { return collected_days_; }
  Date issued_on() const { return issued_on_; }
  /// Most days the money of an instalment came after its due date, or it is still open after it; 0: in time.
  std::int64_t days_late(Date as_of) const;

 private:
  /// Money on a part, by the day it came in; what was taken back off is gone from its day.
  using Paid = boost::container::small_vector<std::pair<Date, std::int64_t>, 2>;
  Date paid_on(std::size_t part) const;  // the latest of these days; ever: nothing is on it

  std::span<const DuePart> parts_;
  std::vector<std::int64_t> open_;
  std::vector<Paid> paid_;
  Date issued_on_;
  std::int64_t invoiced_ = 0, collected_ = 0;
  Int128 collected_days_ = 0;
  bool reversed_ = false;
};

/// The movements of an invoice that the view knows, in order of date, then of the journal.
void moves_by_date(const ItemStore& store, const Item& item, const View& view, std::vector<const Movement*>& moves);

/// Invoices issued in the period and not reversed, as the view knows them: f(item, life).
template <class F>
void visit_lives(const ItemStore& store, const View& view, const Period& period, const Selection& selection, F&& f) {
  InvoiceLife life;
  std::vector<const Movement*> moves;
  store.visit(view, ever, selection, [&](std::uint32_t, const Item& item) {
    if (item.is_receipt) return;
    const Date issued_on = store.move(item.first_move).occurred_on();
    if ((period.from && issued_on < *period.from) || (period.until && issued_on >= *period.until)) return;
    moves_by_date(store, item, view, moves);
    if (moves.empty()) return;
    life.start(store.parts(item), issued_on);
    for (const Movement* move : moves) life.add(*move);
    if (!life.is_reversed()) f(item, std::as_const(life));
  });
}

}  // namespace o2c
