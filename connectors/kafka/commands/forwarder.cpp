#include "connectors/kafka/commands/forwarder.hpp"

#include <array>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <optional>
#include <thread>

#include "connectors/kafka/client/partition_reader.hpp"
#include "connectors/kafka/client/producer.hpp"
#include "connectors/kafka/commands/command_record.hpp"
#include "engine/journal/random_id.hpp"

namespace o2c::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t waiting_max = 16'384;  // per lane
constexpr std::chrono::milliseconds answer_time{2}, idle_time{200}, end_time{3'000};

template <class T> T number_in(const Record& record, std::string_view header) {
  T value = 0;
  if (const auto bytes = record.header(header)) {
    const std::string_view text = text_of(*bytes);
    std::from_chars(text.data(), text.data() + text.size(), value);
  }
  return value;
}

/// What an answer says; nothing when it is of a form that nobody here knows.
std::optional<Reply> reply_in(const Record& record, LaneId lane) {
  const auto status = record.header("status");
  if (!status) return std::nullopt;
  Reply reply{.lane = lane};
  if (text_of(*status) == "conflict") reply.status = Reply::Status::conflict;
  else if (text_of(*status) == "too_old") reply.status = Reply::Status::too_old;
  else if (text_of(*status) == "accepted" || text_of(*status) == "refused") reply.status = Reply::Status::decided;
  else return std::nullopt;
  reply.seq = number_in<std::uint64_t>(record, "entry-seq");
  reply.repeat = record.header("repeat").has_value();
  return reply;
}

}  // namespace

/// The commands for one lane, on a thread of its own. The end of the answers is known before the first command is sent, so none is missed.
class LaneForwarder {
 public:
  LaneForwarder(const CommandsOptions& options, std::chrono::milliseconds patience, LaneId lane)
      : options_(options), patience_(patience), lane_(lane), thread_([this] { run(); }) {}
  ~LaneForwarder() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      arrived_.notify_one();
    }
    thread_.join();
  }
  LaneForwarder(const LaneForwarder&) = delete;
  LaneForwarder& operator=(const LaneForwarder&) = delete;

  void submit(std::span<Request> requests) {
    const std::lock_guard lock(mutex_);
    for (Request& request : requests) {
      if (pending_.size() >= waiting_max) answer(request, Reply::Status::busy);
      else pending_.push_back(keep(std::move(request)));
    }
    arrived_.notify_one();
  }

 private:
  struct Waiting {
    Request request;
    std::string id;  // of the record; its answer bears it
    Clock::time_point deadline;
  };

  Waiting keep(Request request) const {
    if (!request.owner) {
      auto copy = std::make_shared<std::vector<std::uint64_t>>((request.command.size() + 7) / 8);
      std::memcpy(copy->data(), request.command.data(), request.command.size());
      request.command = {reinterpret_cast<const std::uint8_t*>(copy->data()), request.command.size()};
      request.owner = std::move(copy);
    }
    return {std::move(request), to_hex(random_id()), Clock::now() + patience_};
  }

  void answer(const Request& request, const Reply& reply) const {
    if (request.sink) request.sink->reply(request.tag, reply);
  }
  void answer(const Request& request, Reply::Status status) const {
    answer(request, Reply{.status = status, .lane = lane_});
  }

  void run() {
    for (bool stop = false; !stop;) {
      std::deque<Waiting> taken;
      {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) arrived_.wait_for(lock, idle_time, [&] { return stop_ || !pending_.empty(); });
        stop = stop_;
        taken.swap(pending_);
      }
      if (!taken.empty()) send(taken);
      if (!waiting_.empty()) take_answers();
      expire(stop);
    }
  }

  Result<void> open() {
    if (producer_ && !producer_->fatal_error() && reader_) return {};
    const auto partition = static_cast<std::int32_t>(lane_);
    auto reader = PartitionReader::open(options_.client, topic_name(options_.topics, TopicKind::answers), partition, 0);
    if (!reader) return reader.error();
    const auto range = (*reader)->watermarks(end_time);
    if (!range) return range.error();
    if (auto sought = (*reader)->seek(range->until); !sought) return sought;
    producer_.reset();
    auto producer = Producer::open(options_.client, [](std::span<const DeliveryReport>) {});
    if (!producer) return producer.error();
    auto topic = (*producer)->topic(topic_name(options_.topics, TopicKind::commands));
    if (!topic) return topic.error();
    reader_ = std::move(*reader), producer_ = std::move(*producer), topic_ = *topic;
    return {};
  }

  void send(std::deque<Waiting>& commands) {
    const bool reachable = open().has_value();
    for (Waiting& waiting : commands) {
      const Request& request = waiting.request;
      if (!reachable || waiting_.size() >= waiting_max || !produce(request, waiting.id))
        answer(request, Reply::Status::unavailable);
      else waiting_.emplace(waiting.id, std::move(waiting));
    }
  }

  bool produce(const Request& request, const std::string& id) {
    const std::array headers{Header{"content-type", bytes_of(content_type_of(CommandForm::flatbuffers))},
                             Header{correlation_header, bytes_of(id)}};
    Producer::Outgoing record;
    record.partition = static_cast<std::int32_t>(lane_);
    record.key = bytes_of(request.view().company()->string_view());
    record.value = request.command;
    record.headers = headers;
    return producer_->produce(*topic_, record).has_value();
  }

  void take_answers() {
    const ReadBatch batch = reader_->poll(waiting_max, answer_time);
    for (const Record& record : batch.records) {
      const auto id = record.header(correlation_header);
      const auto at = id ? waiting_.find(std::string(text_of(*id))) : waiting_.end();
      if (at == waiting_.end()) continue;
      const auto reply = reply_in(record, lane_);
      if (!reply) continue;
      answer(at->second.request, *reply);
      waiting_.erase(at);
    }
    // Answers that retention took are answers that nobody can wait for any more.
    if (batch.status == ReadStatus::deleted || batch.status == ReadStatus::truncated) reader_.reset(), expire(true);
  }

  void expire(bool all) {
    const auto now = Clock::now();
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if (!all && at->second.deadline > now) {
        ++at;
        continue;
      }
      answer(at->second.request, Reply::Status::unknown);
      at = waiting_.erase(at);
    }
  }

  const CommandsOptions& options_;
  const std::chrono::milliseconds patience_;
  const LaneId lane_;
  std::unique_ptr<Producer> producer_;
  std::optional<Producer::Topic> topic_;
  std::unique_ptr<PartitionReader> reader_;
  std::map<std::string, Waiting> waiting_;  // sent, by id of the record
  std::mutex mutex_;                        // guards what lies below
  std::condition_variable arrived_;
  std::deque<Waiting> pending_;  // not sent yet
  bool stop_ = false;
  std::thread thread_;
};

Forwarder::Forwarder(CommandsOptions options, std::chrono::milliseconds patience)
    : options_(std::move(options)), patience_(patience) {}
Forwarder::~Forwarder() = default;

void Forwarder::submit(LaneId lane, std::span<Request> requests) {
  const std::lock_guard lock(mutex_);
  auto& forwarder = lanes_[lane];
  if (!forwarder) forwarder = std::make_unique<LaneForwarder>(options_, patience_, lane);
  forwarder->submit(requests);
}

}  // namespace o2c::kafka
