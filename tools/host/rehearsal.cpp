// Commands decided on a private copy: the same lane code over a journal and a store that only read.
#include <map>

#include "engine/runtime/due.hpp"
#include "tools/host/instance.hpp"

namespace o2c {
namespace {

/// Reads the real journal; what is appended stays in memory and counts at once.
class ScratchJournal final : public Journal {
 public:
  explicit ScratchJournal(Journal& real) : real_(real) {}
  Result<Tip> open(LaneId lane) override { return tip(lane); }
  void append(SharedBatch batch, AppendDone done) override {
    Tip& tip = tips_.at(batch->lane());
    batch->seal(tip);
    done(batch, AppendStatus::durable);
  }
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override {
    return real_.read(lane, from, sink);
  }
  Result<Tip> tip(LaneId lane) override {
    auto tip = real_.tip(lane);
    if (tip) tips_[lane] = *tip;
    return tip;
  }
  std::uint32_t lanes() const override { return real_.lanes(); }

 private:
  Journal& real_;
  std::map<LaneId, Tip> tips_;
};

class ScratchStore final : public StateStore {
 public:
  explicit ScratchStore(StateStore& real) : real_(real) {}
  Result<void> commit(const std::vector<StateWrite>&) override { return {}; }
  Result<std::optional<std::string>> get(std::string_view key) override {
    return cleared_ ? std::optional<std::string>{} : real_.get(key);
  }
  Result<void> scan(std::string_view prefix, const RowSink& sink) override {
    return cleared_ ? Result<void>{} : real_.scan(prefix, sink);
  }
  Result<void> clear() override {
    cleared_ = true;
    return {};
  }

 private:
  StateStore& real_;
  bool cleared_ = false;
};

struct ScratchLane {
  ScratchLane(LaneId id, Engine& engine, Journal& real, Clock& clock)
      : journal(real),
        store(engine.store(id)),
        lane(id, journal, store, clock, LaneOptions{.batch_entries_max = 1}, {}) {}
  /// As if the lane were taken now; timers: what fell due comes first, as it would before the real commands.
  Result<void> open(bool timers) {
    if (auto recovered = lane.recover(); !recovered) return recovered.error();
    if (auto opened = lane.open(); !opened) return opened;
    if (!timers) return {};
    for (const auto& [company, state] : lane.companies()) {
      if (!state.opened()) continue;
      for (Request& request : due_requests(company, state, lane.today(company))) decide(std::move(request));
    }
    return {};
  }
  void decide(Request request) {
    lane.handle(std::move(request));
    lane.flush(Flush::now);
  }
  ScratchJournal journal;
  ScratchStore store;
  Lane lane;
};

/// Takes the one reply of the command at hand; what was decided long ago is read back, so that its outcome can be told.
class Catch final : public ReplySink {
 public:
  Catch(Instance& instance, const std::function<void(std::size_t, const Reply&)>& f) : instance_(instance), f_(f) {}
  void reply(std::uint64_t tag, const Reply& reply) override {
    if (reply.status != Reply::Status::decided || reply.frame.entry) return f_(tag, reply);
    Reply whole = reply;
    const auto words = instance_.read_entry(reply.lane, reply.seq);
    if (words && !words->empty()) whole.frame = frame_in(*words);
    else whole.status = Reply::Status::unknown;
    f_(tag, whole);
  }

 private:
  Instance& instance_;
  const std::function<void(std::size_t, const Reply&)>& f_;
};

}  // namespace

Result<void> Instance::rehearse(std::span<const Request> commands,
                                const std::function<void(std::size_t, const Reply&)>& on_answer) {
  std::map<LaneId, std::unique_ptr<ScratchLane>> lanes;
  Catch sink(*this, on_answer);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    Request request = commands[i];
    const LaneId id = lane_of(request, engine_->lanes());
    auto& scratch = lanes[id];
    if (!scratch) {
      scratch = std::make_unique<ScratchLane>(id, *engine_, *journal_, clock_);
      if (auto opened = scratch->open(options_.engine.timers); !opened) return opened;
    }
    request.sink = &sink;
    request.tag = i;
    scratch->decide(std::move(request));
  }
  return {};
}

}  // namespace o2c
