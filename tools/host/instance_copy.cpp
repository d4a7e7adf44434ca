#include "tools/host/instance_copy.hpp"

#include <fmt/format.h>

#include "tools/host/instance.hpp"
#include "tools/host/state_root.hpp"

namespace o2c {
namespace {

using OpenedJournal = Instance::OpenedJournal;

Error not_empty(const std::filesystem::path& target, std::string_view holds) {
  return {ErrorCode::conflict, fmt::format("{} holds {}: a copy needs an empty target", target.string(), holds),
          Remedy::fix_first};
}

Result<bool> holds_entries(Journal& journal) {
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    const auto tip = journal.tip(lane);
    if (!tip) return tip.error();
    if (tip->seq > 0) return true;
  }
  return false;
}

/// An empty journal that is there already keeps its lanes; entries in it are told before anything else that may be wrong with it.
Result<OpenedJournal> open_directory(const std::filesystem::path& data, std::uint32_t lanes, Instant opened_at) {
  if (std::filesystem::exists(data) && !std::filesystem::is_directory(data))
    return invalid(fmt::format("{}: a copy needs a directory, and this is a file", data.string()));
  for (const std::string_view part : {"state", "places"}) {
    if (std::filesystem::exists(data / part)) return not_empty(data, fmt::format("an instance ({})", part));
  }
  const bool present = std::filesystem::exists(data / "journal");
  auto journal =
      open_embedded_journal({.path = data, .lanes = present ? 0 : lanes, .now = [opened_at] { return opened_at; }});
  if (!journal) return journal.error();
  const auto holds = holds_entries(**journal);
  if (!holds) return holds.error();
  if (*holds) return not_empty(data, "a journal with entries");
  if ((*journal)->lanes() != lanes)
    return invalid(fmt::format("the empty journal in {} has {} lanes, not {}: remove it", data.string(),
                               (*journal)->lanes(), lanes));
  OpenedJournal opened;
  opened.embedded = journal->get();
  opened.journal = std::move(*journal);
  return opened;
}

/// Without places: they belong to the data directory that will be used with the topic, and a first start makes them.
Result<OpenedJournal> open_topic(const KafkaSettings& settings, std::uint32_t lanes, Instant opened_at) {
  if (auto topics = check_topics(settings); !topics) return topics.error();
  auto journal = kafka::open_kafka_journal({.client = settings.client,
                                            .topic = kafka::topic_name(settings.topics, kafka::TopicKind::journal),
                                            .lanes = lanes != 0 ? lanes : settings.topics.lanes,
                                            .now = [opened_at] { return opened_at; }});
  if (!journal) return journal.error();
  OpenedJournal opened;
  opened.kafka = journal->get();
  opened.journal = std::move(*journal);
  return opened;
}

Id16 id_of(const OpenedJournal& opened) {
  return opened.kafka ? opened.kafka->id() : opened.embedded->info().journal_id;
}

Result<std::uint64_t> count_entries(Journal& journal) {
  std::uint64_t entries = 0;
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    const auto tip = journal.tip(lane);
    if (!tip) return tip.error();
    entries += tip->seq;
  }
  return entries;
}

}  // namespace

Result<InstanceCopy> copy_instance(const InstanceCopyOptions& options,
                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                                   const std::function<void(std::uint64_t, std::chrono::milliseconds)>& copied) {
  const auto source = Instance::open_journal({.data = options.from, .kafka = options.from_kafka});
  if (!source) return source.error();
  Journal& from = *source->journal;
  const auto total = count_entries(from);
  if (!total) return total.error();
  const auto begins_at = copy_begins_at(from, SystemClock{}.now());
  if (!begins_at) return begins_at.error();
  const auto target = options.to_kafka
                          ? open_topic(*options.to_kafka, options.lanes, *begins_at)
                          : open_directory(options.to, options.lanes != 0 ? options.lanes : from.lanes(), *begins_at);
  if (!target) return target.error();

  InstanceCopy copy{.journal = {}, .old_id = id_of(*source), .new_id = id_of(*target), .old_root = {}, .new_root = {}};
  const auto started = std::chrono::steady_clock::now();
  auto journal = copy_journal(from, *target->journal,
                              {.source_id = copy.old_id,
                               .begins_at = *begins_at,
                               .now = [] { return SystemClock{}.now(); },
                               .progress = [&](std::uint64_t entries) { progress(entries, *total); }});
  if (!journal) return journal.error();
  copy.journal = std::move(*journal);
  copied(copy.journal.commands,
         std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started));
  // One after the other, so that the memory of one instance is enough.
  for (const auto& [one, root] :
       {std::pair{source->journal.get(), &copy.old_root}, std::pair{target->journal.get(), &copy.new_root}}) {
    const auto folded = fold_state_root(*one);
    if (!folded) return folded.error();
    *root = *folded;
  }
  return copy;
}

std::vector<Report> copy_reports(const InstanceCopy& copy) {
  const JournalCopied& journal = copy.journal;
  const auto commands = static_cast<std::int64_t>(journal.commands);
  Report figures{"copy", {{"field", "Field", "字段"}, {"old", "Old", "旧"}, {"new", "New", "新"}}, {}};
  figures.rows = {{std::string("journal_id"), to_hex(copy.old_id), to_hex(copy.new_id)},
                  {std::string("lanes"), static_cast<std::int64_t>(journal.old_tips.size()),
                   static_cast<std::int64_t>(journal.new_tips.size())},
                  {std::string("commands"), commands, commands},
                  {std::string("state_root"), to_hex(copy.old_root), to_hex(copy.new_root)}};
  Report heads{"heads",
               {{"journal", "Journal", "日志"},
                {"lane", "Lane", "通道"},
                {"entries", "Entries", "条目"},
                {"epoch", "Epoch", "任期"},
                {"hash", "Hash", "哈希"}},
               {}};
  for (const auto& [name, tips] : {std::pair{"old", &journal.old_tips}, std::pair{"new", &journal.new_tips}}) {
    for (std::size_t lane = 0; lane < tips->size(); ++lane) {
      const Tip& tip = (*tips)[lane];
      heads.rows.push_back({std::string(name), static_cast<std::int64_t>(lane), static_cast<std::int64_t>(tip.seq),
                            static_cast<std::int64_t>(tip.epoch), to_hex(tip.hash)});
    }
  }
  return {std::move(figures), std::move(heads)};
}

}  // namespace o2c
