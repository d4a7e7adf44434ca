#pragma once
#include "engine/domain/stock/reservation.hpp"

namespace o2c {

/// A line of a shipment to be: one order line from one place. Values are filled in by Picking::value.
struct PickedLine {
  std::uint16_t line = 0;
  std::string_view place;
  std::int64_t quantity = 0, reserved = 0;  // reserved: the part that the order had set aside there
  std::int64_t net_minor = 0, tax_minor = 0;
  std::optional<std::int64_t> cost_minor;
};

using PickedLines = boost::container::small_vector<PickedLine, 8>;

/// Chooses where the goods of one shipment come from: first what the order has set aside, then free stock. Lives as long as the decision.
class Picking {
 public:
  Picking(const CompanyState& state, const Order& order, const StockRules& rules);

  /// Picks a quantity of an order line (index), absent: all that is open. place empty: the line's own place, else any.
  /// at: JSON pointer of the request, for refusals.
  /// errors  invalid_value, inexact_conversion, exceeds_open_quantity (beyond the over-delivery that the rules allow), stock_short.
  Verdict pick(std::size_t line, std::optional<std::int64_t> quantity, std::string_view place, const std::string& at);
  /// Whether all that is picked lay there on the day on which it leaves, and is not missing on a later one.
  Verdict leaves_on(Date day) const;
  /// Values the picked lines: each has the difference of two rounded cumulative values, so that all shipments of a line sum to the line.
  Verdict value();

  const PickedLines& lines() const { return picked_; }
  /// What the order had set aside and needs no more, because other pieces were taken (I2).
  Portions left_over() const;

 private:
  void add(std::uint16_t line, std::string_view place, std::int64_t quantity, std::int64_t reserved);
  std::int64_t picked_reserved(std::uint16_t line, std::string_view place) const;

  const CompanyState& state_;
  const Order& order_;
  const StockRules& rules_;
  FreeStock free_;
  PickedLines picked_;
  boost::container::small_vector<std::int64_t, 8> shipped_;  // per order line, with what is picked
};

}  // namespace o2c
