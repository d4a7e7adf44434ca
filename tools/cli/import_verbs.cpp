// import run: files become commands by a mapping; first all of them are decided on a private copy, then submitted.
#include <chrono>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "connectors/import/import.hpp"
#include "tools/cli/scratch.hpp"
#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

using namespace importer;

struct ImportOptions {
  std::string mapping, rejects = "import-rejects.csv";
  std::vector<std::string> files;
  bool dry_run = false;
};

/// Where commands are tried: the instance, or an empty one that is gone afterwards when there is none yet.
class RehearsalStage {
 public:
  explicit RehearsalStage(const Session& session) {
    if (std::filesystem::exists(session.data)) {
      access_ = session.access(AccessMode::read);
      if (access_ || access_.error().code != ErrorCode::not_found) return;
    }
    auto made = ScratchDirectory::make("rehearsal");
    if (!made) {
      access_ = made.error();
      return;
    }
    scratch_ = std::move(*made);
    access_ = open_access(scratch_.path(), AccessMode::create);
  }
  Result<std::unique_ptr<Access>>& access() { return access_; }

 private:
  ScratchDirectory scratch_;
  Result<std::unique_ptr<Access>> access_ = Error{};  // closed before the directory goes
};

struct Counts {
  std::uint64_t accepted = 0, repeated = 0, refused = 0, conflicts = 0, other = 0;
};

/// Counts a reply; what did not succeed becomes a row for the reject file.
void take(const ImportPlan& plan, std::size_t index, const Reply& reply, Language language, Counts& counts,
          std::vector<RejectRow>& rejects) {
  const int code = code_of(reply);
  if (code == 0) {
    ++(reply.repeat ? counts.repeated : counts.accepted);
    return;
  }
  const PlannedCommand& command = plan.commands[index];
  RejectRow row{plan.files[command.file], command.line, "", "", command.source_key};
  if (code == 1 && reply.frame.entry && reply.frame.entry->refused()) {
    const fb::Refused& refused = *reply.frame.entry->refused();
    // Refused before and refused again: said again, and nothing new is in the journal.
    ++counts.refused;
    row.rule = fmt::format("{} {}: {}", static_cast<unsigned>(refused.code()), refusal_name(refused.code()),
                           refusal_text(refused.code(), language));
    if (refused.place()) row.column = refused.place()->str();
    if (refused.detail()) row.rule += " (" + refused.detail()->str() + ")";
  } else if (code == 4) {
    ++counts.conflicts;
    row.rule = "this row key was imported before with other content";
  } else {
    ++counts.other;
    row.rule = "no outcome yet: run the import again";
  }
  rejects.push_back(std::move(row));
}

int give_up(const std::string& rejects_file, const std::vector<RejectRow>& rows, std::uint64_t count, int code) {
  for (std::size_t i = 0; i < rows.size() && i < 5; ++i) {
    const RejectRow& row = rows[i];
    say(fmt::format("{}:{}{}: {}", row.file, row.line, row.column.empty() ? "" : " " + row.column, row.rule));
  }
  if (count > 5) say(fmt::format("… {} in all", count));
  if (auto written = write_rejects(rejects_file, rows); !written) return complain(written.error());
  say(fmt::format("nothing was submitted; see {}", rejects_file));
  return code;
}

Result<std::vector<Request>> to_requests(const ImportPlan& plan) {
  std::vector<Request> requests;
  requests.reserve(plan.commands.size());
  for (const PlannedCommand& command : plan.commands) {
    auto request = parse_command(command.json, "import", 0);
    if (!request)
      return invalid(fmt::format("{}:{}: {}", plan.files[command.file], command.line, request.error().message));
    request->source = fb::SourceKind::file;
    requests.push_back(std::move(*request));
  }
  return requests;
}

