// journal verify, info, export: the log itself.
#include <fstream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/storage/embedded_journal.hpp"
#include "events/json/json.hpp"
#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

Report info_report(const JournalInfo& info) {
  Report report{"journal", {{"field", "Field", "字段"}, {"value", "Value", "值"}}, {}};
  report.rows.push_back({std::string("journal_id"), to_hex(info.journal_id)});
  report.rows.push_back({std::string("lanes"), static_cast<std::int64_t>(info.tips.size())});
  report.rows.push_back({std::string("entries"), static_cast<std::int64_t>(info.entries)});
  report.rows.push_back({std::string("groups"), static_cast<std::int64_t>(info.groups)});
  report.rows.push_back({std::string("disk_bytes"), static_cast<std::int64_t>(info.disk_bytes)});
  for (std::size_t lane = 0; lane < info.tips.size(); ++lane) {
    report.rows.push_back(
        {fmt::format("lane_{}", lane), fmt::format("entry {} epoch {} {}", info.tips[lane].seq, info.tips[lane].epoch,
                                                   to_hex(info.tips[lane].hash))});
  }
  return report;
}

int verify(const Session& session) {
  if (!std::filesystem::exists(session.data))
    return complain(Error{ErrorCode::not_found, fmt::format("{}: no such directory", session.data.string())});
  std::unique_ptr<ProgressLine> progress;
  const auto checked = verify_embedded_journal(session.data, [&](std::uint64_t done, std::uint64_t total) {
    if (!progress) progress = std::make_unique<ProgressLine>("verifying", total);
    progress->at(done);
  });
  progress.reset();
  if (!checked) return complain(checked.error());
  print_reports({info_report(*checked)}, session.style);
  fmt::print(stderr, "o2c: the journal is whole: {} entries, every checksum, every link of the chain\n",
             checked->entries);
  return 0;
}

int info(const Session& session) {
  auto journal = open_embedded_journal({.path = session.data, .create = false, .now = [] { return Instant{}; }});
  if (!journal) return complain(journal.error());
  print_reports({info_report((*journal)->info())}, session.style);
  return 0;
}

/// Every entry of every lane as a line of JSON.
int export_all(const Session& session, const std::string& file) {
  auto journal = open_embedded_journal({.path = session.data, .create = false, .now = [] { return Instant{}; }});
  if (!journal) return complain(journal.error());
  std::ofstream out;
  if (file != "-") {
    out.open(file, std::ios::binary | std::ios::trunc);
    if (!out) return complain(Error{ErrorCode::not_allowed, fmt::format("{}: cannot be written", file)});
  }
  ProgressLine progress("exporting", (*journal)->info().entries);
  std::uint64_t done = 0;
  bool written = true;
  for (LaneId lane = 0; lane < (*journal)->lanes(); ++lane) {
    const auto read = (*journal)->read(lane, 1, [&](const FrameView& frame) {
      const std::string line = to_json(frame) + "\n";
      written = file == "-" ? std::fwrite(line.data(), 1, line.size(), stdout) == line.size()
                            : static_cast<bool>(out.write(line.data(), static_cast<std::streamsize>(line.size())));
      progress.at(++done);
      return written;
    });
    if (!read) return complain(read.error());
  }
  if (file != "-" && !out.flush())
    return complain(Error{ErrorCode::unavailable, fmt::format("{}: could not be written whole", file)});
  return 0;  // a reader of stdout that had enough is no failure
}

}  // namespace

void add_journal_verbs(CLI::App& app, Session& session) {
  auto file = std::make_shared<std::string>("-");
  CLI::App& journal = noun(app, "journal");
  journal.add_subcommand("verify", "check every byte: checksums, chain, order, tip; names the first bad entry")
      ->callback([&session] { session.result = verify(session); });
  journal.add_subcommand("info", "lanes, entries, size, tips")->callback([&session] {
    session.result = info(session);
  });
  CLI::App* verb = journal.add_subcommand("export", "every entry as a line of JSON");
  verb->add_option("file", *file, "file to write, - for standard output");
  verb->callback([&session, file] { session.result = export_all(session, *file); });
}

}  // namespace o2c
