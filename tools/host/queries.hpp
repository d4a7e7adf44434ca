#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ports/journal.hpp"
#include "projections/runtime/read_models.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

class Instance;

/// Parameters of a query, by name as on the command line without dashes: {"as-of", "2026-03-31"}.
using Parameters = std::map<std::string, std::string, std::less<>>;

struct ParameterHelp {
  std::string name, help;
  std::vector<std::string> choices = {};  // the only values, said in the help; empty: any
  bool attributes = false;  // or the name of an attribute, with attribute: before it where it could be another word
};
struct QueryHelp {
  std::string name;  // "report aging"
  std::string help;
  std::vector<ParameterHelp> parameters;
};

/// So many rows the questions to the journal answer when no --limit is given.
inline constexpr std::int64_t rows_shown = 1000;

/// Every question that can be asked, for the command line's help and for checking parameters: one table, one place.
const std::vector<QueryHelp>& all_queries();

/// This process does not hold the lane at the moment: another one does, or the journal is away. What is answered is what is known up to `seq`.
struct Behind {
  LaneId lane = 0;
  std::uint64_t seq = 0;
};
struct Answer {
  std::vector<Report> reports;
  std::optional<Behind> behind;
};

/// Answers a question at head or at (as-of, known). Appends nothing.
/// errors  invalid_input (unknown query, parameter or word, with the nearest name; a figure beyond 64 bits, with report and row), not_found (a
///         name that the books do not know, with its parameter).
Result<Answer> run_query(Instance& instance, std::string_view name, const Parameters& parameters);

/// The fixed list of reports that belong to the state root, at head and at the latest date of the books.
std::vector<Report> root_reports(const ReadModels& models, std::string_view company);

/// Nearest of `names` to a mistyped word, or empty.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace o2c
