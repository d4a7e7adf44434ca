#include "tools/bench/o2c1_bench.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <tuple>

#include "engine/domain/company/identities.hpp"
#include "engine/runtime/engine.hpp"
#include "engine/runtime/system_clock.hpp"
#include "engine/storage/embedded_journal.hpp"
#include "engine/storage/rocks_state_store.hpp"
#include "tools/bench/o2c1_workload.hpp"

namespace o2c {
namespace {

using Time = std::chrono::steady_clock;
std::int64_t microseconds(Time::duration d) { return std::chrono::duration_cast<std::chrono::microseconds>(d).count(); }

std::int64_t cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/// Counts answers by kind, and keeps the time of each when asked.
class Tally final : public ReplySink {
 public:
  explicit Tally(std::size_t timed = 0) : answered_at_(timed) {}
  void reply(std::uint64_t tag, const Reply& reply) override {
    if (reply.status != Reply::Status::decided) ++failed;
    else if (reply.repeat) ++repeats;
    else if (reply.frame.entry->outcome() == fb::Outcome::refused) ++refused;
    else ++accepted;
    if (tag < answered_at_.size()) answered_at_[tag] = Time::now();
    if (done.fetch_add(1) + 1 == expected.load()) {
      const std::lock_guard lock(mutex_);
      all_.notify_one();
    }
  }
  void wait(std::uint64_t count) {
    std::unique_lock lock(mutex_);
    expected = count;
    all_.wait(lock, [&] { return done.load() >= count; });
  }
  Time::time_point answered_at(std::size_t i) const { return answered_at_[i]; }
  std::atomic<std::uint64_t> accepted{0}, refused{0}, repeats{0}, failed{0}, done{0}, expected{~std::uint64_t{0}};

 private:
  std::vector<Time::time_point> answered_at_;
  std::mutex mutex_;
  std::condition_variable all_;
};

/// Journal, stores, engine in a directory: the write path and nothing else.
struct WritePath {
  SystemClock clock;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Engine> engine;
  std::uint64_t replayed = 0;

  static Result<std::unique_ptr<WritePath>> open(const O2c1Options& options) {
    const std::filesystem::path& directory = options.directory;
    auto path = std::make_unique<WritePath>();
    auto journal = options.journal(directory);
    if (!journal) return journal.error();
    path->journal = std::move(*journal);
    std::vector<std::unique_ptr<StateStore>> stores;
    for (LaneId lane = 0; lane < path->journal->lanes(); ++lane) {
      auto store = open_rocks_state_store(directory / "state" / fmt::format("lane-{}", lane));
      if (!store) return store.error();
      stores.push_back(std::move(*store));
    }
    path->engine = std::make_unique<Engine>(*path->journal, std::move(stores), path->clock, EngineOptions{});
    auto replayed = path->engine->recover();
    if (!replayed) return replayed.error();
    path->replayed = *replayed;
    if (auto started = path->engine->start(); !started) return started.error();
    return path;
  }
  ~WritePath() { engine.reset(); }

  std::uint64_t journal_bytes() const {
    auto* embedded = dynamic_cast<EmbeddedJournal*>(journal.get());
    return embedded ? embedded->info().disk_bytes : 0;
  }

  Result<void> submit_setup(const O2c1Workload& workload) {
    Tally tally;
    for (const Bytes command : workload.setup()) {
      auto request = check_command(command);
      if (!request) return request.error();
      request->sink = &tally;
      engine->submit_waiting({&*request, 1});
    }
    tally.wait(workload.setup().size());
    if (tally.accepted != workload.setup().size())
      return integrity(fmt::format("setup: {} refused, {} failed", tally.refused.load(), tally.failed.load()));
    return {};
  }
};

/// The front thread's work: verify, hash, hand over in chunks.
Result<void> offer(Engine& engine, std::span<const Bytes> commands, ReplySink& sink) {
  std::vector<Request> chunk;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    auto request = check_command(commands[i]);
    if (!request) return request.error();
    request->sink = &sink;
    request->tag = ~std::uint64_t{0};
    chunk.push_back(std::move(*request));
    if (chunk.size() == 128 || i + 1 == commands.size()) {
      engine.submit_waiting(chunk);
      chunk.clear();
    }
  }
  return {};
}

Result<void> check_result(WritePath& path, const O2c1Workload& workload, const Tally& tally) {
  if (tally.failed > 0 || tally.refused != workload.expected_refused() ||
      tally.repeats != workload.expected_repeats() ||
      tally.accepted != workload.expected_entries() - workload.expected_refused()) {
    return integrity(
        fmt::format("o2c-1: {} accepted, {} refused, {} repeats, {} failed; {} refused and {} repeats were due",
                    tally.accepted.load(), tally.refused.load(), tally.repeats.load(), tally.failed.load(),
                    workload.expected_refused(), workload.expected_repeats()));
  }
  std::string wrong;
  auto seen = path.engine->inspect(O2c1Workload::company, [&](const CompanyState* state) {
    std::int64_t receivables = 0, orders = 0, reserved = 0;
    for (const Customer& c : state->customers.rows())
      receivables += c.exposure.receivables_minor, orders += c.exposure.orders_minor;
    for (const Product& p : state->products.rows())
      for (const StockAt& s : p.stock) reserved += s.reserved;
    if (receivables != 0 || orders != 0 || reserved != 0)
      wrong = fmt::format("receivables {}, open orders {}, reserved {}", receivables, orders, reserved);
    for (const std::string& broken : broken_identities(*state)) wrong += "; " + broken;
  });
  if (!seen) return seen;
  if (!wrong.empty()) return integrity("o2c-1: " + wrong);
  return {};
}

}  // namespace

