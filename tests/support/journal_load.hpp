#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "tests/support/journal_oracle.hpp"

namespace o2c::test {

/// What a load tells of itself, from its own thread and from those of the journal, one at a time.
class LoadListener {
 public:
  virtual ~LoadListener() = default;
  virtual void opened(const Tip& tip) = 0;
  virtual void refused(const Error& error) = 0;  // by open
  virtual void sent(const SentEntries& entries) = 0;
  virtual void answered(const SentEntries& entries, AppendStatus status) = 0;
};

struct LoadOptions {
  std::string writer = "a";
  unsigned seed = 1;
  std::size_t in_flight_max = 8;  // batches
  std::chrono::microseconds pause{500};
  bool comes_back = true;  // after it was fenced
};

/// A client that appends batches of 1 to 8 entries to lane 0, several in flight, and opens the lane again whenever it has to.
/// threads  its own from construction on; stop() from any.
class JournalLoad {
 public:
  JournalLoad(Journal& journal, LoadListener& listener, LoadOptions options)
      : journal_(journal), listener_(listener), options_(std::move(options)), chance_(options_.seed) {
    thread_ = std::thread([this] { run(); });
  }
  ~JournalLoad() { stop(); }
  JournalLoad(const JournalLoad&) = delete;
  JournalLoad& operator=(const JournalLoad&) = delete;

  /// Returns when everything is answered.
  void stop() {
    stopping_ = true;
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  bool gone() const { return gone_; }  // fenced, and it does not come back

 private:
  void run() {
    while (!stopping_ && !gone_) {
      const Result<Tip> opened = journal_.open(0);
      if (!opened) {
        tell([&] { listener_.refused(opened.error()); });
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        continue;
      }
      tell([&] { listener_.opened(*opened); });
      hold(*opened);
      if (broken_ == AppendStatus::fenced && !options_.comes_back) gone_ = true;
    }
  }

  /// One tenure, to its end.
  void hold(Tip tip) {
    broken_ = AppendStatus::durable;
    while (!stopping_ && broken_ == AppendStatus::durable) {
      append(tip);
      std::this_thread::sleep_for(options_.pause);
      wait_for([&] { return in_flight_ < options_.in_flight_max || stopping_ || broken_ != AppendStatus::durable; });
    }
    wait_for([&] { return in_flight_ == 0; });
  }
  void append(Tip& tip) {
    const SentEntries entries{options_.writer, next_, std::uniform_int_distribution<std::size_t>{1, 8}(chance_)};
    next_ += entries.count;
    tell([&] {
      ++in_flight_;
      listener_.sent(entries);
    });
    journal_.append(draft_batch(0, tip, entries), [this, entries](const SharedBatch&, AppendStatus status) {
      tell([&] {
        --in_flight_;
        if (status != AppendStatus::durable) broken_ = status;
        listener_.answered(entries, status);
        changed_.notify_all();  // in the lock: afterwards this may be gone
      });
    });
  }
  template <class Act> void tell(Act act) {
    const std::lock_guard lock(mutex_);
    act();
  }
  template <class Condition> void wait_for(Condition condition) {
    std::unique_lock lock(mutex_);
    while (!condition()) changed_.wait_for(lock, std::chrono::milliseconds{20});
  }

  Journal& journal_;
  LoadListener& listener_;
  const LoadOptions options_;
  std::mt19937 chance_;
  std::uint64_t next_ = 1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t in_flight_ = 0;
  std::atomic<AppendStatus> broken_{AppendStatus::durable};
  std::atomic<bool> stopping_{false}, gone_{false};
  std::thread thread_;
};

/// Tells the oracle, and counts.
class OracleListener final : public LoadListener {
 public:
  explicit OracleListener(JournalOracle& oracle) : oracle_(oracle) {}
  void opened(const Tip&) override { ++tenures; }
  void refused(const Error& error) override {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(error);
  }
  void sent(const SentEntries& entries) override { oracle_.sent(entries); }
  void answered(const SentEntries& entries, AppendStatus status) override {
    oracle_.answered(entries, status);
    if (status == AppendStatus::durable) ++durable;
    if (status == AppendStatus::fenced) ++fenced;
    if (status == AppendStatus::unknown) ++unknown;
  }
  std::vector<Error> refusals() const {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }
  std::atomic<std::size_t> tenures{0}, durable{0}, fenced{0}, unknown{0};  // the last three: batches

 private:
  JournalOracle& oracle_;
  mutable std::mutex mutex_;
  std::vector<Error> refusals_;
};

}  // namespace o2c::test
