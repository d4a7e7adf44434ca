#pragma once
#include "engine/ports/journal.hpp"

namespace o2c::test {

/// Another journal, as a test bends it.
class BentJournal : public Journal {
 public:
  explicit BentJournal(Journal& real) : real_(real) {}
  Result<Tip> open(LaneId lane) override { return real_.open(lane); }
  void append(SharedBatch batch, AppendDone done) override { real_.append(std::move(batch), std::move(done)); }
  Result<void> read(LaneId lane, std::uint64_t from, const EntrySink& sink) override {
    return real_.read(lane, from, sink);
  }
  void release(LaneId lane) override { real_.release(lane); }
  Result<Tip> tip(LaneId lane) override { return real_.tip(lane); }
  std::uint32_t lanes() const override { return real_.lanes(); }

 protected:
  Journal& real_;
};

}  // namespace o2c::test
