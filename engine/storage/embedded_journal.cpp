#include "engine/storage/embedded_journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "engine/journal/lane_opened.hpp"
#include "engine/journal/random_id.hpp"
#include "engine/storage/directory_lock.hpp"
#include "engine/storage/journal_verify.hpp"
#include "engine/storage/lane_reader.hpp"

namespace o2c {
namespace storage {
namespace {

constexpr std::uint32_t lanes_max = 1024;

/// What a journal rests on once it has been opened and found sound.
struct Opened {
  DirectoryLock lock;
  std::unique_ptr<GroupStore> store;
  TipFile witness;
  std::vector<Tip> tips;
  std::uint64_t last_group = 0;
};

class Writer final : public EmbeddedJournal {
 public:
  Writer(EmbeddedJournalOptions options, Opened opened);
  ~Writer() override;

  Result<Tip> open(LaneId lane) override;
  void append(SharedBatch batch, AppendDone done) override;
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override;
  Result<Tip> tip(LaneId lane) override;
  std::uint32_t lanes() const override { return store_->meta().lanes; }
  JournalInfo info() override;
  Result<JournalInfo> verify(const VerifyProgress& progress) override;

 private:
  struct Waiting {
    SharedBatch batch;
    AppendDone done;
    AppendStatus status = AppendStatus::unknown;
  };

  void enqueue(SharedBatch batch, AppendDone done);
  AppendStatus append_and_wait(const SharedBatch& batch);
  Result<void> read_back(LaneId lane, const Tip& until, const Id16& open_id);
  Result<Instant> next_instant(LaneId lane, const Tip& tip);

  void write_groups();
  std::vector<Waiting> next_group();
  AppendStatus admit(FrameBatch& batch);
  Result<void> make_durable(const std::vector<Waiting>& group);
  void answer(std::vector<Waiting>& group);

  const EmbeddedJournalOptions options_;
  const DirectoryLock lock_;
  const std::unique_ptr<GroupStore> store_;

  // Only the writer thread, once it runs.
  TipFile witness_;
  std::vector<Tip> sealed_;  // by lane, behind the last batch that was given its place
  std::uint64_t group_;
  bool dead_ = false;  // a write failed: what the disk holds is unknown until it is opened anew

  std::mutex mutex_;  // guards all below
  std::condition_variable waits_, settled_;
  std::deque<Waiting> queue_;
  std::vector<std::size_t> unsettled_;  // by lane: batches that `done` has not answered
  std::vector<char> opened_;            // by lane: this process has written its LaneOpened
  std::vector<Tip> durable_;
  std::uint64_t durable_group_;
  bool closing_ = false;

