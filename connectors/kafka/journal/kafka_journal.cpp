#include "connectors/kafka/journal/kafka_journal.hpp"

#include <fmt/format.h>

#include <cstring>

#include "connectors/kafka/client/admin.hpp"
#include "connectors/kafka/journal/lane_log.hpp"

namespace o2c::kafka {
namespace {

/// The same for everybody who reads this topic of this cluster.
Id16 journal_id_of(const std::string& cluster, const std::string& topic) {
  Sha256 hash;
  hash.update(std::string_view("o2c kafka journal"));
  for (const std::string* part : {&cluster, &topic}) {
    hash.update(std::string_view("\0", 1));
    hash.update(*part);
  }
  const Hash32 full = hash.finish();
  Id16 id;
  std::memcpy(id.bytes.data(), full.bytes.data(), id.bytes.size());
  return id;
}

class Log final : public KafkaJournal {
 public:
  Log(KafkaJournalOptions options, const Id16& journal_id, std::uint32_t lanes)
      : options_(std::move(options)), id_(journal_id), producer_(options_.client, options_.topic, LaneLog::delivered) {
    for (LaneId lane = 0; lane < lanes; ++lane)
      lanes_.push_back(std::make_unique<LaneLog>(options_, lane, genesis_hash(journal_id, lane), producer_));
  }
  ~Log() override {
    for (const auto& lane : lanes_) lane->close();
    producer_.close();  // the last reports come while the lanes still stand
  }

  Result<void> load_places() {
    for (const auto& lane : lanes_) {
      if (auto loaded = lane->load_places(); !loaded) return loaded;
    }
    return {};
  }

  Result<Tip> open(LaneId lane) override { return at(lane).open(); }
  void append(SharedBatch batch, AppendDone done) override {
    LaneLog& lane = at(batch->lane());
    lane.append(std::move(batch), std::move(done));
  }
  void release(LaneId lane) override { at(lane).let_go(); }
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override {
    O2C_ASSERT(from >= 1);
    return at(lane).read(from, sink);
  }
  Result<Tip> tip(LaneId lane) override { return at(lane).tip(); }
  std::uint32_t lanes() const override { return static_cast<std::uint32_t>(lanes_.size()); }
  LaneStatus status(LaneId lane) override { return at(lane).status(); }
  Id16 id() const override { return id_; }

 private:
  LaneLog& at(LaneId lane) {
    O2C_ASSERT(lane < lanes_.size());
    return *lanes_[lane];
  }
  const KafkaJournalOptions options_;
  const Id16 id_;
  SharedProducer producer_;
  std::vector<std::unique_ptr<LaneLog>> lanes_;
};

}  // namespace

Result<std::unique_ptr<KafkaJournal>> open_kafka_journal(KafkaJournalOptions options) {
  O2C_ASSERT(options.now);
  auto admin = Admin::open(options.client);
  if (!admin) return admin.error();
  const auto cluster = (*admin)->cluster_id();
  if (!cluster) return cluster.error();
  const auto topic = (*admin)->describe_topic(options.topic);
  if (!topic) return topic.error();
  const auto lanes = static_cast<std::uint32_t>(topic->partitions.size());
  if (options.lanes != 0 && options.lanes != lanes)
    return invalid(fmt::format("topic {} has {} partitions, not {}: a journal's lanes are fixed when it is made",
                               options.topic, lanes, options.lanes));
  if (!options.places.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(options.places, failed);
    if (failed)
      return Error{ErrorCode::unavailable, fmt::format("{}: {}", options.places.string(), failed.message()),
                   Remedy::fix_first};
  }
  const Id16 id = journal_id_of(*cluster, options.topic);
  auto log = std::make_unique<Log>(std::move(options), id, lanes);
  if (auto loaded = log->load_places(); !loaded) return loaded.error();
  return std::unique_ptr<KafkaJournal>(std::move(log));
}

}  // namespace o2c::kafka