Result<std::unique_ptr<Journal>> open_bench_journal(const std::filesystem::path& directory) {
  auto journal = open_embedded_journal({.path = directory, .lanes = 1, .now = [] { return SystemClock{}.now(); }});
  if (!journal) return journal.error();
  return std::unique_ptr<Journal>(std::move(*journal));
}

Result<O2c1Figures> run_o2c1(const O2c1Options& options) {
  const O2c1Workload workload(options.cycles);
  auto path = WritePath::open(options);
  if (!path) return path.error();
  if (auto setup = (*path)->submit_setup(workload); !setup) return setup.error();
  const std::uint64_t bytes_before = (*path)->journal_bytes();

  Tally tally;
  const std::int64_t cpu_before = cpu_us();
  const Time::time_point started = Time::now();
  if (auto offered = offer(*(*path)->engine, workload.commands(), tally); !offered) return offered.error();
  tally.wait(workload.commands().size());
  O2c1Figures figures;
  figures.elapsed_us = microseconds(Time::now() - started);
  figures.cpu_us = cpu_us() - cpu_before;
  figures.commands = workload.commands().size();
  figures.entries = workload.expected_entries();
  figures.refused = tally.refused;
  figures.repeats = tally.repeats;
  figures.journal_bytes = (*path)->journal_bytes() - bytes_before;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  figures.peak_rss_kib = usage.ru_maxrss;
  if (auto right = check_result(**path, workload, tally); !right) return right.error();
  std::ignore = path->release();
  return figures;
}

Result<Latencies> run_o2c1_paced(const O2c1Options& options, std::uint64_t commands_per_second,
                                 std::uint64_t commands) {
  const O2c1Workload workload(options.cycles);
  auto path = WritePath::open(options);
  if (!path) return path.error();
  if (auto setup = (*path)->submit_setup(workload); !setup) return setup.error();
  commands = std::min<std::uint64_t>(commands, workload.commands().size());
  Tally tally(commands);
  std::vector<Time::time_point> sent(commands);
  const Time::time_point started = Time::now();
  for (std::uint64_t i = 0; i < commands; ++i) {
    const auto due = started + std::chrono::nanoseconds{i * 1'000'000'000 / commands_per_second};
    while (Time::now() < due) std::this_thread::sleep_for(std::chrono::microseconds{50});
    auto request = check_command(workload.commands()[i]);
    if (!request) return request.error();
    request->sink = &tally;
    request->tag = i;
    sent[i] = due;  // counted from when it was due: a queue in front is part of the wait
    (*path)->engine->submit_waiting({&*request, 1});
  }
  tally.wait(commands);
  const auto elapsed = static_cast<std::uint64_t>(microseconds(Time::now() - started));
  std::vector<std::int64_t> waits;
  waits.reserve(commands);
  for (std::uint64_t i = 0; i < commands; ++i) waits.push_back(microseconds(tally.answered_at(i) - sent[i]));
  std::sort(waits.begin(), waits.end());
  const auto at = [&](std::uint64_t per_mille) {
    return waits[std::min<std::size_t>(waits.size() - 1, waits.size() * per_mille / 1000)];
  };
  return Latencies{at(500), at(990), at(999), waits.back(), commands * 1'000'000 / std::max<std::uint64_t>(elapsed, 1)};
}

Result<Startup> measure_startup(const O2c1Options& options) {
  const Time::time_point started = Time::now();
  auto path = WritePath::open(options);
  if (!path) return path.error();
  return Startup{(*path)->replayed, microseconds(Time::now() - started)};
}

}  // namespace o2c
