#include "tools/server/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <thread>

#include <fmt/format.h>

#include "tools/server/protocol.hpp"
#include "tools/server/query_wire.hpp"

namespace o2c {
namespace {

constexpr std::string_view broke = "the connection to the server broke";

/// Frames over a connected socket; what waits to be written and what came in are kept here.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  ~Channel() { ::close(fd_); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  wire::Buffer& out() { return out_; }

  /// Moves bytes both ways until `ready()`; false: the connection is gone.
  template <class F> bool run_until(F&& ready) {
    while (!ready()) {
      pollfd fd{fd_, static_cast<short>(POLLIN | (sent_ < out_.size() ? POLLOUT : 0)), 0};
      if (poll(&fd, 1, -1) < 0 && errno != EINTR) return false;
      if ((fd.revents & POLLOUT) && !write_some()) return false;
      if ((fd.revents & (POLLIN | POLLHUP | POLLERR)) && !read_some()) return false;
    }
    return true;
  }
  /// The next whole frame that has arrived, aligned; empty: none yet. Valid until the next call.
  const std::vector<std::uint64_t>& next() {
    frame_.clear();
    if (in_.size() - taken_ < wire::header) return frame_;
    std::uint32_t length = 0;
    std::memcpy(&length, in_.data() + taken_, 4);
    if (length < wire::header || length % 8 != 0 || in_.size() - taken_ < length) return frame_;
    frame_.resize(length / 8);
    std::memcpy(frame_.data(), in_.data() + taken_, length);
    taken_ += length;
    if (taken_ == in_.size()) in_.clear(), taken_ = 0;
    return frame_;
  }
  /// Bounds what piles up while frames are taken.
  void compact() {
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
  }

 private:
  bool write_some() {
    const ssize_t n = send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    sent_ += static_cast<std::size_t>(n);
    if (sent_ == out_.size()) out_.clear(), sent_ = 0;
    return true;
  }
  bool read_some() {
    const std::size_t size = in_.size();
    in_.resize(size + (std::size_t{256} << 10));
    const ssize_t n = recv(fd_, in_.data() + size, in_.size() - size, MSG_DONTWAIT);
    in_.resize(size + (n > 0 ? static_cast<std::size_t>(n) : 0));
    if (n == 0) return false;
    return n > 0 || errno == EAGAIN || errno == EINTR;
  }

  int fd_;
  wire::Buffer out_, in_;
  std::size_t sent_ = 0, taken_ = 0;
  std::vector<std::uint64_t> frame_;
};

struct Frame {
  wire::Kind kind{};
  std::uint64_t tag = 0;
  Bytes payload;
};
Frame read_head(const std::vector<std::uint64_t>& words) {
  wire::Head head{};
  std::memcpy(&head, words.data(), wire::header);
  return {static_cast<wire::Kind>(head.kind),
          head.tag,
          {reinterpret_cast<const std::uint8_t*>(words.data()) + wire::header, words.size() * 8 - wire::header}};
}

class RemoteAccess final : public Access {
 public:
  explicit RemoteAccess(int fd) : channel_(fd) {}

  Result<void> greet() {
    wire::append(channel_.out(), wire::Kind::hello, 0, wire::bytes_of_struct(wire::version));
    const auto hello = ask(wire::Kind::hello);
    if (!hello) return hello.error();
    wire::append(channel_.out(), wire::Kind::lanes, 0, {});
    const auto answer = ask(wire::Kind::lanes);
    if (!answer) return answer.error();
    std::memcpy(&lanes_, answer->payload.data(), 4);
    return {};
  }

  Result<void> submit(std::span<const Request> commands, const OnAnswer& on_answer) override {
    std::size_t sent = 0, answered = 0;
    std::deque<std::size_t> again;  // the server was busy: these go once more, after a pause
    std::vector<bool> done(commands.size());
    auto pause = std::chrono::milliseconds{1};
    const auto send_more = [&] {
      while (sent - answered < window && sent < commands.size())
        wire::append(channel_.out(), wire::Kind::command, sent, commands[sent].command), ++sent;
    };
    while (answered < commands.size()) {
      send_more();
      const auto frame = wait();
      if (!frame) {
        for (std::size_t i = 0; i < sent; ++i) {
          if (!done[i]) on_answer(i, Reply{.status = Reply::Status::unknown});
        }
        if (frame.error().code != ErrorCode::unavailable) return frame.error();
        return Error{ErrorCode::outcome_unknown,
                     fmt::format("{}; submit again with the same ids to learn the outcome", broke), Remedy::retry};
      }
      if (frame->kind == wire::Kind::error) return invalid(text_of(*frame));
      if (frame->kind != wire::Kind::reply || frame->tag >= commands.size()) continue;
      const auto index = static_cast<std::size_t>(frame->tag);
      const auto reply = reply_of(*frame);
      if (!reply) return reply.error();
      if (reply->status == Reply::Status::busy) {
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds{200});
        wire::append(channel_.out(), wire::Kind::command, index, commands[index].command);
        continue;
      }
      pause = std::chrono::milliseconds{1};
      done[index] = true;
      ++answered;
      on_answer(index, *reply);
    }
    return {};
  }

