#include "tools/server/server.hpp"

#include <sys/stat.h>

#include <deque>
#include <set>
#include <thread>

#include <boost/asio.hpp>

#include "tools/host/queries.hpp"
#include "tools/server/protocol.hpp"
#include "tools/server/query_wire.hpp"

namespace o2c {
namespace {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;

constexpr std::size_t connections_max = 64;
constexpr std::size_t in_flight_max = 4096;                // per connection; beyond it nothing more is read from it
constexpr std::size_t unread_max = std::size_t{16} << 20;  // bytes of answers that a client leaves unread: as above
constexpr std::size_t read_size = 256 * 1024;
constexpr auto half_frame_patience = std::chrono::seconds{10};

struct Server;

/// One client. Lives until its socket is closed and every command that it sent has been answered.
class Connection final : public ReplySink, public std::enable_shared_from_this<Connection> {
 public:
  Connection(Server& server, Socket socket);
  void start() { read(); }
  void close();
  void reply(std::uint64_t tag, const Reply& reply) override;
  bool finished() const { return closed_ && in_flight_ == 0; }

 private:
  using Chunk = std::vector<std::uint64_t>;
  void read();
  void take(std::size_t bytes);
  bool take_frame(const std::shared_ptr<Chunk>& chunk, const wire::Head& head, Bytes payload);
  bool take_command(const std::shared_ptr<Chunk>& chunk, std::uint64_t tag, Bytes payload);
  void answer_query(std::uint64_t tag, Bytes payload);
  void answer_entry(std::uint64_t tag, Bytes payload);
  void rehearse(std::uint64_t tag, Bytes payload);
  void refuse(std::string_view why);
  void send(const std::function<void(wire::Buffer&)>& fill);
  void flush();

