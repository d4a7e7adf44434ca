#pragma once
#include <atomic>
#include <condition_variable>
#include <thread>

#include "connectors/kafka/client/partition_reader.hpp"
#include "connectors/kafka/commands/command_batch.hpp"
#include "connectors/kafka/commands/commands.hpp"
#include "connectors/kafka/publisher/outbox.hpp"

namespace o2c::kafka {

/// Takes the commands of one lane on a thread of its own: one tenure after another until it is stopped. A tenure ends with the first thing that
/// fails; the next one asks the lane and the answers anew where to go on.
/// threads  status, stop: any. The destructor waits for the thread.
class LaneCommands {
 public:
  LaneCommands(const CommandsOptions& options, Engine& engine, Journal& journal, LaneId lane);
  ~LaneCommands();
  LaneCommands(const LaneCommands&) = delete;
  LaneCommands& operator=(const LaneCommands&) = delete;

  TakenCommands status() const;
  void stop();

 private:
  struct Tenure;
  void run();
  Result<void> hold_tenure();
  Result<Tenure> begin_tenure(Outbox& outbox);
  Result<std::int64_t> source_position();
  Result<std::int64_t> first_unanswered();
  Result<void> pass_deleted(Tenure& tenure);
  Result<void> take(Tenure& tenure, std::span<const Record> records);
  Result<std::uint64_t> add(Tenure& tenure, const Record& record, CommandBatch& batch);
  Result<void> answer(Tenure& tenure, CommandBatch::Item& item);
  Result<void> flush(Outbox& outbox);
  void note(const Tenure& tenure, std::uint64_t records, std::uint64_t dead_letters);

  const CommandsOptions& options_;
  Engine& engine_;
  Journal& journal_;
  const LaneId lane_;
  const std::int32_t partition_;
  const std::string topic_;
  std::atomic<bool> stopping_{false};

  mutable std::mutex mutex_;  // guards what lies below
  std::condition_variable stop_;
  TakenCommands status_;
  std::thread thread_;
};

}  // namespace o2c::kafka
