// o2c-model: bounded exhaustive check of the journal protocol. Two or three engines, one log, all interleavings within bounds.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>

#include "events/base/seeded_bug.hpp"
#include "tests/model/checker.hpp"
#include "tests/model/mistakes.hpp"

namespace o2c::model {
namespace {

struct Options {
  Bounds bounds;
  std::uint64_t states_max = 10'000'000, progress_every = 50;
  std::string mistake;
  bool list = false;
};

void print(const Outcome& outcome, std::chrono::duration<double> took) {
  fmt::print("states {}  steps {}  depth {}  complete {}  progress checks {}  {:.1f} s{}\n", outcome.states,
             outcome.steps, outcome.depth, outcome.complete, outcome.progress_checks, took.count(),
             outcome.whole ? "" : "  stopped before the bounds were reached");
  if (outcome.broken.empty()) return;
  fmt::print("BROKEN  {}\n", outcome.broken);
  for (std::size_t i = 0; i < outcome.trace.size(); ++i) fmt::print("  {:2}  {}\n", i + 1, outcome.trace[i]);
}

/// The real rule.  returns  0: every promise holds, and the commands can be completed.
int check_rule(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const Outcome outcome = search(options.bounds, {}, options.states_max, options.progress_every);
  print(outcome, std::chrono::steady_clock::now() - began);
  return outcome.broken.empty() && outcome.complete > 0 ? 0 : 1;
}

/// The rule with a mistake, within the bounds that it needs.  returns  0: the check found that its promise is broken.
int check_mistake(const Options& options) {
  const Mistake& mistake = *std::ranges::find(mistakes(), options.mistake, &Mistake::name);
  seeded_bug = mistake.name;
  const auto began = std::chrono::steady_clock::now();
  const Outcome outcome = search(mistake.needs, mistake.promise, options.states_max, mistake.promise == "P6" ? 1 : 0);
  print(outcome, std::chrono::steady_clock::now() - began);
  if (!outcome.broken.empty()) return 0;
  fmt::print("{} must break {}\n", mistake.name, mistake.promise);
  return 1;
}

void list_mistakes() {
  for (const Mistake& mistake : mistakes()) fmt::print("{:<32}{}  {}\n", mistake.name, mistake.promise, mistake.what);
}

int main(int argc, char** argv) {
  Options options;
  Bounds& bounds = options.bounds;
  std::vector<std::string> names;
  for (const Mistake& mistake : mistakes()) names.emplace_back(mistake.name);

  CLI::App app("Checks the journal protocol over all interleavings within bounds.");
  app.add_option("--writers", bounds.writers, "engines that compete for the lane")
      ->check(CLI::Range(1, 3))
      ->capture_default_str();
  app.add_option("--entries", bounds.entries, "entries that they write, LaneOpened included")
      ->check(CLI::Range(1, 9))
      ->capture_default_str();
  app.add_option("--openings", bounds.openings, "LaneOpened among them")
      ->check(CLI::Range(1, 6))
      ->capture_default_str();
  app.add_option("--commands", bounds.commands, "commands of clients")->check(CLI::Range(1, 2))->capture_default_str();
  app.add_option("--source", bounds.source_records, "records of a source partition")
      ->check(CLI::Range(0, 2))
      ->capture_default_str();
  app.add_option("--faults", bounds.faults, "failed reports, crashes, copies, ... in one run")
      ->check(CLI::Range(0, 6))
      ->capture_default_str();
  app.add_option("--cuts", bounds.cuts, "truncations of the log")->check(CLI::Range(0, 2))->capture_default_str();
  app.add_flag("--questions", bounds.questions, "a client asks for the fate of a command");
  app.add_flag("--void-reports", bounds.void_reports, "reports come also when they must change nothing");
  app.add_flag("--group-changes", bounds.group_changes, "the group changes its mind");
  app.add_option("--states", options.states_max, "stop after so many, about 120 bytes each")->capture_default_str();
  app.add_option("--progress-every", options.progress_every, "play a faultless end from every n-th state")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--mistake", options.mistake,
                 "switch a deliberate mistake on, which the check must find; it brings its own bounds")
      ->check(CLI::IsMember(names));
  app.add_flag("--list", options.list, "list the mistakes");
  CLI11_PARSE(app, argc, argv);
  if (options.list) list_mistakes();
  if (options.list) return 0;
  return options.mistake.empty() ? check_rule(options) : check_mistake(options);
}

}  // namespace
}  // namespace o2c::model

int main(int argc, char** argv) { return o2c::model::main(argc, argv); }
