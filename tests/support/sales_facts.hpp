#pragma once
#include <random>

#include "projections/runtime/fact.hpp"
#include "projections/runtime/report.hpp"
#include "tests/support/invoice_books.hpp"

// The history of some books as read models see it.
namespace o2c::test {

/// Calls f(fact) for every event from entry `from` on; the sequence counts the accepted commands.
template <class F> void each_fact(const Books& books, F&& f, std::uint64_t from = 1) {
  Fact fact;
  for (fact.seq = from; fact.seq <= books.entries().size(); ++fact.seq) {
    fact.index = 0;
    for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(books.entries()[fact.seq - 1].data())->events()) {
      fact.event = event;
      fact.recorded_at = Instant{static_cast<std::int64_t>(fact.seq)};
      f(std::as_const(fact));
      ++fact.index;
    }
  }
}
template <class Model> Model folded(const Books& books) {
  Model model;
  each_fact(books, [&](const Fact& fact) { model.fold(fact); });
  return model;
}

inline View view_at(std::string_view as_of, std::uint64_t known = ~std::uint64_t{0}, Basis basis = Basis::posting) {
  return {day(as_of), known, basis};
}

/// The cell's text in the first row whose leading cells have these texts.
inline std::string cell_of(const Report& report, const std::vector<std::string>& row_begins, std::string_view column) {
  for (const auto& row : report.rows) {
    bool fits = true;
    for (std::size_t i = 0; i < row_begins.size(); ++i) fits = fits && cell_text(row[i]) == row_begins[i];
    if (!fits) continue;
    for (std::size_t i = 0; i < report.columns.size(); ++i) {
      if (report.columns[i].name == column) return cell_text(row[i]);
    }
    return fmt::format("no column {}", column);
  }
  return "no such row";
}
/// All cells, commas between: what a test compares with at once.
inline std::string text_of(const Report& report) {
  std::string out;
  for (const auto& row : report.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : ",") + cell_text(row[i]);
    out += "\n";
  }
  return out;
}

}  // namespace o2c::test
