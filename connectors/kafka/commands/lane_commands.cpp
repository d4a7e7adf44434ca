#include "connectors/kafka/commands/lane_commands.hpp"

#include <fmt/format.h>

#include <charconv>

#include "connectors/kafka/commands/answer_record.hpp"
#include "connectors/kafka/publisher/read_to_end.hpp"

namespace o2c::kafka {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t records_each = 500;  // one batch of the journal; its answers are one request to the broker
constexpr std::int64_t answers_looked_at = 2'000;
constexpr std::chrono::milliseconds poll_time{100}, question_time{3'000}, arrival_time{1'000};
constexpr std::chrono::milliseconds first_pause{100}, longest_pause{5'000};

Instant now() {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(time).count()};
}

}  // namespace

/// From taking up the lane until something fails.
struct LaneCommands::Tenure {
  Outbox& outbox;
  Outbox::Partition answers, letters;
  std::int64_t next;  // where the lane is: records before it are answered, and never decided
  std::unique_ptr<PartitionReader> reader;
};

LaneCommands::LaneCommands(const CommandsOptions& options, Engine& engine, Journal& journal, LaneId lane)
    : options_(options),
      engine_(engine),
      journal_(journal),
      lane_(lane),
      partition_(static_cast<std::int32_t>(lane)),
      topic_(topic_name(options.topics, TopicKind::commands)) {
  status_.lane = lane;
  thread_ = std::thread([this] { run(); });
}

LaneCommands::~LaneCommands() {
  stop();
  thread_.join();
}

void LaneCommands::stop() {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  stop_.notify_all();
}

TakenCommands LaneCommands::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void LaneCommands::run() {
  for (auto pause = first_pause; !stopping_; pause = std::min(pause * 2, longest_pause)) {
    const std::uint64_t before = status().records;
    const auto held = hold_tenure();
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    status_.error = held.error().message;
    ++status_.failures;
    if (status_.records > before) pause = first_pause;
    stop_.wait_for(lock, pause, [this] { return stopping_.load(); });
  }
}

/// Takes records until something fails or it is stopped.
Result<void> LaneCommands::hold_tenure() {
  auto outbox = Outbox::open(options_.client, stopping_);
  if (!outbox) return outbox.error();
  auto tenure = begin_tenure(**outbox);
  if (!tenure) return tenure.error();
  note(*tenure, 0, 0);
  for (;;) {
    const ReadBatch batch = tenure->reader->poll(records_each, poll_time);
    if (stopping_) return stopped();
    if (!batch.records.empty()) {
      if (auto taken = take(*tenure, batch.records); !taken) return taken;
    }
    if (const auto refused = (*outbox)->failure()) return *refused;
    if (batch.status == ReadStatus::deleted) {
      if (auto passed = pass_deleted(*tenure); !passed) return passed;
    } else if (batch.status == ReadStatus::truncated || batch.status == ReadStatus::failed) {
      return batch.error;
    }
  }
}

Result<LaneCommands::Tenure> LaneCommands::begin_tenure(Outbox& outbox) {
  const auto next = source_position();
  if (!next) return next.error();
  const auto unanswered = first_unanswered();
  if (!unanswered) return unanswered.error();
  const auto answers = outbox.partition(topic_name(options_.topics, TopicKind::answers), partition_);
  if (!answers) return answers.error();
  const auto letters = outbox.partition(topic_name(options_.topics, TopicKind::dlq_commands), partition_);
  if (!letters) return letters.error();
  auto reader = PartitionReader::open(options_.client, topic_, partition_, std::min(*next, *unanswered));
  if (!reader) return reader.error();
  return Tenure{outbox, *answers, *letters, *next, std::move(*reader)};
}

/// Where the lane goes on: what the entries that count cover.
Result<std::int64_t> LaneCommands::source_position() {
  Result<std::int64_t> position = lane_is_lost(lane_);
  engine_.inspect_lane(lane_, [&](Lane& lane) {
    if (!lane.lost()) position = lane.source_position(topic_, partition_);
  });
  return position;
}

/// Behind the last record that was answered. Answers are sent in the order of the records and without a gap, so all before it are. When no
/// answer is there any more, it is the beginning.
Result<std::int64_t> LaneCommands::first_unanswered() {
  const std::string topic = topic_name(options_.topics, TopicKind::answers);
  auto reader = PartitionReader::open(options_.client, topic, partition_, 0);
  if (!reader) return reader.error();
  std::int64_t unanswered = 0;
  const auto look = [&](const Record& record) -> Result<void> {
    const auto header = record.header(source_offset_header);
    if (!header) return {};  // a stranger's record
    const std::string_view text = text_of(*header);
    std::int64_t offset = -1;
    std::from_chars(text.data(), text.data() + text.size(), offset);
    unanswered = std::max(unanswered, offset + 1);
    return {};
  };
  if (auto read = read_to_end(**reader, answers_looked_at, look, stopping_); !read) return read.error();
  return unanswered;
}

