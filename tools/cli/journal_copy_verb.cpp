// journal copy: the history into a new journal, embedded or on Kafka, with as many lanes as wanted.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"
#include "tools/host/instance_copy.hpp"

namespace o2c {
namespace {

struct CopyFlags {
  std::string to;
  std::uint32_t lanes = 0;
};

/// To Kafka, the configuration tells where to; to a directory, where the journal is that is copied.
Result<InstanceCopyOptions> options_of(const Session& session, const CopyFlags& flags) {
  InstanceCopyOptions options{.from = session.data, .from_kafka = {}, .to = {}, .to_kafka = {}, .lanes = flags.lanes};
  if (flags.to == "kafka") {
    if (session.journal == "kafka")
      return invalid("--to kafka copies an embedded journal; from one topic to another, copy to a directory first");
    Session target = session;
    target.journal = "kafka";
    auto settings = target.settings();
    if (!settings) return settings.error();
    options.to_kafka = std::move(settings->kafka);
  } else {
    auto settings = session.settings();
    if (!settings) return settings.error();
    options.from_kafka = std::move(settings->kafka);
    options.to = flags.to;
  }
  return options;
}

int copy_verb(const Session& session, const CopyFlags& flags) {
  const auto options = options_of(session, flags);
  if (!options) return complain(options.error());
  std::unique_ptr<ProgressLine> line;
  const auto progress = [&](std::uint64_t done, std::uint64_t total) {
    if (!line) line = std::make_unique<ProgressLine>("copying", total);
    line->at(done);
  };
  const auto copied = [&](std::uint64_t commands, std::chrono::milliseconds took) {
    line.reset();
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 1));
    say(fmt::format("{} commands copied in {}.{:03} s, {} a second; now both state roots are folded", commands,
                    ms / 1000, ms % 1000, commands * 1000 / ms));
  };
  const auto copy = copy_instance(*options, progress, copied);
  line.reset();
  if (!copy) return complain(copy.error());
  print_reports(copy_reports(*copy), session.style);
  if (copy->old_root != copy->new_root)
    return complain(integrity("the state roots differ: do not use the copy, remove it"));
  return 0;
}

}  // namespace

void add_journal_copy_verb(CLI::App& journal, Session& session) {
  auto flags = std::make_shared<CopyFlags>();
  CLI::App* verb = journal.add_subcommand("copy", "the same history in a new journal, with other lanes if wanted");
  verb->add_option("--to", flags->to, "a new data directory, or kafka: the topic that --config names")->required();
  verb->add_option("--lanes", flags->lanes,
                   "lanes of the copy (default: as the source; on Kafka, as the configuration says)")
      ->check(CLI::Range(1, 64));
  verb->callback([&session, flags] { session.result = copy_verb(session, *flags); });
}

}  // namespace o2c