void print_summary(const Session& session, const ImportPlan& plan, const Counts& counts, std::int64_t milliseconds,
                   bool dry_run) {
  Report report{"import", {{"what", "What", "项目"}, {"count", "Count", "数量"}}, {}};
  const auto put = [&](const char* what, std::uint64_t count) {
    report.rows.push_back({std::string(what), static_cast<std::int64_t>(count)});
  };
  put("rows", plan.rows);
  put("rows_repeated_in_file", plan.repeated_rows);
  put("commands", plan.commands.size());
  put(dry_run ? "would_be_accepted" : "accepted", counts.accepted);
  put("already_imported", counts.repeated);
  put("refused", counts.refused);
  put("milliseconds", static_cast<std::uint64_t>(milliseconds));
  print_reports({report}, session.style);
}

int import(const Session& session, const ImportOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  // Before anything is decided: what is refused has to be told somewhere.
  if (auto writable = check_rejects(options.rejects); !writable) return complain(writable.error());
  if (std::error_code failed; !std::filesystem::exists(options.mapping, failed))
    return complain({ErrorCode::not_found, fmt::format("{}: no such file", options.mapping)});
  const auto mapping = load_mapping(options.mapping);
  if (!mapping) return complain(invalid(describe(mapping.error(), options.mapping)));
  auto files = bind_files(*mapping, options.files);
  if (!files) return complain(files.error());
  const auto plan = plan_import(*mapping, *files);
  if (!plan) return give_up(options.rejects, plan.error().rows, plan.error().count, plan.error().conflict ? 4 : 2);
  const auto requests = to_requests(*plan);
  if (!requests) return complain(requests.error());

  const auto run = [&](bool rehearse, Access& access, Counts& counts, std::vector<RejectRow>& rejects) {
    ProgressLine progress(rehearse ? "rehearsing" : "importing", requests->size());
    std::uint64_t done = 0;
    const auto on_answer = [&](std::size_t index, const Reply& reply) {
      take(*plan, index, reply, session.style.language, counts, rejects);
      progress.at(++done);
    };
    return rehearse ? access.rehearse(*requests, on_answer) : access.submit(*requests, on_answer);
  };

  Counts rehearsed;
  std::vector<RejectRow> rejects;
  {
    RehearsalStage stage(session);
    if (!stage.access()) return complain(stage.access().error());
    if (auto done = run(true, **stage.access(), rehearsed, rejects); !done) return complain(done.error());
  }
  if (!rejects.empty()) return give_up(options.rejects, rejects, rejects.size(), rehearsed.conflicts > 0 ? 4 : 1);
  Counts counts = rehearsed;
  if (!options.dry_run) {
    counts = {};
    auto access = session.access(AccessMode::create);
    if (!access) return complain(access.error());
    if (auto done = run(false, **access, counts, rejects); !done) return complain(done.error());
  }
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  print_summary(session, *plan, counts, elapsed.count(), options.dry_run);
  if (rejects.empty()) return 0;
  // The books moved between rehearsal and submission: these rows were refused only now.
  if (auto written = write_rejects(options.rejects, rejects); !written) return complain(written.error());
  say(fmt::format("{} commands did not succeed; see {}", rejects.size(), options.rejects));
  return counts.other > 0 ? 6 : counts.conflicts > 0 ? 4 : 1;
}

}  // namespace

void add_import_verbs(CLI::App& app, Session& session) {
  auto o = std::make_shared<ImportOptions>();
  CLI::App* verb =
      noun(app, "import").add_subcommand("run", "import CSV files by a mapping; all or nothing, and again is no more");
  verb->add_option("--mapping,-m", o->mapping, "mapping file (TOML)")->required();
  verb->add_option("files", o->files, "FILE or NAME=FILE of the mapping")->required();
  verb->add_option("--rejects", o->rejects, "where rows that cannot be imported are listed");
  verb->add_flag("--dry-run", o->dry_run, "decide everything on a private copy, append nothing");
  verb->callback([&session, o] { session.result = import(session, *o); });
}

}  // namespace o2c