  Result<void> rehearse(std::span<const Request> commands, const OnAnswer& on_answer) override {
    wire::Buffer payload;
    for (const Request& request : commands) {
      const std::uint64_t size = request.command.size();
      const Bytes head = wire::bytes_of_struct(size);
      payload.insert(payload.end(), head.begin(), head.end());
      payload.insert(payload.end(), request.command.begin(), request.command.end());
      payload.resize((payload.size() + 7) / 8 * 8);
    }
    if (payload.size() > wire::rehearsal_limit - wire::header)
      return invalid("too much to rehearse at once through the socket; stop the server or split the files");
    wire::append(channel_.out(), wire::Kind::rehearse, 0, payload);
    for (;;) {
      const auto frame = wait();
      if (!frame) return frame.error();
      if (frame->kind == wire::Kind::error) return invalid(text_of(*frame));
      if (frame->kind == wire::Kind::done) {
        const std::string text = text_of(*frame);
        if (text.empty()) return {};
        return Error{static_cast<ErrorCode>(text[0] - 1), text.substr(1)};
      }
      const auto reply = reply_of(*frame);
      if (!reply) return reply.error();
      on_answer(static_cast<std::size_t>(frame->tag), *reply);
    }
  }

  Result<Answer> query(std::string_view name, const Parameters& parameters) override {
    flatbuffers::FlatBufferBuilder b;
    query_to_wire(b, name, parameters);
    wire::append(channel_.out(), wire::Kind::query, 0, {b.GetBufferPointer(), b.GetSize()});
    const auto frame = ask(wire::Kind::answer);
    if (!frame) return frame.error();
    flatbuffers::Verifier verifier(frame->payload.data(), frame->payload.size(), 16, 1U << 30);
    if (!verifier.VerifyBuffer<fb::QueryAnswer>(nullptr))
      return integrity("the server's answer is not a valid FlatBuffer");
    return answer_from_wire(*flatbuffers::GetRoot<fb::QueryAnswer>(frame->payload.data()));
  }

  Result<std::vector<std::uint64_t>> entry(LaneId lane, std::uint64_t seq) override {
    const struct {
      std::uint32_t lane, zero;
      std::uint64_t seq;
    } wanted{lane, 0, seq};
    wire::append(channel_.out(), wire::Kind::entry, 0, wire::bytes_of_struct(wanted));
    const auto frame = ask(wire::Kind::entry);
    if (!frame) return frame.error();
    std::vector<std::uint64_t> words(frame->payload.size() / 8);
    if (!words.empty()) std::memcpy(words.data(), frame->payload.data(), words.size() * 8);  // empty: no such entry
    return words;
  }
  std::uint32_t lanes() override { return lanes_; }

 private:
  static constexpr std::size_t window = 1024;

  Result<Frame> wait() {
    const std::vector<std::uint64_t>* words = nullptr;
    const auto arrived = [&] { return words = &channel_.next(), !words->empty(); };
    if (!arrived()) {
      channel_.compact();
      if (!channel_.run_until(arrived))
        return Error{ErrorCode::unavailable, fmt::format("{} before it answered; ask again", broke), Remedy::retry};
    }
    return read_head(*words);
  }
  Result<Frame> ask(wire::Kind wanted) {
    auto frame = wait();
    if (!frame || frame->kind == wanted) return frame;
    if (frame->kind == wire::Kind::error) return Error{ErrorCode::unavailable, text_of(*frame)};
    return integrity("the server answered something else than was asked");
  }
  static std::string text_of(const Frame& frame) {
    std::string text(o2c::text_of(frame.payload));
    while (!text.empty() && text.back() == '\0') text.pop_back();  // padding
    return text;
  }
  Result<Reply> reply_of(const Frame& frame) {
    if (frame.payload.size() < sizeof(wire::ReplyHead)) return integrity("the server's reply is too short");
    wire::ReplyHead head{};
    std::memcpy(&head, frame.payload.data(), sizeof head);
    Reply reply{.status = static_cast<Reply::Status>(head.status),
                .repeat = head.repeat != 0,
                .lane = head.lane,
                .seq = head.seq};
    const Bytes entry = frame.payload.subspan(sizeof head);
    if (entry.empty()) return reply;
    auto view = read_frame(entry, Check::full);
    if (!view) return view.error();
    reply.frame = *view;
    return reply;
  }

  Channel channel_;
  std::uint32_t lanes_ = 1;
};

}  // namespace

Result<std::unique_ptr<Access>> connect_to_server(const std::filesystem::path& path) {
  const Error nobody{ErrorCode::not_found, "no server listens on " + path.string()};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path || !std::filesystem::exists(path)) return nobody;
  std::memcpy(address.sun_path, name.data(), name.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Error{ErrorCode::unavailable, std::string("no socket: ") + std::strerror(errno), Remedy::retry};
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int why = errno;
    ::close(fd);
    if (why == ECONNREFUSED || why == ENOENT) return nobody;
    return Error{why == EACCES ? ErrorCode::not_allowed : ErrorCode::unavailable,
                 fmt::format("{}: {}", name, std::strerror(why)), Remedy::retry};
  }
  auto remote = std::make_unique<RemoteAccess>(fd);
  if (auto greeted = remote->greet(); !greeted) return greeted.error();
  return std::unique_ptr<Access>(std::move(remote));
}

}  // namespace o2c
