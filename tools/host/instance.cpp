#include "tools/host/instance.hpp"

#include <cstring>

#include "engine/storage/rocks_state_store.hpp"
#include "tools/host/queries.hpp"

namespace o2c {

Instance::Instance(InstanceOptions options, std::uint32_t lanes) : options_(std::move(options)), follower_(lanes) {}
Instance::~Instance() { (void)close(); }

Result<std::unique_ptr<Instance>> Instance::open(InstanceOptions options) {
  SystemClock clock;
  auto journal = open_embedded_journal(
      {.path = options.data, .lanes = options.lanes, .create = options.create, .now = [clock]() mutable {
         return clock.now();
       }});
  if (!journal) return journal.error();
  const std::uint32_t lanes = (*journal)->lanes();
  std::unique_ptr<Instance> instance(new Instance(std::move(options), lanes));
  instance->journal_ = std::move(*journal);

  std::vector<std::unique_ptr<StateStore>> stores;
  for (LaneId lane = 0; lane < lanes; ++lane) {
    auto store = open_rocks_state_store(instance->options_.data / "state" / fmt::format("lane-{}", lane));
    if (!store && store.error().code == ErrorCode::integrity)
      return integrity(fmt::format("{}; remove {}, it is a cache and made anew from the journal", store.error().message,
                                   (instance->options_.data / "state").string()));
    if (!store) return store.error();
    stores.push_back(std::move(*store));
  }
  instance->engine_ =
      std::make_unique<Engine>(*instance->journal_, std::move(stores), instance->clock_, instance->options_.engine);
  auto replayed = instance->engine_->recover();
  if (!replayed) return replayed.error();
  instance->replayed_ = *replayed;
  if (instance->options_.read_models) {
    if (auto caught_up = instance->follower_.catch_up(*instance->journal_); !caught_up) return caught_up.error();
  }
  if (instance->options_.write) {
    if (instance->options_.read_models)
      instance->engine_->subscribe(
          [&follower = instance->follower_](const SharedBatch& batch) { follower.push(batch); });
    if (auto started = instance->engine_->start(); !started) return started.error();
    // The entries that taking the lanes appended are in the journal already, not in a batch.
    if (instance->options_.read_models) {
      if (auto caught_up = instance->follower_.catch_up(*instance->journal_); !caught_up) return caught_up.error();
      instance->follower_.start(*instance->journal_);
    }
  }
  return instance;
}

Result<std::vector<std::uint64_t>> Instance::read_entry(LaneId lane, std::uint64_t seq) {
  constexpr std::size_t ahead = 2048;
  const std::lock_guard lock(read_mutex_);
  if (!read_ || read_->empty() || read_->lane() != lane || seq < read_->first_seq() || seq > read_->last_seq()) {
    read_.emplace(lane);
    const auto keep = [&](const FrameView& frame) {
      read_->add_sealed(frame.frame);
      return read_->size() < ahead;
    };
    if (auto read = journal_->read(lane, seq, keep); !read) return read.error();
    if (read_->empty()) return std::vector<std::uint64_t>{};
  }
  const Bytes frame = read_->at(seq - read_->first_seq()).frame;
  std::vector<std::uint64_t> words(frame.size() / 8);
  std::memcpy(words.data(), frame.data(), frame.size());
  return words;
}

Instance::Answered Instance::submit(Request request) {
  WaitingSink sink;
  request.sink = &sink;
  engine_->submit_waiting({&request, 1});
  Answered answered{sink.wait(), {}};
  Reply& reply = answered.reply;
  if (reply.status != Reply::Status::decided) return answered;
  if (reply.frame.entry) {
    answered.storage.resize(reply.frame.frame.size() / 8);
    std::memcpy(answered.storage.data(), reply.frame.frame.data(), reply.frame.frame.size());
  } else if (auto words = read_entry(reply.lane, reply.seq); words && !words->empty()) {
    answered.storage = std::move(*words);
  } else {
    reply.status = Reply::Status::unknown;
    return answered;
  }
  reply.frame = *read_frame(
      {reinterpret_cast<const std::uint8_t*>(answered.storage.data()), answered.storage.size() * 8}, Check::trusted);
  return answered;
}

Hash32 Instance::state_root() {
  std::map<std::string, Hash32> roots;  // companies by name, whatever their lanes
  for (LaneId lane = 0; lane < engine_->lanes(); ++lane) {
    engine_->inspect_lane(lane, [&](Lane& l) {
      for (const auto& [id, state] : l.companies()) {
        if (state.opened()) roots[id] = ::o2c::state_root(state);
      }
    });
    if (options_.write) (void)follower_.wait_for(lane, engine_->durable_seq(lane), std::chrono::seconds{60});
  }
  Sha256 root;
  for (const auto& [id, hash] : roots) {
    root.update(fmt::format("{}:{};", id.size(), id));
    root.update(Bytes{hash.bytes});
    follower_.with([&](const ReadModels& models) {
      for (const Report& report : root_reports(models, id)) root.update(Bytes{report_hash(report).bytes});
    });
  }
  return root.finish();
}

Result<void> Instance::close() {
  if (!engine_) return {};
  auto closed = engine_->close();
  follower_.stop();
  engine_.reset();
  journal_.reset();
  return closed;
}

}  // namespace o2c
