// serve, projection, state root, doctor, version: running an instance and looking after it.
#include <sys/statvfs.h>

#include <atomic>
#include <csignal>
#include <fstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"
#include "tools/host/instance.hpp"
#include "tools/server/server.hpp"

namespace o2c {
namespace {

std::atomic<bool> stop_requested{false};
std::atomic<int> stop_signal{0};

void on_signal(int signal) {
  stop_signal = signal;
  stop_requested = true;
}

int serve_verb(const Session& session, std::uint32_t lanes) {
  const auto settings = session.settings();
  if (!settings) return complain(settings.error());
  if (settings->kafka) {
    if (lanes != 0) return complain(invalid("--lanes: on Kafka the configuration says how many, under [kafka]"));
    const auto topics = check_topics(*settings->kafka);
    if (!topics) return complain(topics.error());
    for (const std::string& warning : *topics) say(warning);
  }
  InstanceOptions options{.data = session.data,
                          .lanes = lanes,
                          .create = true,
                          .write = true,
                          .kafka = settings->kafka,
                          .publish = true,
                          .commands = true,
                          .share_lanes = true};
  options.engine.timers = true;
  auto instance = open_when_free(options);
  if (!instance) return complain(instance.error());
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  const auto socket = socket_path(session.data);
  const auto ready = [&] {
    say(fmt::format("serving {} on {} ({} entries replayed)", session.data.string(), socket.string(),
                    (*instance)->replayed()));
  };
  if (auto served = serve(**instance, socket, stop_requested, ready); !served) return complain(served.error());
  if (auto closed = (*instance)->close(); !closed) return complain(closed.error());
  say("stopped, everything is stored");
  return stop_signal == 0 ? 0 : 128 + stop_signal;
}

/// Prints what the instance answers, through the server or from the directory.
int ask(const Session& session, std::string_view question) {
  const auto access = session.access(AccessMode::read);
  if (!access) return complain(access.error());
  return show_answer(session, (*access)->query(question, {}));
}

/// Folds everything again from entry 1 beside the models that stand, and compares.
int projection_rebuild(const Session& session) {
  const auto access = session.access(AccessMode::read);
  if (!access) return complain(access.error());
  Result<Answer> answer = Answer{};
  if (Instance* instance = (*access)->local()) {
    std::uint64_t total = 0;
    for (LaneId lane = 0; lane < instance->engine().lanes(); ++lane) total += instance->engine().durable_seq(lane);
    ProgressLine progress("rebuilding", total);
    const auto rebuilt =
        instance->follower().rebuild(instance->journal(), [&](std::uint64_t done) { progress.at(done); });
    if (!rebuilt) return complain(rebuilt.error());
    answer = Answer{{rebuild_report(*rebuilt)}, {}};
  } else {
    answer = (*access)->query("projection verify", {});
  }
  if (const int code = show_answer(session, answer); code != 0) return code;
  return std::get<std::string>(answer->reports[0].rows[0].back()) == "yes" ? 0 : 1;
}

int state_root_verb(const Session& session) {
  const auto access = session.access(AccessMode::read);
  if (!access) return complain(access.error());
  const auto answer = (*access)->query("state root", {});
  if (!answer) return complain(answer.error());
  if (session.style.format != OutputFormat::table) return print_reports(answer->reports, session.style), 0;
  fmt::print("state root: {}\n", std::get<std::string>(answer->reports[0].rows[0][0]));
  return 0;
}

/// Looks at what commonly goes wrong; each finding with what mends it.
int doctor(const Session& session) {
  Report report{
      "doctor", {{"check", "Check", "检查"}, {"result", "Result", "结果"}, {"finding", "Finding", "说明"}}, {}};
  int result = 0;
  const auto put = [&](std::string check, bool good, std::string finding, int code) {
    report.rows.push_back({std::move(check), std::string(good ? "green" : "red"), std::move(finding)});
    if (!good) result = worst(result, code);
  };
  const bool exists = std::filesystem::is_directory(session.data);
  put("data directory", exists,
      exists ? "there"
      : std::filesystem::exists(session.data)
          ? fmt::format("{} is no directory", session.data.string())
          : fmt::format("{} is not there: o2c serve or import run makes it", session.data.string()),
      3);
  struct statvfs space {};
  const auto where = exists ? session.data : std::filesystem::path(".");
  if (statvfs(where.c_str(), &space) == 0) {
    const std::uint64_t free_mib = space.f_bavail * space.f_frsize / (1 << 20);
    put("free space", free_mib >= 1024,
        fmt::format("{} MiB free{}", free_mib, free_mib >= 1024 ? "" : ": make room, a full disk stops writing"), 1);
  }
  SystemClock clock;
  const bool clock_plausible = clock.now() > parse_instant("2024-01-01T00:00:00Z").value();
  put("clock", clock_plausible,
      clock_plausible ? format_instant(clock.now()) : "before 2024: set the clock, entries bear its time", 1);
  put("time zones", clock.knows_zone("Asia/Shanghai"),
      clock.knows_zone("Asia/Shanghai") ? "known" : "none known: apt-get install tzdata", 1);
  if (exists && !std::filesystem::exists(session.data / "journal")) {
    put("journal", true, "none yet", 0);
  } else if (exists) {
    auto access = open_access(session.data, AccessMode::read);
    const bool remote = access && !(*access)->local();
    put("instance", access.has_value(),
        access ? (remote ? "a server is running" : "can be opened") : access.error().message,
        access ? 0 : exit_code(access.error().code));
    if (access && !remote) {
      access = Error{};
      const auto checked = verify_embedded_journal(session.data, {});
      put("journal", checked.has_value(),
          checked ? fmt::format("{} entries, whole", checked->entries) : checked.error().message, 7);
    }
  }
  print_reports({report}, session.style);
  return result;
}

}  // namespace

void add_service_verbs(CLI::App& app, Session& session) {
  auto lanes = std::make_shared<std::uint32_t>(0);
  CLI::App* serve_app =
      app.add_subcommand("serve", "run the instance and listen on its Unix socket; every other verb uses it then");
  serve_app->add_option("--lanes", *lanes, "lanes of a new instance (default 1)")->check(CLI::Range(1, 64));
  serve_app->callback([&session, lanes] { session.result = serve_verb(session, *lanes); });

  CLI::App& projection = noun(app, "projection");
  projection.add_subcommand("status", "how far the read models are, and their hash")->callback([&session] {
    session.result = ask(session, "projection status");
  });
  projection.add_subcommand("rebuild", "fold everything from entry 1 beside the live models and compare")
      ->callback([&session] { session.result = projection_rebuild(session); });
  projection.add_subcommand("verify", "as rebuild: exit 1 when the hashes differ")->callback([&session] {
    session.result = projection_rebuild(session);
  });

  noun(app, "company").add_subcommand("list", "companies of the instance")->callback([&session] {
    session.result = ask(session, "company list");
  });
  noun(app, "report")
      .add_subcommand("intercompany", "goods and messages between the companies of the instance, by both their books")
      ->callback([&session] { session.result = ask(session, "report intercompany"); });
  noun(app, "state")
      .add_subcommand("root", "SHA-256 of all aggregates and the fixed reports: equal for equal histories")
      ->callback([&session] { session.result = state_root_verb(session); });
  app.add_subcommand("doctor", "check directory, disk, clock, journal; each finding with what mends it")
      ->callback([&session] { session.result = doctor(session); });
  app.add_subcommand("version", "version of the program")->callback([&session] {
    session.result = 0;
    if (session.style.format == OutputFormat::table) return fmt::print("o2c {}\n", O2C_VERSION);
    print_reports({{"version", {{"version", "Version", "版本"}}, {{std::string(O2C_VERSION)}}}}, session.style);
  });
}

}  // namespace o2c