  std::thread thread_;
};

Writer::Writer(EmbeddedJournalOptions options, Opened opened)
    : options_(std::move(options)),
      lock_(std::move(opened.lock)),
      store_(std::move(opened.store)),
      witness_(std::move(opened.witness)),
      sealed_(opened.tips),
      group_(opened.last_group),
      unsettled_(opened.tips.size()),
      opened_(opened.tips.size()),
      durable_(std::move(opened.tips)),
      durable_group_(opened.last_group) {
  thread_ = std::thread([this] { write_groups(); });
}

Writer::~Writer() {
  {
    const std::lock_guard guard(mutex_);
    closing_ = true;
  }
  waits_.notify_all();
  thread_.join();
}

Result<Tip> Writer::open(LaneId lane) {
  O2C_ASSERT(lane < lanes());
  Tip before;
  {
    std::unique_lock guard(mutex_);
    settled_.wait(guard, [&] { return unsettled_[lane] == 0; });
    before = durable_[lane];
  }
  const Result<Instant> at = next_instant(lane, before);
  if (!at) return at.error();
  const Id16 open_id = random_id();
  if (append_and_wait(lane_opened(lane, before, open_id, *at)) != AppendStatus::durable) {
    return Error{ErrorCode::outcome_unknown,
                 fmt::format("journal lane {}: a write failed; open the journal anew", lane), Remedy::fix_first};
  }
  Result<Tip> after = tip(lane);
  if (auto read = read_back(lane, *after, open_id); !read) return read.error();
  const std::lock_guard guard(mutex_);
  opened_[lane] = 1;
  return after;
}

AppendStatus Writer::append_and_wait(const SharedBatch& batch) {
  std::promise<AppendStatus> outcome;
  enqueue(batch, [&](const SharedBatch&, AppendStatus status) { outcome.set_value(status); });
  return outcome.get_future().get();
}

Result<void> Writer::read_back(LaneId lane, const Tip& until, const Id16& open_id) {
  bool own = false;
  const auto compare = [&](const FrameView& frame) {
    return own = frame.entry->open_id() != nullptr && Id16::from(*frame.entry->open_id()) == open_id;
  };
  if (auto read = read_lane(*store_, lane, until.seq, until, compare); !read) return read;
  if (!own)
    return integrity(fmt::format("journal lane {} seq {}: another LaneOpened stands where the own one was written",
                                 lane, until.seq));
  return {};
}

/// Recorded times of a lane rise even when the machine's clock falls.
Result<Instant> Writer::next_instant(LaneId lane, const Tip& tip) {
  Instant next = options_.now();
  const auto raise = [&](const FrameView& frame) {
    next.micros = std::max(next.micros, frame.entry->recorded_at()->micros() + 1);
    return true;
  };
  if (tip.seq == 0) return next;
  if (auto read = read_lane(*store_, lane, tip.seq, tip, raise); !read) return read.error();
  return next;
}

void Writer::append(SharedBatch batch, AppendDone done) {
  {
    const std::lock_guard guard(mutex_);
    O2C_ASSERT(batch->lane() < opened_.size() && opened_[batch->lane()] != 0);
  }
  enqueue(std::move(batch), std::move(done));
}

void Writer::enqueue(SharedBatch batch, AppendDone done) {
  O2C_ASSERT(!batch->empty());
  {
    const std::lock_guard guard(mutex_);
    O2C_ASSERT(!closing_);
    ++unsettled_[batch->lane()];
    queue_.push_back({std::move(batch), std::move(done)});
  }
  waits_.notify_one();
}

void Writer::write_groups() {
  for (std::vector<Waiting> group = next_group(); !group.empty(); group = next_group()) {
    for (Waiting& waiting : group) waiting.status = dead_ ? AppendStatus::unknown : admit(*waiting.batch);
    if (!dead_ && !make_durable(group)) dead_ = true;
    if (dead_) {
      for (Waiting& waiting : group) waiting.status = AppendStatus::unknown;
    }
    answer(group);
  }
}

/// All that waits, up to the limit: while one group is synced the next one gathers. Empty when the journal closes.
std::vector<Writer::Waiting> Writer::next_group() {
  std::unique_lock guard(mutex_);
  waits_.wait(guard, [&] { return closing_ || !queue_.empty(); });
  std::vector<Waiting> group;
  std::size_t bytes = 0;
  while (!queue_.empty() &&
         (group.empty() || bytes + queue_.front().batch->bytes().size() <= options_.group_bytes_max)) {
    bytes += queue_.front().batch->bytes().size();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

/// Gives a batch its place in the lane. One of an earlier tenure is fenced; one that does not follow is a bug of the caller.
AppendStatus Writer::admit(FrameBatch& batch) {
  Tip& tip = sealed_[batch.lane()];
  const fb::Entry& first = *batch.at(0).entry;
  if (first.epoch() < tip.epoch) return AppendStatus::fenced;
  const bool opens = first.kind() == fb::EntryKind::lane_opened;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const FrameView frame = batch.at(i);
    O2C_ASSERT(frame.frame.size() <= frame_limit && frame.entry->lane() == batch.lane());
    O2C_ASSERT(frame.entry->epoch() == (opens ? tip.epoch + 1 : tip.epoch));
  }
  O2C_ASSERT(!opens || batch.size() == 1);
  batch.seal(tip);
  return AppendStatus::durable;
}

/// The group, then its witness, each synced; only then may anyone be told.
Result<void> Writer::make_durable(const std::vector<Waiting>& group) {
  std::vector<SharedBatch> batches;
  for (const Waiting& waiting : group) {
    if (waiting.status == AppendStatus::durable) batches.push_back(waiting.batch);
  }
  if (batches.empty()) return {};
  std::stable_sort(batches.begin(), batches.end(),
                   [](const SharedBatch& a, const SharedBatch& b) { return a->lane() < b->lane(); });
  ++group_;
  if (auto written = store_->write(group_, batches); !written) return written;
  if (auto written = witness_.write(group_, sealed_); !written) return written;
  const std::lock_guard guard(mutex_);
  durable_ = sealed_;
  durable_group_ = group_;
  return {};
}

void Writer::answer(std::vector<Waiting>& group) {
  for (Waiting& waiting : group) {
    waiting.done(waiting.batch, waiting.status);
    const std::lock_guard guard(mutex_);
    --unsettled_[waiting.batch->lane()];
  }
  settled_.notify_all();
}

Result<void> Writer::read(LaneId lane, std::uint64_t from, const EntrySink& sink) {
  O2C_ASSERT(lane < lanes() && from >= 1);
  const Result<Tip> until = tip(lane);
  return read_lane(*store_, lane, from, *until, sink);
}

Result<Tip> Writer::tip(LaneId lane) {
  O2C_ASSERT(lane < lanes());
  const std::lock_guard guard(mutex_);
  return durable_[lane];
}

JournalInfo Writer::info() {
  JournalInfo info;
  {
    const std::lock_guard guard(mutex_);
    info.tips = durable_;
    info.groups = durable_group_;
  }
  info.journal_id = store_->meta().journal_id;
  for (const Tip& tip : info.tips) info.entries += tip.seq;
  info.disk_bytes = disk_bytes(options_.path);
  return info;
}

Result<JournalInfo> Writer::verify(const VerifyProgress& progress) {
  TipRecord witness{store_->meta().journal_id, 0, {}};
  {
    const std::lock_guard guard(mutex_);
    witness.group = durable_group_;
    witness.tips = durable_;
  }
  Result<JournalInfo> info = verify_groups(*store_, witness.group, &witness, progress);
  if (info) info->disk_bytes = disk_bytes(options_.path);
  return info;
}

/// Makes the journal if there is none and there never was one.
Result<void> ensure_database(const EmbeddedJournalOptions& options) {
  auto present = require_database(options.path);
  if (present || present.error().code != ErrorCode::not_found || !options.create) return present;
  return GroupStore::create(database_path(options.path), {random_id(), std::max(options.lanes, 1U)}, options.env);
}

Result<Opened> open_parts(const EmbeddedJournalOptions& options, DirectoryLock lock) {
  if (auto made = ensure_database(options); !made) return made.error();
  Result<std::unique_ptr<GroupStore>> store =
      GroupStore::open(database_path(options.path), GroupStore::Access::write, options.env);
  if (!store) return store.error();
  const std::uint32_t lanes = (*store)->meta().lanes;
  if (options.lanes != 0 && options.lanes != lanes) {
    return invalid(fmt::format("journal {} has {} lanes, not {}: the number is fixed when a journal is made",
                               options.path.string(), lanes, options.lanes));
  }
  Result<TipFile> witness = open_tip_file(options.path, **store);
  if (!witness) return witness.error();
  Result<std::vector<Tip>> tips = find_tips(**store, witness->current());
  if (!tips) return tips.error();
  const Result<std::uint64_t> last_group = (*store)->last_group();
  if (!last_group) return last_group.error();
  // What recovery found beyond the witness may be read from now on, so it must not get lost unseen either.
  if (*tips != witness->current().tips) {
    if (auto written = witness->write(*last_group, *tips); !written) return written.error();
  }
  return Opened{std::move(lock), std::move(*store), std::move(*witness), std::move(*tips), *last_group};
}

}  // namespace
}  // namespace storage

Result<std::unique_ptr<EmbeddedJournal>> open_embedded_journal(EmbeddedJournalOptions options) {
  O2C_ASSERT(options.now);
  if (options.lanes > storage::lanes_max)
    return invalid(fmt::format("{} lanes: at most {} are possible", options.lanes, storage::lanes_max));
  if (options.create) {
    std::error_code failed;
    std::filesystem::create_directories(options.path, failed);
    if (failed) return storage::system_error("cannot create", options.path, failed.value());
  } else if (auto present = storage::require_database(options.path); !present) {
    return present.error();
  }
  Result<storage::DirectoryLock> lock = storage::DirectoryLock::acquire(options.path);
  if (!lock) return lock.error();
  Result<storage::Opened> opened = storage::open_parts(options, std::move(*lock));
  if (!opened) return opened.error();
  return std::unique_ptr<EmbeddedJournal>(std::make_unique<storage::Writer>(std::move(options), std::move(*opened)));
}

}  // namespace o2c