  Server& server_;
  Socket socket_;
  asio::steady_timer patience_;
  std::shared_ptr<Chunk> chunk_;   // what has been read and not taken yet lies at its beginning
  std::size_t held_ = 0;           // bytes of it
  std::vector<Request> requests_;  // of the chunk being taken
  bool greeted_ = false, closed_ = false, reading_ = false, refused_ = false;
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::size_t> unread_{0};  // bytes of out_ and writing_
  std::mutex out_mutex_;
  wire::Buffer out_, writing_;
  bool flush_posted_ = false, write_running_ = false;
};

struct Server {
  Instance& instance;
  asio::io_context io{1};
  asio::thread_pool queries{1};
  std::set<std::shared_ptr<Connection>> connections;
  void sweep() {
    std::erase_if(connections, [](const auto& c) { return c->finished(); });
  }
};

Connection::Connection(Server& server, Socket socket)
    : server_(server), socket_(std::move(socket)), patience_(server.io) {}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  boost::system::error_code ignored;
  (void)socket_.close(ignored);
  patience_.cancel();
  asio::post(server_.io, [&server = server_] { server.sweep(); });
}

void Connection::read() {
  if (closed_ || reading_ || refused_ || in_flight_ >= in_flight_max || unread_ >= unread_max) return;
  // A half frame may be long, then the rest needs room; else a fresh chunk, because requests may still point into the old one.
  std::size_t wanted = read_size;
  if (held_ >= 4) {
    std::uint32_t length = 0;
    std::memcpy(&length, chunk_->data(), 4);
    wanted = std::max<std::size_t>(wanted, length);
  }
  auto fresh = std::make_shared<Chunk>((wanted + read_size) / 8);
  if (held_ > 0) std::memcpy(fresh->data(), chunk_->data(), held_);
  chunk_ = std::move(fresh);
  reading_ = true;
  // Whoever has not said hello yet is waited for no longer than half a frame.
  patience_.expires_after(held_ > 0 || !greeted_ ? half_frame_patience : std::chrono::hours{24 * 365});
  patience_.async_wait([self = shared_from_this()](boost::system::error_code stopped) {
    if (!stopped && self->reading_) self->close();  // a frame that never ends
  });
  auto* at = reinterpret_cast<std::uint8_t*>(chunk_->data()) + held_;
  socket_.async_read_some(asio::buffer(at, chunk_->size() * 8 - held_),
                          [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) {
                            self->reading_ = false;
                            self->patience_.cancel();
                            if (error) return self->close();
                            self->take(bytes);
                            self->read();
                          });
}

void Connection::take(std::size_t bytes) {
  held_ += bytes;
  const auto* data = reinterpret_cast<const std::uint8_t*>(chunk_->data());
  std::size_t at = 0;
  while (!refused_ && held_ - at >= wire::header) {
    wire::Head head{};
    std::memcpy(&head, data + at, wire::header);
    const bool rehearsal = head.kind == static_cast<std::uint32_t>(wire::Kind::rehearse);
    if (head.length < wire::header || head.length % 8 != 0 ||
        head.length > (rehearsal ? wire::rehearsal_limit : wire::request_limit)) {
      refuse("frame: its length is out of bounds");
      break;
    }
    if (held_ - at < head.length) break;
    if (!take_frame(chunk_, head, {data + at + wire::header, head.length - wire::header})) break;
    at += head.length;
  }
  if (!requests_.empty()) {
    in_flight_ += requests_.size();
    server_.instance.submit(requests_);
    requests_.clear();
  }
  // What is left begins the next chunk.
  if (at > 0 && held_ > at) {
    auto rest = std::make_shared<Chunk>((held_ - at + 7) / 8);
    std::memcpy(rest->data(), data + at, held_ - at);
    chunk_ = std::move(rest);
  }
  held_ -= at;
}

bool Connection::take_frame(const std::shared_ptr<Chunk>& chunk, const wire::Head& head, Bytes payload) {
  const auto kind = static_cast<wire::Kind>(head.kind);
  if (!greeted_) {
    std::uint32_t version = 0;
    if (kind == wire::Kind::hello && payload.size() >= 4) std::memcpy(&version, payload.data(), 4);
    if (version != wire::version)
      return refuse(fmt::format("this server speaks version {} of the protocol", wire::version)), false;
    greeted_ = true;
    send([&](wire::Buffer& out) {
      wire::append(out, wire::Kind::hello, head.tag, wire::bytes_of_struct(wire::version));
    });
    return true;
  }
  switch (kind) {
    case wire::Kind::command: return take_command(chunk, head.tag, payload);
    case wire::Kind::query: return answer_query(head.tag, payload), true;
    case wire::Kind::entry: return answer_entry(head.tag, payload), true;
    case wire::Kind::rehearse: return rehearse(head.tag, payload), true;
    case wire::Kind::lanes: {
      const std::uint32_t lanes = server_.instance.engine().lanes();
      send([&](wire::Buffer& out) { wire::append(out, wire::Kind::lanes, head.tag, wire::bytes_of_struct(lanes)); });
      return true;
    }
    default: return refuse("frame: unknown kind"), false;
  }
}

bool Connection::take_command(const std::shared_ptr<Chunk>& chunk, std::uint64_t tag, Bytes payload) {
  auto request = check_command(payload);
  if (!request) return refuse(request.error().message), false;
  request->owner = chunk;
  request->sink = this;
  request->tag = tag;
  requests_.push_back(std::move(*request));
  return true;
}

void Connection::reply(std::uint64_t tag, const Reply& reply) {
  if (reply.status == Reply::Status::decided && !reply.frame.entry) {
    // A repeat whose entry is out of memory: read back beside the journal's thread.
    asio::post(server_.queries, [self = shared_from_this(), tag, copy = reply]() mutable {
      auto words = self->server_.instance.read_entry(copy.lane, copy.seq);
      if (words && !words->empty())
        copy.frame.frame = {reinterpret_cast<const std::uint8_t*>(words->data()), words->size() * 8};
      else copy.status = Reply::Status::unknown;
      self->send([&](wire::Buffer& out) { wire::append_reply(out, tag, copy); });
      --self->in_flight_;
    });
    return;
  }
  send([&](wire::Buffer& out) { wire::append_reply(out, tag, reply); });
  --in_flight_;
}

void Connection::send(const std::function<void(wire::Buffer&)>& fill) {
  const std::lock_guard lock(out_mutex_);
  fill(out_);
  unread_ = out_.size() + writing_.size();
  if (flush_posted_) return;
  flush_posted_ = true;
  asio::post(server_.io, [self = shared_from_this()] { self->flush(); });
}

void Connection::flush() {
  {
    const std::lock_guard lock(out_mutex_);
    flush_posted_ = false;
    if (write_running_ || out_.empty()) return;
    if (closed_) {
      out_.clear();
      server_.sweep();
      return;
    }
    writing_.swap(out_);
    out_.clear();
    write_running_ = true;
  }
  asio::async_write(socket_, asio::buffer(writing_),
                    [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                      {
                        const std::lock_guard lock(self->out_mutex_);
                        self->write_running_ = false;
                        self->writing_.clear();
                        self->unread_ = self->out_.size();
                      }
                      if (error || self->refused_) return self->close();
                      self->flush();
                      self->read();  // answers went out: there may be room again
                    });
}

void Connection::refuse(std::string_view why) {
  refused_ = true;
  send([&](wire::Buffer& out) { wire::append(out, wire::Kind::error, 0, bytes_of(why)); });
}

void Connection::answer_query(std::uint64_t tag, Bytes payload) {
  flatbuffers::Verifier verifier(payload.data(), payload.size(), 16, 1000);
  if (!verifier.VerifyBuffer<fb::Query>(nullptr)) return refuse("query: not a valid FlatBuffer of type Query");
  auto query = query_from_wire(*flatbuffers::GetRoot<fb::Query>(payload.data()));
  ++in_flight_;
  asio::post(server_.queries, [self = shared_from_this(), tag, query = std::move(query)] {
    const auto reports = run_query(self->server_.instance, query.name, query.parameters);
    flatbuffers::FlatBufferBuilder b;
    answer_to_wire(b, reports);
    self->send([&](wire::Buffer& out) {
      wire::append(out, wire::Kind::answer, tag, {b.GetBufferPointer(), b.GetSize()});
    });
    --self->in_flight_;
  });
}

void Connection::answer_entry(std::uint64_t tag, Bytes payload) {
  struct {
    std::uint32_t lane, zero;
    std::uint64_t seq;
  } wanted{};
  if (payload.size() < sizeof wanted) return refuse("entry: lane and number are needed");
  std::memcpy(&wanted, payload.data(), sizeof wanted);
  if (wanted.lane >= server_.instance.engine().lanes()) return refuse("entry: no such lane");
  ++in_flight_;
  asio::post(server_.queries, [self = shared_from_this(), tag, wanted] {
    auto words = self->server_.instance.read_entry(wanted.lane, wanted.seq);
    self->send([&](wire::Buffer& out) {
      if (words)
        wire::append(out, wire::Kind::entry, tag,
                     {reinterpret_cast<const std::uint8_t*>(words->data()), words->size() * 8});
      else wire::append(out, wire::Kind::error, tag, bytes_of(words.error().message));
    });
    --self->in_flight_;
  });
}

void Connection::rehearse(std::uint64_t tag, Bytes payload) {
  auto copy = std::make_shared<Chunk>(payload.size() / 8);
  std::memcpy(copy->data(), payload.data(), payload.size());
  auto requests = std::make_shared<std::vector<Request>>();
  for (Bytes rest{reinterpret_cast<const std::uint8_t*>(copy->data()), payload.size()}; rest.size() >= 8;) {
    std::uint32_t size = 0;
    std::memcpy(&size, rest.data(), 4);
    const std::size_t padded = (std::size_t{size} + 7) / 8 * 8;
    if (padded > rest.size() - 8) return refuse("rehearse: a command is longer than its frame");
    auto request = check_command(rest.subspan(8, size));
    if (!request) return refuse(request.error().message);
    requests->push_back(std::move(*request));
    rest = rest.subspan(8 + padded);
  }
  ++in_flight_;
  asio::post(server_.queries, [self = shared_from_this(), tag, copy, requests] {
    const auto done = self->server_.instance.rehearse(*requests, [&](std::size_t index, const Reply& reply) {
      self->send([&](wire::Buffer& out) { wire::append_reply(out, index, reply); });
    });
    std::string text;
    if (!done) text = static_cast<char>(static_cast<int>(done.error().code) + 1) + done.error().message;
    self->send([&](wire::Buffer& out) { wire::append(out, wire::Kind::done, tag, bytes_of(text)); });
    --self->in_flight_;
  });
}

using Acceptor = asio::local::stream_protocol::acceptor;

/// On a socket of that path, which its owner alone may use from the first moment on.
Result<void> listen_on(Acceptor& acceptor, const std::filesystem::path& path) {
  if (path.string().size() > 100)
    return invalid(
        fmt::format("{}: longer than a Unix socket's name may be; use a shorter data directory", path.string()));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);  // the directory lock is ours, so whoever made it is gone
  boost::system::error_code error;
  const asio::local::stream_protocol::endpoint endpoint(path.string());
  (void)acceptor.open(endpoint.protocol(), error);
  const mode_t old_mask = umask(0177);
  if (!error) (void)acceptor.bind(endpoint, error);
  umask(old_mask);
  if (!error) (void)acceptor.listen(64, error);
  if (!error) return {};
  return Error{ErrorCode::unavailable, fmt::format("{}: cannot listen: {}", path.string(), error.message()),
               Remedy::fix_first};
}

