// bench o2c-1: the workload that o2c and its peers are measured on, with the result checked.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/journal/random_id.hpp"
#include "tools/bench/kafka_bench.hpp"
#include "tools/bench/o2c1_socket.hpp"
#include "tools/cli/scratch.hpp"
#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

struct BenchOptions {
  std::string directory;
  std::uint64_t cycles = 200'000;
  bool socket = true, latency = true, keep = false;
};

/// Runs f in a process of its own that ends without closing anything, as a kill would end it. What f prints is shown; false: it failed.
bool in_child(const std::function<bool()>& f) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const bool good = f();
    std::fflush(stdout);
    std::fflush(stderr);
    _exit(good ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Prints the figures and returns the rate; 0: it failed.
std::uint64_t report_throughput(const O2c1Options& options) {
  const auto figures = run_o2c1(options);
  if (!figures) {
    complain(figures.error());
    return 0;
  }
  fmt::print("in-process commands/s {}\n", figures->per_second());
  fmt::print("in-process entries {} refused {} repeats {} in {} ms\n", figures->entries, figures->refused,
             figures->repeats, figures->elapsed_us / 1000);
  fmt::print("in-process cpu_ns/command {}\n", figures->cpu_us * 1000 / static_cast<std::int64_t>(figures->commands));
  if (figures->journal_bytes > 0) fmt::print("in-process bytes/entry {}\n", figures->journal_bytes / figures->entries);
  fmt::print("in-process peak_memory_mib {}\n", figures->peak_rss_kib / 1024);
  return figures->per_second();
}

bool report_latency(const O2c1Options& options, std::uint64_t rate) {
  const auto l = run_o2c1_paced(options, rate, rate * 3);
  if (!l) return complain(l.error()) == 0;
  fmt::print("latency at {} commands/s (half load): p50 {} us  p99 {} us  p99.9 {} us  highest {} us\n", l->per_second,
             l->p50, l->p99, l->p999, l->highest);
  return true;
}

bool report_startup(const O2c1Options& options) {
  const auto startup = measure_startup(options);
  if (!startup) return complain(startup.error()) == 0;
  fmt::print("start-up after kill: {} entries replayed in {} ms\n", startup->entries, startup->elapsed_us / 1000);
  fmt::print("replay entries/s {}\n",
             startup->entries * 1'000'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(startup->elapsed_us, 1)));
  return true;
}

/// What a producer alone reaches on the same broker, with records as large as the mean entry of the workload.
bool report_raw_produce(const KafkaSettings& settings, const std::string& name) {
  constexpr std::size_t entry_bytes = 900;
  const auto rate = run_raw_produce(settings, name, entry_bytes, 500'000);
  if (!rate) return complain(rate.error()) == 0;
  fmt::print("raw produce records/s {} ({} bytes each)\n", *rate, entry_bytes);
  return true;
}

/// The directory that was asked for, which must be new.
Result<std::filesystem::path> own_directory(const std::string& wanted) {
  if (std::filesystem::exists(wanted))
    return Error{ErrorCode::conflict, fmt::format("{} exists already; the bench needs a new directory", wanted)};
  std::filesystem::create_directories(wanted);
  return std::filesystem::path(wanted);
}

int bench_o2c1(const Session& session, const BenchOptions& o) {
  const auto settings = session.settings();
  if (!settings) return complain(settings.error());
  Result<ScratchDirectory> scratch = ScratchDirectory{};
  if (o.directory.empty()) scratch = ScratchDirectory::make("bench");
  if (!scratch) return complain(scratch.error());
  const auto made = o.directory.empty() ? scratch->path() : own_directory(o.directory);
  if (!made) return complain(made.error());
  const std::filesystem::path& root = *made;
  const std::string name = "o2c-bench-" + to_hex(random_id());  // of its topics, which are removed at the end
  const OpenJournal journal = settings->kafka ? journals_on_kafka(*settings->kafka, name) : open_bench_journal;
  const O2c1Options options{.directory = root / "throughput", .cycles = o.cycles, .journal = journal};
  int pipe_ends[2] = {-1, -1};
  if (pipe(pipe_ends) != 0) return complain(Error{ErrorCode::unavailable, "no pipe"});
  bool good = in_child([&] {
    const std::uint64_t measured = report_throughput(options);
    return measured > 0 && write(pipe_ends[1], &measured, sizeof measured) == sizeof measured;
  });
  std::uint64_t rate = 0;
  if (good) good = read(pipe_ends[0], &rate, sizeof rate) == sizeof rate;
  close(pipe_ends[0]);
  close(pipe_ends[1]);
  if (good) good = in_child([&] { return report_startup(options); });
  if (good && o.latency)
    good = in_child([&] {
      return report_latency(
          {.directory = root / "latency", .cycles = std::min<std::uint64_t>(o.cycles, 100'000), .journal = journal},
          std::max<std::uint64_t>(rate / 2, 1));
    });
  if (settings->kafka) {
    if (good) good = in_child([&] { return report_raw_produce(*settings->kafka, name); });
    in_child([&] { return remove_bench_topics(*settings->kafka, name).has_value(); });
  } else if (good && o.socket) {
    for (const auto& [label, clients, window] : {std::tuple{"socket commands/s (16 waiting clients)", 16, 1},
                                                 std::tuple{"socket commands/s (1024 in flight)", 1, 1024}}) {
      const auto per_second = run_o2c1_socket(root / fmt::format("socket-{}", clients),
                                              std::min<std::uint64_t>(o.cycles, window == 1 ? 5'000 : 50'000),
                                              static_cast<unsigned>(clients), static_cast<unsigned>(window));
      if (!per_second) {
        good = complain(per_second.error()) == 0;
        break;
      }
      fmt::print("{} {}\n", label, *per_second);
    }
  }
  if (o.keep && !o.directory.empty()) {
    fmt::print("kept {}\n", options.directory.string());
    return good ? 0 : 1;
  }
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
  return good ? 0 : 1;
}

}  // namespace

void add_bench_verbs(CLI::App& app, Session& session) {
  auto o = std::make_shared<BenchOptions>();
  CLI::App* verb =
      noun(app, "bench")
          .add_subcommand("o2c-1", "workload O2C-1: rate, latency, size, memory, start-up; the result is checked");
  verb->add_option("--dir", o->directory,
                   "new directory on the disk to be measured (default: in the temporary folder)");
  verb->add_option("--cycles", o->cycles, "cycles of six commands (default 200000)")->check(CLI::Range(64, 10'000'000));
  verb->add_flag("!--no-socket", o->socket, "leave out the runs through the socket");
  verb->add_flag("!--no-latency", o->latency, "leave out the paced run");
  verb->add_flag("--keep", o->keep, "leave the directory of --dir; DIR/throughput holds the books");
  verb->callback([&session, o] { session.result = bench_o2c1(session, *o); });
}

}  // namespace o2c
