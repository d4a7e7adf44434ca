#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "connectors/kafka/topics/topics.hpp"
#include "engine/runtime/engine.hpp"

namespace o2c::kafka {

class LaneCommands;

struct CommandsOptions {
  ClientConfig client;
  TopicPlan topics;  // a checked one
};

/// How far one lane has come with its partition of commands, for metrics.
struct TakenCommands {
  LaneId lane = 0;
  std::int64_t position = 0;       // offset of the next record
  std::uint64_t records = 0;       // taken here; repeats and dead letters among them
  std::uint64_t dead_letters = 0;  // sent here
  std::uint64_t lost = 0;          // offsets whose records retention removed before they were taken
  std::uint64_t failures = 0;      // how often it began anew
  std::string error;               // why it does not go on just now; empty: it does
};

/// Takes commands from o2c.commands.v1 (connectors/kafka/README.md): each lane reads its own partition on a thread of its own, from the lane's
/// source position on, which is part of the journal. So each record counts exactly once, whatever crashes; nothing is acknowledged to
/// Kafka and no group takes part.
///
/// A record that is no command goes to o2c.dlq.commands.v1 and the lane goes on. Every other one is answered on o2c.answers.v1 once its entry is
/// durable. Records are taken some hundred at a time, and the next ones not before the answers to these have arrived; so how far answers have
/// come is seen in the topic itself, and a takeover answers again what might be missing. When the engine or the brokers are slow, nothing more is
/// read; what the client holds is bounded by its queue. Whatever goes wrong is said in `status` and tried again.
///
/// owner    ends before the engine closes; engine and journal outlive it.
/// threads  take, release, status: any; the rest: the owner's.
class Commands {
 public:
  Commands(CommandsOptions options, Engine& engine, Journal& journal);
  /// Waits for what was handed to the engine, and a second for answers that are on their way.
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// Begins to take the commands of a lane; nothing happens if it does already.
  void take(LaneId lane);
  /// Ends it and waits for that: for what was handed to the engine, and a second for answers that are on their way.
  void release(LaneId lane);
  std::vector<TakenCommands> status() const;

 private:
  const CommandsOptions options_;
  Engine& engine_;
  Journal& journal_;
  mutable std::mutex mutex_;
  std::map<LaneId, std::shared_ptr<LaneCommands>> lanes_;  // under mutex_
};

}  // namespace o2c::kafka
