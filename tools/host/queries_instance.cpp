// Questions about the instance itself rather than a company: its journal, its read models, its state.
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

/// Each lane of a journal on Kafka, as far as it is known here.
Reports lanes_on_kafka(kafka::KafkaJournal& journal) {
  Report report{"journal",
                {{"lane", "Lane", "通道"},
                 {"entries", "Entries", "条目"},
                 {"epoch", "Epoch", "任期"},
                 {"offset", "Offset", "偏移"},
                 {"ignored", "Ignored", "忽略"},
                 {"serving", "Serving", "主写"},
                 {"hash", "Hash", "哈希"}},
                {}};
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    if (auto tip = journal.tip(lane); !tip) return tip.error();
    const kafka::LaneStatus status = journal.status(lane);
    report.rows.push_back({std::int64_t{lane}, static_cast<std::int64_t>(status.tip.seq),
                           static_cast<std::int64_t>(status.tip.epoch), status.offset,
                           static_cast<std::int64_t>(status.ignored), std::string(status.serving ? "yes" : "no"),
                           to_hex(status.tip.hash)});
  }
  return std::vector{std::move(report)};
}

Reports journal_info(Instance& instance) {
  if (instance.kafka()) return lanes_on_kafka(*instance.kafka());
  return std::vector{journal_report(instance.embedded()->info())};
}

/// Every entry is read, and so checked, from the first on.
Reports journal_verify(Instance& instance) {
  if (!instance.kafka()) {
    const auto info = instance.embedded()->verify({});
    if (!info) return info.error();
    return std::vector{journal_report(*info)};
  }
  for (LaneId lane = 0; lane < instance.journal().lanes(); ++lane) {
    if (auto read = instance.journal().read(lane, 1, [](const FrameView&) { return true; }); !read) return read.error();
  }
  return lanes_on_kafka(*instance.kafka());
}

Report commands_report(const kafka::Commands& commands) {
  Report report{"commands",
                {{"lane", "Lane", "通道"},
                 {"position", "Position", "位置"},
                 {"records", "Records", "记录"},
                 {"dead_letters", "Dead letters", "死信"},
                 {"lost", "Lost", "丢失"},
                 {"failures", "Failures", "失败"},
                 {"error", "Error", "错误"}},
                {}};
  for (const kafka::TakenCommands& lane : commands.status())
    report.rows.push_back({std::int64_t{lane.lane}, lane.position, static_cast<std::int64_t>(lane.records),
                           static_cast<std::int64_t>(lane.dead_letters), static_cast<std::int64_t>(lane.lost),
                           static_cast<std::int64_t>(lane.failures), lane.error});
  return report;
}

/// How far the public topics are, and how far commands are taken.
Reports topic_status(Instance& instance) {
  if (!instance.publisher())
    return Error{ErrorCode::not_found, "nothing is published here: o2c serve does, with a journal on Kafka"};
  Report report{"publishing",
                {{"lane", "Lane", "通道"},
                 {"phase", "Phase", "阶段"},
                 {"published", "Published", "已发布"},
                 {"behind", "Behind", "落后"},
                 {"records", "Records", "记录"},
                 {"repaired", "Repaired", "修复"},
                 {"failures", "Failures", "失败"},
                 {"error", "Error", "错误"}},
                {}};
  for (const kafka::PublishedLane& lane : instance.publisher()->status())
    report.rows.push_back({std::int64_t{lane.lane}, std::string(kafka::name_of(lane.phase)),
                           static_cast<std::int64_t>(lane.published), static_cast<std::int64_t>(lane.lag_entries()),
                           static_cast<std::int64_t>(lane.records), static_cast<std::int64_t>(lane.rows_repaired),
                           static_cast<std::int64_t>(lane.failures), lane.error});
  std::vector reports{std::move(report)};
  if (instance.commands()) reports.push_back(commands_report(*instance.commands()));
  return reports;
}

Reports projection_status(Instance& instance) {
  Report report{"projections",
                {{"lane", "Lane", "通道"},
                 {"folded", "Folded", "已折叠"},
                 {"journal", "Journal", "日志末尾"},
                 {"behind", "Behind", "落后"},
                 {"hash", "Hash", "哈希"}},
                {}};
  instance.follower().with([&](const ReadModels& models) {
    const std::string hash = to_hex(models.content_hash());
    for (LaneId lane = 0; lane < instance.engine().lanes(); ++lane) {
      const auto folded = static_cast<std::int64_t>(models.position(lane)),
                 tip = static_cast<std::int64_t>(instance.engine().durable_seq(lane));
      report.rows.push_back({std::int64_t{lane}, folded, tip, tip - folded, hash});
    }
  });
  return std::vector{std::move(report)};
}

Reports projection_verify(Instance& instance) {
  const auto rebuilt = instance.follower().rebuild(instance.journal(), {});
  if (!rebuilt) return rebuilt.error();
  return std::vector{rebuild_report(*rebuilt)};
}

/// Every company that was opened.
Reports company_list(Instance& instance) {
  Report report{"companies", {{"company", "Company", "公司"}, {"lane", "Lane", "通道"}}, {}};
  instance.follower().with([&](const ReadModels& models) {
    for (const auto& [id, company] : models.companies()) report.rows.push_back({id, std::int64_t{company.lane}});
  });
  return std::vector{std::move(report)};
}

/// Between companies there is no common date of knowledge: it is what all of them know now.
Reports intercompany(Instance& instance) {
  for (LaneId lane = 0; instance.options().write && lane < instance.engine().lanes(); ++lane)
    (void)instance.follower().wait_for(lane, instance.engine().durable_seq(lane), std::chrono::seconds{10});
  std::vector<Report> reports;
  instance.follower().with([&](const ReadModels& models) { reports.push_back(models.traffic().report()); });
  return reports;
}

Reports state_root_of(Instance& instance) {
  const auto root = instance.state_root();
  if (!root) return root.error();
  return std::vector{Report{"state", {{"state_root", "State root", "状态根"}}, {{to_hex(*root)}}}};
}

}  // namespace

Report journal_report(const JournalInfo& info) {
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

Report rebuild_report(const Follower::Rebuilt& rebuilt) {
  return {"rebuild",
          {{"entries", "Entries", "条目"},
           {"live", "Live", "现行"},
           {"rebuilt", "Rebuilt", "重建"},
           {"equal", "Equal", "一致"}},
          {{static_cast<std::int64_t>(rebuilt.entries), to_hex(rebuilt.live), to_hex(rebuilt.rebuilt),
            std::string(rebuilt.live == rebuilt.rebuilt ? "yes" : "no")}}};
}

std::optional<Result<std::vector<Report>>> run_instance_query(Instance& instance, std::string_view name) {
  if (name == "journal info") return journal_info(instance);
  if (name == "journal verify") return journal_verify(instance);
  if (name == "topic status") return topic_status(instance);
  if (name == "projection status") return projection_status(instance);
  if (name == "projection verify") return projection_verify(instance);
  if (name == "company list") return company_list(instance);
  if (name == "report intercompany") return intercompany(instance);
  if (name == "state root") return state_root_of(instance);
  return std::nullopt;
}

}  // namespace o2c
