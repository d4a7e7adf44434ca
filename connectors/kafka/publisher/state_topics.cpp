#include "connectors/kafka/publisher/state_topics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/kafka/public/keys.hpp"
#include "connectors/kafka/publisher/read_to_end.hpp"
#include "events/base/money.hpp"

namespace o2c::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds models_question{100}, models_patience{10'000}, repair_interval{1'000};

bool any_of_company(const std::set<std::string>& keys, const std::string& company) {
  const std::string prefix = key_of({company}) + "/";
  const auto at = keys.lower_bound(prefix);
  return at != keys.end() && at->starts_with(prefix);
}

}  // namespace

Result<StateTopics> StateTopics::open(const ClientConfig& config, const TopicPlan& topics, LaneId lane, Outbox& outbox,
                                      Follower& models, const std::atomic<bool>& stopping) {
  StateTopics out{lane, outbox, models, stopping};
  for (const TopicKind kind : {TopicKind::order_status, TopicKind::open_items, TopicKind::aging}) {
    const std::string name = topic_name(topics, kind);
    const auto to = outbox.partition(name, static_cast<std::int32_t>(lane));
    if (!to) return to.error();
    auto partition = StateTopic::open(config, name, lane);
    if (!partition) return partition.error();
    out.topics_.push_back({*to, std::move(*partition)});
  }
  return out;
}

StateTopics::Rows StateTopics::rows_of(StateRecords records) {
  return {std::move(records.order_status), std::move(records.open_items), std::move(records.aging)};
}

Result<void> StateTopics::settle(const BusinessDays& days, const Standing& standing, Instant recorded_at) {
  if (auto folded = wait_for_models(standing.last_event); !folded) return folded;
  Rows rows;
  for (const auto& [company, today] : days.today()) add_snapshot(company, today, standing, rows);
  for (std::size_t i = 0; i < topics_count; ++i) {
    const auto records = topics_[i].partition->compare(std::move(rows[i]), standing, *stopping_);
    if (!records) return records.error();
    if (auto sent = send(i, *records, standing.entry_seq, recorded_at); !sent) return sent;
  }
  return {};
}

Result<void> StateTopics::publish(const FrameView& entry, const BusinessDay& day, const Standing& standing) {
  if (auto folded = wait_for_models(standing.last_event); !folded) return folded;
  Rows rows;
  models_->with(
      [&](const ReadModels& models) { rows = rows_of(state_records(entry, models, day, standing.sequence)); });
  for (std::size_t i = 0; i < topics_count; ++i) {
    if (auto sent = send(i, rows[i], standing.entry_seq, from_fb(*entry.entry->recorded_at())); !sent) return sent;
  }
  return {};
}

Result<std::uint64_t> StateTopics::watch(const BusinessDays& days, const Standing& standing, Instant recorded_at) {
  std::array<std::set<std::string>, topics_count> keys;
  for (std::size_t i = 0; i < topics_count; ++i) {
    if (auto followed = topics_[i].partition->follow(); !followed) return followed.error();
    keys[i] = topics_[i].partition->overtaken(standing);
  }
  if (Clock::now() - last_repair_ < repair_interval) return std::uint64_t{0};
  Rows rows;
  for (const auto& [company, today] : days.today()) {
    const auto concerns = [&](const std::set<std::string>& each) { return any_of_company(each, company); };
    if (std::any_of(keys.begin(), keys.end(), concerns)) add_snapshot(company, today, standing, rows);
  }
  std::uint64_t repaired = 0;
  for (std::size_t i = 0; i < topics_count; ++i) {
    if (keys[i].empty()) continue;
    const auto records = topics_[i].partition->repair(rows[i], keys[i], standing);
    if (auto sent = send(i, records, standing.entry_seq, recorded_at); !sent) return sent.error();
    repaired += records.size();
  }
  if (repaired > 0) last_repair_ = Clock::now();
  return repaired;
}

/// Entries without events change no row. Above all the one that opened the lane: the models hear of it with the next batch.
Result<void> StateTopics::wait_for_models(std::uint64_t entry_seq) const {
  for (const auto until = Clock::now() + models_patience; !models_->wait_for(lane_, entry_seq, models_question);) {
    if (*stopping_) return stopped();
    if (Clock::now() > until)
      return Error{ErrorCode::unavailable, fmt::format("the read models have not come to entry {} yet", entry_seq),
                   Remedy::retry};
  }
  return {};
}

void StateTopics::add_snapshot(const std::string& company, Date today, const Standing& standing, Rows& rows) const {
  Rows more;
  models_->with([&](const ReadModels& models) {
    if (const CompanyModels* of = models.company(company))
      more = rows_of(state_snapshot(company, *of, today, standing.entry_seq, standing.sequence));
  });
  for (std::size_t i = 0; i < topics_count; ++i) std::move(more[i].begin(), more[i].end(), std::back_inserter(rows[i]));
}

Result<void> StateTopics::send(std::size_t topic, const std::vector<PublicRecord>& records, std::uint64_t entry_seq,
                               Instant recorded_at) {
  for (const PublicRecord& record : records) {
    if (auto sent = outbox_->send(topics_[topic].to, record, entry_seq, recorded_at); !sent) return sent;
  }
  return {};
}

}  // namespace o2c::kafka
