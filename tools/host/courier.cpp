#include "tools/host/courier.hpp"

#include <set>

#include "engine/process/messages.hpp"

namespace o2c {
namespace {

constexpr std::chrono::milliseconds look_every{20}, pause{500}, fold_time{2'000}, last_words_max{10'000};
constexpr std::size_t letters_max = 256;  // of one pair at a time

/// Answers to a number of requests; waits for the last one.
class Answers final : public ReplySink {
 public:
  explicit Answers(std::size_t count) : status_(count, Reply::Status::unknown), missing_(count) {}
  void reply(std::uint64_t tag, const Reply& reply) override {
    const std::lock_guard lock(mutex_);
    status_[tag] = reply.status;
    if (--missing_ == 0) all_.notify_one();
  }
  const std::vector<Reply::Status>& wait() {
    std::unique_lock lock(mutex_);
    all_.wait(lock, [&] { return missing_ == 0; });
    return status_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_;
  std::vector<Reply::Status> status_;
  std::size_t missing_;
};

}  // namespace

Courier::Courier(Ports ports) : ports_(std::move(ports)), thread_([this] { run(); }) {}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Courier::run() {
  for (bool stop = false; !stop;) {
    {
      std::unique_lock lock(mutex_);
      stop = wake_.wait_for(lock, look_every, [&] { return stop_; });
    }
    if (!stop) {
      deliver(To::all);
      continue;
    }
    // The last words, to those that this process has too: nobody waits for another one. Each answer may be a message again.
    const auto until = std::chrono::steady_clock::now() + last_words_max;
    do {
      for (LaneId lane = 0; lane < ports_.engine.lanes(); ++lane)
        ports_.follower.wait_for(lane, ports_.engine.durable_seq(lane), fold_time);
    } while (deliver(To::those_here) && std::chrono::steady_clock::now() < until);
  }
}

/// The first messages of each pair that the receiver's journal does not show, as far as their senders' lanes are here.
std::vector<Courier::Letter> Courier::waiting(To to) const {
  std::vector<Letter> letters;
  const auto now = std::chrono::steady_clock::now();
  ports_.follower.with([&](const ReadModels& models) {
    if (!models.traffic().anything_waits()) return;
    for (const auto& [pair, channel] : models.traffic().channels()) {
      const auto known = progress_.find(pair);
      const Progress progress = known == progress_.end() ? Progress{} : known->second;
      if (progress.again > now || !ports_.engine.serves(channel.lane)) continue;
      if (to == To::those_here && !ports_.engine.serves(lane_of(pair.second, ports_.engine.lanes()))) continue;
      std::size_t count = 0;
      for (const Traffic::Waiting& at : channel.waiting) {
        if (at.number <= progress.taken) continue;
        if (++count > (progress.failures == 0 ? letters_max : 1)) break;  // one finds out whether it works again
        letters.push_back({pair, at, channel.lane});
      }
    }
  });
  return letters;
}

Result<Request> Courier::request_of(const Letter& letter) const {
  auto words = ports_.read_entry(letter.lane, letter.at.seq);
  if (!words) return words.error();
  if (words->empty()) return Error{ErrorCode::unavailable, "the entry is not there yet"};
  const flatbuffers::DetachedBuffer command = message_command(frame_in(*words), letter.at.index);
  auto request = own_command({command.data(), command.size()});
  if (request) request->source = fb::SourceKind::message;
  return request;
}

/// returns  whether any message was taken.
bool Courier::deliver(To to) {
  const std::vector<Letter> letters = waiting(to);
  std::vector<Request> requests;
  for (const Letter& letter : letters) {
    auto request = request_of(letter);
    if (!request) break;  // those behind it come with the next look
    request->tag = requests.size();
    requests.push_back(std::move(*request));
  }
  if (requests.empty()) return false;
  Answers answers(requests.size());
  for (Request& request : requests) request.sink = &answers;
  const std::size_t handed_over = requests.size();
  ports_.submit(requests);
  const std::vector<Reply::Status>& status = answers.wait();
  bool any = false;
  std::set<Pair> failed;
  for (std::size_t i = 0; i < handed_over; ++i) {
    const bool taken = status[i] == Reply::Status::decided;
    any = any || taken;
    if (taken) progress_[letters[i].pair] = {.taken = letters[i].at.number};
    else failed.insert(letters[i].pair);
  }
  for (const Pair& pair : failed) {
    Progress& progress = progress_[pair];
    progress.again = std::chrono::steady_clock::now() + pause * (1 << std::min(progress.failures++, 7));
  }
  return any;
}

}  // namespace o2c
