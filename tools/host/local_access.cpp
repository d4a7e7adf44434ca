#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "tools/host/access.hpp"
#include "tools/host/instance.hpp"
#include "tools/server/client.hpp"

namespace o2c {
namespace {

/// Counts replies, and copies those that the caller has not seen yet, so that the journal's thread never runs the caller's code.
class Collector final : public ReplySink {
 public:
  struct Answer {
    std::size_t index;
    Reply reply;
    std::vector<std::uint64_t> words;
  };

  void reply(std::uint64_t tag, const Reply& reply) override {
    Answer answer{tag, reply, {}};
    if (reply.frame.entry) {
      answer.words.resize(reply.frame.frame.size() / 8);
      std::memcpy(answer.words.data(), reply.frame.frame.data(), reply.frame.frame.size());
    }
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    arrived_.notify_one();
  }
  std::vector<Answer> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !answers_.empty(); });
    return std::exchange(answers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Answer> answers_;
};

class LocalAccess final : public Access {
 public:
  explicit LocalAccess(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}

  Result<void> submit(std::span<const Request> commands, const OnAnswer& on_answer) override {
    constexpr std::size_t window = 8192;  // in flight
    std::size_t sent = 0, answered = 0;
    std::vector<Request> chunk;
    while (answered < commands.size()) {
      chunk.clear();
      while (sent < commands.size() && sent - answered < window && chunk.size() < 1024) {
        chunk.push_back(commands[sent]);
        chunk.back().sink = &collector_;
        chunk.back().tag = sent++;
      }
      if (!chunk.empty()) instance_->submit_waiting(chunk);
      for (Collector::Answer& answer : collector_.take()) {
        ++answered;
        if (auto shown = show(answer); !shown) return shown;
        on_answer(answer.index, answer.reply);
      }
    }
    return {};
  }

  Result<void> rehearse(std::span<const Request> commands, const OnAnswer& on_answer) override {
    return instance_->rehearse(commands, on_answer);
  }
  Result<Answer> query(std::string_view name, const Parameters& parameters) override {
    return run_query(*instance_, name, parameters);
  }
  Result<std::vector<std::uint64_t>> entry(LaneId lane, std::uint64_t seq) override {
    return instance_->read_entry(lane, seq);
  }
  std::uint32_t lanes() override { return instance_->engine().lanes(); }
  Instance* local() override { return instance_.get(); }

 private:
  Result<void> show(Collector::Answer& answer) {
    if (answer.reply.status != Reply::Status::decided) return {};
    if (answer.words.empty()) {
      auto words = instance_->read_entry(answer.reply.lane, answer.reply.seq);
      if (!words) return words.error();
      answer.words = std::move(*words);
    }
    answer.reply.frame = frame_in(answer.words);
    return {};
  }
  std::unique_ptr<Instance> instance_;
  Collector collector_;
};

}  // namespace

std::filesystem::path socket_path(const std::filesystem::path& data) { return data / "o2c.sock"; }

Result<std::unique_ptr<Access>> server_access(const std::filesystem::path& data) {
  auto remote = connect_to_server(socket_path(data));
  if (!remote && remote.error().code == ErrorCode::not_found) return std::unique_ptr<Access>{};
  return remote;
}

Result<std::unique_ptr<Instance>> open_when_free(const InstanceOptions& options) {
  auto instance = Instance::open(options);
  for (int tries = 0; !instance && instance.error().code == ErrorCode::conflict && tries < 100; ++tries) {
    if (auto server = server_access(options.data); server && *server) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    instance = Instance::open(options);
  }
  return instance;
}

Result<std::unique_ptr<Access>> open_access(const std::filesystem::path& data, AccessMode mode,
                                            const Settings& settings) {
  if (auto remote = connect_to_server(socket_path(data)); remote) return std::move(*remote);
  else if (remote.error().code != ErrorCode::not_found) return remote.error();
  InstanceOptions options{
      .data = data, .create = mode == AccessMode::create, .write = mode != AccessMode::read, .kafka = settings.kafka};
  options.engine.timers = true;                           // as a server has it: what fell due comes before the commands
  options.share_lanes = options.write && settings.kafka;  // other processes may have the lanes
  auto instance = mode == AccessMode::read ? open_when_free(options) : Instance::open(options);
  if (!instance && instance.error().code == ErrorCode::conflict) {  // a server took it just now
    if (auto remote = connect_to_server(socket_path(data)); remote) return std::move(*remote);
  }
  if (!instance) return instance.error();
  return std::unique_ptr<Access>(std::make_unique<LocalAccess>(std::move(*instance)));
}

}  // namespace o2c