void accept_next(Server& server, Acceptor& acceptor, asio::steady_timer& again) {
  acceptor.async_accept([&](boost::system::error_code failed, Socket socket) {
    if (failed == asio::error::operation_aborted) return;
    server.sweep();
    if (failed) {  // no descriptor left, most likely: connections end, so try again soon
      again.expires_after(std::chrono::milliseconds{50});
      again.async_wait([&](boost::system::error_code ended) {
        if (!ended) accept_next(server, acceptor, again);
      });
      return;
    }
    if (server.connections.size() < connections_max) {
      auto connection = std::make_shared<Connection>(server, std::move(socket));
      server.connections.insert(connection);
      connection->start();
    }
    accept_next(server, acceptor, again);
  });
}

/// Ends the server when it is told to, or when its engine has failed.
void watch(Server& server, Acceptor& acceptor, asio::steady_timer& poll, const std::atomic<bool>& stop) {
  if (!stop && !server.instance.engine().failed()) {
    poll.expires_after(std::chrono::milliseconds{100});
    poll.async_wait([&](boost::system::error_code) { watch(server, acceptor, poll, stop); });
    return;
  }
  acceptor.close();
  for (const auto& connection : server.connections) connection->close();
  server.io.stop();
}

}  // namespace

Result<void> serve(Instance& instance, const std::filesystem::path& path, const std::atomic<bool>& stop,
                   const std::function<void()>& ready) {
  Server server{instance, {}, {}, {}};
  Acceptor acceptor(server.io);
  if (auto listening = listen_on(acceptor, path); !listening) return listening;
  ready();
  asio::steady_timer again(server.io), poll(server.io);
  accept_next(server, acceptor, again);
  watch(server, acceptor, poll, stop);
  server.io.run();
  server.queries.join();
  // What was taken is answered to nobody, but decided and stored; the connections live until then.
  const auto closed = instance.stop();
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return closed;
}

}  // namespace o2c
