#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include "engine/runtime/engine.hpp"
#include "projections/runtime/follower.hpp"

namespace o2c {

/// Brings the messages between companies to their receivers: what a sender's journal shows and the receiver's does not is handed over as a
/// command, again and again until it is taken. Each process does so for the senders whose lanes it has; two that both believe to have a lane do
/// no harm, because a message is taken once.
///
/// threads  stop: the owner's. Its own thread hands over; the rest must outlive it.
class Courier {
 public:
  struct Ports {
    Engine& engine;
    Follower& follower;
    std::function<Result<std::vector<std::uint64_t>>(LaneId, std::uint64_t)> read_entry;
    std::function<void(std::span<Request>)> submit;  // to whoever has the receiver's lane
  };
  explicit Courier(Ports ports);
  ~Courier() { stop(); }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Hands over what can be handed over within this process, then ends. Idempotent.
  void stop();

 private:
  using Pair = Traffic::Pair;
  struct Letter {
    Pair pair;
    Traffic::Waiting at;
    LaneId lane = 0;  // of the sender
  };
  /// What came of the attempts for one pair.
  struct Progress {
    std::uint64_t taken = 0;  // decided, though the read models may not show it yet
    int failures = 0;         // since then: it is tried less and less often, up to once in a minute
    std::chrono::steady_clock::time_point again{};
  };

  enum class To { all, those_here };
  void run();
  bool deliver(To to);
  std::vector<Letter> waiting(To to) const;
  Result<Request> request_of(const Letter& letter) const;

  const Ports ports_;
  std::map<Pair, Progress> progress_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace o2c
