#pragma once
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/domain/stock/reservation.hpp"

namespace o2c {

/// A line about goods with its product; quantity in base units.
struct StockMove {
  const Product* product = nullptr;
  std::int64_t quantity = 0;
  std::string place;  // JSON pointer of the line
};

/// Running sums per product, because one command may name a product in several lines.
using Sums = boost::unordered_flat_map<const Product*, std::int64_t>;

/// One line of a command: a known product, a quantity from `least` on that its unit can express.
Verdict read_line(const CompanyState& state, std::string_view product, std::int64_t quantity, std::int64_t least,
                  std::string place, std::vector<StockMove>& moves);

/// What lies at all places together, with what came before in this command, has to stay inside 64 bits, today and on every day from `day` on.
Verdict check_total(const StockMove& move, Date day, Sums& added);

/// The common checks of lines that have a product and a quantity: their number, and each of them.
template <class Lines>
Verdict read_lines(const CompanyState& state, const Lines& lines, std::int64_t least, std::vector<StockMove>& moves) {
  constexpr std::size_t most_lines = 2000;
  if (lines.size() == 0 || lines.size() > most_lines)
    return refuse(Refusal::line_count, "/lines", fmt::format("{} of 1 to {}", lines.size(), most_lines));
  moves.reserve(lines.size());
  for (flatbuffers::uoffset_t i = 0; i < lines.size(); ++i) {
    if (Verdict v = read_line(state, view(lines[i]->product()), lines[i]->quantity()->millionths(), least,
                              fmt::format("/lines/{}", i), moves);
        !v)
      return v;
  }
  return accept();
}

}  // namespace o2c
