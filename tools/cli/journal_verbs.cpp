// journal verify, info, export, copy: the log itself.
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/storage/embedded_journal.hpp"
#include "events/json/json.hpp"
#include "tools/cli/verbs.hpp"
#include "tools/host/instance.hpp"

namespace o2c {
namespace {

/// What the running server answers, or the instance when its journal lies on Kafka; nothing when there is only the directory.
std::optional<int> by_instance(const Session& session, std::string_view question) {
  const auto settings = session.settings();
  if (!settings) return complain(settings.error());
  auto access = settings->kafka ? session.access(AccessMode::read) : server_access(session.data);
  if (!access) return complain(access.error());
  if (!*access) return std::nullopt;
  return show_answer(session, (*access)->query(question, {}));
}

int verify(const Session& session) {
  if (!std::filesystem::exists(session.data))
    return complain(Error{ErrorCode::not_found, fmt::format("{}: no such directory", session.data.string())});
  if (const auto code = by_instance(session, "journal verify")) return *code;
  std::unique_ptr<ProgressLine> progress;
  const auto checked = verify_embedded_journal(session.data, [&](std::uint64_t done, std::uint64_t total) {
    if (!progress) progress = std::make_unique<ProgressLine>("verifying", total);
    progress->at(done);
  });
  progress.reset();
  if (!checked) return complain(checked.error());
  print_reports({journal_report(*checked)}, session.style);
  say(fmt::format("the journal is whole: {} entries, every checksum, every link of the chain", checked->entries));
  return 0;
}

int info(const Session& session) {
  if (const auto code = by_instance(session, "journal info")) return *code;
  auto journal = open_embedded_journal({.path = session.data, .create = false, .now = [] { return Instant{}; }});
  if (!journal) return complain(journal.error());
  print_reports({journal_report((*journal)->info())}, session.style);
  return 0;
}

/// Where an export goes; false: it takes no more.
class ExportFile {
 public:
  Result<void> open(const std::string& file) {
    if (file == "-") return {};
    to_file_ = true;
    out_.open(file, std::ios::binary | std::ios::trunc);
    if (!out_) return Error{ErrorCode::not_allowed, fmt::format("{}: cannot be written", file)};
    return {};
  }
  bool put(const FrameView& frame) {
    const std::string line = to_json(frame) + "\n";
    return to_file_ ? static_cast<bool>(out_.write(line.data(), static_cast<std::streamsize>(line.size())))
                    : std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  }
  bool whole() { return !to_file_ || out_.flush(); }  // standard output is checked when the program ends

 private:
  bool to_file_ = false;
  std::ofstream out_;
};

Result<void> export_from(Access& access, ExportFile& out) {
  for (LaneId lane = 0; lane < access.lanes(); ++lane) {
    for (std::uint64_t seq = 1;; ++seq) {
      const auto words = access.entry(lane, seq);
      if (!words) return words.error();
      if (words->empty()) break;
      if (!out.put(frame_in(*words))) return {};
    }
  }
  return {};
}

Result<void> export_from_directory(const Session& session, ExportFile& out) {
  auto journal = open_embedded_journal({.path = session.data, .create = false, .now = [] { return Instant{}; }});
  if (!journal) return journal.error();
  ProgressLine progress("exporting", (*journal)->info().entries);
  std::uint64_t done = 0;
  for (LaneId lane = 0; lane < (*journal)->lanes(); ++lane) {
    const auto read = (*journal)->read(lane, 1, [&](const FrameView& frame) {
      progress.at(++done);
      return out.put(frame);
    });
    if (!read) return read;
  }
  return {};
}

/// Every entry of every lane as a line of JSON.
int export_all(const Session& session, const std::string& file) {
  ExportFile out;
  const auto settings = session.settings();
  if (!settings) return complain(settings.error());
  const auto access = settings->kafka ? session.access(AccessMode::read) : server_access(session.data);
  if (!access) return complain(access.error());
  if (auto opened = out.open(file); !opened) return complain(opened.error());
  const auto done = *access ? export_from(**access, out) : export_from_directory(session, out);
  if (!done) return complain(done.error());
  if (!out.whole()) return complain(Error{ErrorCode::unavailable, fmt::format("{}: could not be written whole", file)});
  return 0;
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
  add_journal_copy_verb(journal, session);
}

}  // namespace o2c