/// Goes on with the first record that is still there. What the lane had not taken is gone for good, which is said.
Result<void> LaneCommands::pass_deleted(Tenure& tenure) {
  const auto range = tenure.reader->watermarks(question_time);
  if (!range) return range.error();
  if (range->from > tenure.next) {
    const std::lock_guard lock(mutex_);
    status_.lost += static_cast<std::uint64_t>(range->from - tenure.next);
  }
  return tenure.reader->seek(range->from);
}

/// Dead letters first, as the lane may cover their records at once; then the commands; then the answers. Each has arrived before the next begins.
Result<void> LaneCommands::take(Tenure& tenure, std::span<const Record> records) {
  CommandBatch batch(topic_, records.size());
  const std::int64_t position = tenure.next;
  std::uint64_t taken = 0, letters = 0;
  for (const Record& record : records) {
    taken += record.offset >= position ? 1U : 0U;
    const auto sent = add(tenure, record, batch);
    if (!sent) return sent.error();
    letters += *sent;
  }
  if (letters > 0) {
    if (auto arrived = flush(tenure.outbox); !arrived) return arrived;
  }
  auto requests = batch.requests();
  engine_.submit_records(lane_, requests);
  for (CommandBatch::Item& item : batch.wait()) {
    if (auto answered = answer(tenure, item); !answered) return answered;
  }
  note(tenure, taken, letters);
  return flush(tenure.outbox);
}

/// returns  how many dead letters were sent: 0 or 1.
Result<std::uint64_t> LaneCommands::add(Tenure& tenure, const Record& record, CommandBatch& batch) {
  const auto header = [&record](std::string_view name) {
    const auto bytes = record.header(name);
    return bytes ? std::optional{text_of(*bytes)} : std::nullopt;
  };
  const CommandRecord read{record.key, record.tombstone ? std::nullopt : std::optional{record.value},
                           header("content-type"), header(correlation_header)};
  auto command = read_command(read, lane_, engine_.lanes());
  const bool taken_before = record.offset < tenure.next;
  if (!command && taken_before) return std::uint64_t{0};  // its letter was sent before it was taken
  const std::int64_t from = taken_before ? record.offset : tenure.next;
  tenure.next = std::max(tenure.next, record.offset + 1);
  if (command) {
    batch.add(partition_, from, record.offset, std::move(*command));
    return std::uint64_t{0};
  }
  batch.add_skip(partition_, from, record.offset, command.error().skip);
  const auto letter = dead_letter(command.error(), read, {topic_, partition_, from, record.offset});
  if (auto sent = tenure.outbox.send(tenure.letters, letter, static_cast<std::uint64_t>(record.offset), now()); !sent)
    return sent.error();
  return std::uint64_t{1};
}

Result<void> LaneCommands::answer(Tenure& tenure, CommandBatch::Item& item) {
  Reply& reply = item.reply;
  switch (reply.status) {
    case Reply::Status::skipped: return {};
    case Reply::Status::busy:
    case Reply::Status::unknown:
    case Reply::Status::unavailable:
      return Error{ErrorCode::unavailable,
                   fmt::format("{}[{}]: record {} is not taken yet: the lane is lost for the moment", topic_,
                               partition_, item.place.offset),
                   Remedy::retry};
    case Reply::Status::decided:
    case Reply::Status::conflict:
    case Reply::Status::too_old: break;
  }
  if (reply.status == Reply::Status::decided && !reply.frame.entry) {  // a repeat whose entry is out of memory
    const auto keep = [&item](const FrameView& frame) {
      item.entry.assign(reinterpret_cast<const std::uint64_t*>(frame.frame.data()),
                        reinterpret_cast<const std::uint64_t*>(frame.frame.data() + frame.frame.size()));
      return false;
    };
    if (auto read = journal_.read(lane_, reply.seq, keep); !read) return read;
    reply.frame = frame_in(item.entry);
  }
  return tenure.outbox.send(tenure.answers, answer_record(*item.command, reply, item.place.offset),
                            static_cast<std::uint64_t>(item.place.offset), now());
}

/// Until all has arrived; brokers that are away are waited for.
Result<void> LaneCommands::flush(Outbox& outbox) {
  while (!outbox.flush(arrival_time)) {
    if (const auto refused = outbox.failure()) return *refused;
    if (stopping_) return stopped();
  }
  if (const auto refused = outbox.failure()) return *refused;
  return {};
}

void LaneCommands::note(const Tenure& tenure, std::uint64_t records, std::uint64_t dead_letters) {
  const std::lock_guard lock(mutex_);
  status_.position = tenure.next;
  status_.records += records;
  status_.dead_letters += dead_letters;
  status_.error.clear();
}

}  // namespace o2c::kafka
