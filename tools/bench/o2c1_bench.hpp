#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "engine/ports/journal.hpp"

namespace o2c {

/// Opens the journal that is measured: a new one when it is asked for a directory the first time, the same one afterwards.
using OpenJournal = std::function<Result<std::unique_ptr<Journal>>(const std::filesystem::path& directory)>;
/// In the directory itself, one lane.
Result<std::unique_ptr<Journal>> open_bench_journal(const std::filesystem::path& directory);

struct O2c1Options {
  std::filesystem::path directory;  // a new folder on a real disk
  std::uint64_t cycles = 200'000;
  OpenJournal journal = open_bench_journal;
};

struct O2c1Figures {
  std::uint64_t commands = 0, entries = 0, refused = 0, repeats = 0;
  std::int64_t elapsed_us = 0, cpu_us = 0, peak_rss_kib = 0;
  std::uint64_t journal_bytes = 0;  // 0: it lies where its size is not seen
  std::uint64_t per_second() const {
    return elapsed_us > 0 ? commands * 1'000'000 / static_cast<std::uint64_t>(elapsed_us) : 0;
  }
};

/// Latencies in microseconds from submission to the durable answer.
struct Latencies {
  std::int64_t p50 = 0, p99 = 0, p999 = 0, highest = 0;
  std::uint64_t per_second = 0;
};

/// Runs O2C-1 in this process: front thread (verify, hash, submit), lane thread, journal thread, fsync on. The result is checked: counts,
/// receivables, open orders and reserved stock zero, every identity; anything else is an error. The engine is left without closing it, so that
/// the next start is one after a kill: run it in a process that ends soon.
Result<O2c1Figures> run_o2c1(const O2c1Options& options);
/// The same work offered at a fixed rate.
Result<Latencies> run_o2c1_paced(const O2c1Options& options, std::uint64_t commands_per_second, std::uint64_t commands);
/// Opens what a run left without closing it, as after a kill.  returns  entries replayed and microseconds.
struct Startup {
  std::uint64_t entries = 0;
  std::int64_t elapsed_us = 0;
};
Result<Startup> measure_startup(const O2c1Options& options);

}  // namespace o2c
