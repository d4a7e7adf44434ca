// o2c-sim: deterministic simulation of the engine. One thread, a virtual clock, a journal that loses what was not synced or, on Kafka, delays,
// doubles and drops what was sent, clients that repeat.
#include <CLI/CLI.hpp>
#include <chrono>

#include "events/base/seeded_bug.hpp"
#include "tools/sim/simulation.hpp"

namespace o2c::sim {
namespace {

struct Options {
  std::uint64_t seed = 1, until = ~std::uint64_t{0}, lifecycles = 0;
  bool trace = false, verbose = false;
  std::string journal = "any";
  std::optional<JournalForm> form() const {
    if (journal == "any") return std::nullopt;
    return journal == "kafka" ? JournalForm::kafka : JournalForm::embedded;
  }
};

/// One seed.  returns  whether all rules held.
bool run_seed(const Options& options, std::uint64_t seed, Counters& total, std::string& hash) {
  Simulation simulation(seed, options.form(), options.trace);
  try {
    simulation.run(options.until);
  } catch (const std::exception& failure) {
    fmt::print("FAILED  seed {} step {}: {}\n\n{}\n\n", seed, simulation.step(), failure.what(), simulation.describe());
    for (const std::string& line : simulation.last_lines()) fmt::print("{}\n", line);
    fmt::print("\nrepeat: o2c-sim --seed {} --journal {} --trace\n", seed,
               simulation.form() == JournalForm::kafka ? "kafka" : "embedded");
    return false;
  }
  total.add(simulation.counters());
  hash = simulation.trace_hash();
  return true;
}

/// With two decimals.
std::string mean(std::uint64_t sum, std::uint64_t n) {
  return n == 0 ? "0" : format_decimal(static_cast<std::int64_t>(sum * 100 / n), 2);
}

void print_counters(const Counters& c, bool verbose) {
  std::uint64_t refused = 0, faults = 0;
  for (const auto& [code, n] : c.refused) refused += n;
  for (const auto& [name, n] : c.faults) faults += n;
  fmt::print(
      "lifecycles {}  commands {}  repeats {}  entries {}  events {}\naccepted {}  refused {}  conflicts {}  too old {}  unknown {}\n",
      c.lifecycles, c.commands, c.repeats, c.entries, c.events, c.accepted, refused, c.conflicts, c.too_old, c.unknown);
  fmt::print("faults {}:", faults);
  for (const auto& [name, n] : c.faults) fmt::print("  {} {}", name, n);
  fmt::print("\nfull checks {}  records ignored {}\n", c.full_checks, c.ignored);
  fmt::print("a lifecycle: commands {}  entries {}  events {}  faults {}\n", mean(c.commands, c.lifecycles),
             mean(c.entries, c.lifecycles), mean(c.events, c.lifecycles), mean(faults, c.lifecycles));
  fmt::print("refused by code:");
  for (const auto& [code, n] : c.refused) fmt::print("  {} {}", refusal_name(code), n);
  fmt::print("\n");
  if (!verbose) return;
  fmt::print("events:\n");
  for (std::size_t i = 1; i < c.by_event.size(); ++i)
    fmt::print("  {:<26}{}\n", fb::EnumNameEventBody(static_cast<fb::EventBody>(i)), c.by_event[i]);
}

int run(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  Counters total;
  std::string hash;
  std::uint64_t seeds = 0;
  do {
    if (!run_seed(options, options.seed + seeds, total, hash)) return 1;
    ++seeds;
  } while (total.lifecycles < options.lifecycles);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
  fmt::print("seeds {}..{}  ", options.seed, options.seed + seeds - 1);
  print_counters(total, options.verbose);
  if (options.lifecycles == 0) fmt::print("trace {}\n", hash);
  fmt::print("seconds {}\n", format_decimal(took.count(), 3));
  return 0;
}

}  // namespace
}  // namespace o2c::sim

int main(int argc, char** argv) {
  o2c::sim::Options options;
  CLI::App app{
      "Deterministic simulation of the engine: a run is a function of its seed. Exit code 1: a rule is broken."};
  app.add_option("--seed", options.seed, "the run, or the first of many")->capture_default_str();
  app.add_option("--journal", options.journal, "the form that the journal has; any: the seed draws it")
      ->check(CLI::IsMember({"embedded", "kafka", "any"}))
      ->capture_default_str();
  app.add_option("--until", options.until, "end the faults and settle after this step");
  app.add_option("--lifecycles", options.lifecycles,
                 "go on with the next seeds until this many orders came to their end");
  app.add_flag("--trace", options.trace, "write every line of the trace");
  app.add_flag("--verbose", options.verbose, "count events by kind");
#ifdef O2C_SEEDED_BUGS
  std::string bug;
  app.add_option("--bug", bug, "the deliberate bug to run with")->required();
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
#ifdef O2C_SEEDED_BUGS
  o2c::seeded_bug = bug;
#endif
  return o2c::sim::run(options);
}
