#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace o2c::test {
namespace {

constexpr std::size_t server = 0, client = 1;           // sides of a connection
constexpr std::size_t buffered_bytes_max = 64U << 20U;  // then the sender has to wait

std::size_t index(TcpProxy::Direction direction) { return static_cast<std::size_t>(direction); }

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::abort();
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

int listen_on(std::uint16_t& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = loopback(port);
  socklen_t size = sizeof address;
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener, 64) != 0)
    give_up("proxy: listen");
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return listener;
}

/// -1 if nobody listens there.
int connect_to(std::uint16_t port) {
  const int out = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(out, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return out;
  ::close(out);
  return -1;
}

void make_ready(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
}

}  // namespace

TcpProxy::TcpProxy(std::uint16_t port, std::uint16_t server_port)
    : port_(port),
      server_port_(server_port),
      listener_(listen_on(port_)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  thread_ = std::thread{[this] { run(); }};
}

TcpProxy::~TcpProxy() {
  {
    const std::lock_guard lock{guard_};
    ending_ = true;
  }
  wake();
  thread_.join();
  cut();
  ::close(listener_);
  ::close(wake_);
}

void TcpProxy::hold(Direction direction, Which which) {
  const std::lock_guard lock{guard_};
  for (Connection& each : connections_) each.lanes[index(direction)].held = true;
  if (which == Which::all) hold_new_[index(direction)] = true;
}

void TcpProxy::release(Direction direction) {
  {
    const std::lock_guard lock{guard_};
    for (Connection& each : connections_) each.lanes[index(direction)].held = false;
    hold_new_[index(direction)] = false;
  }
  wake();
}

void TcpProxy::cut() {
  const std::lock_guard lock{guard_};
  for (Connection& each : connections_) {
    close(each, server);
    close(each, client);
  }
  connections_.clear();
}

std::size_t TcpProxy::held(Direction direction) const {
  const std::lock_guard lock{guard_};
  std::size_t out = 0;
  for (const Connection& each : connections_)
    out += each.lanes[index(direction)].held ? each.lanes[index(direction)].bytes.size() : 0;
  return out;
}

std::size_t TcpProxy::connections() const {
  const std::lock_guard lock{guard_};
  return connections_.size();
}

void TcpProxy::wake() const {
  const std::uint64_t one = 1;
  if (::write(wake_, &one, sizeof one) < 0) return;  // full: it is awake already
}

void TcpProxy::run() {
  std::vector<pollfd> polled;
  for (;;) {
    polled.assign({{listener_, POLLIN, 0}, {wake_, POLLIN, 0}});
    {
      const std::lock_guard lock{guard_};
      if (ending_) return;
      for (const Connection& each : connections_) {
        for (const std::size_t side : {server, client}) {
          // What comes from one side goes to the other; the lane to a side has the side's number.
          const Lane& in = each.lanes[1 - side];
          const Lane& out = each.lanes[side];
          const bool receives = !in.ended && in.bytes.size() < buffered_bytes_max;
          const bool sends = !out.held && !out.bytes.empty();
          polled.push_back(
              {each.sockets[side], static_cast<short>((receives ? POLLIN : 0) | (sends ? POLLOUT : 0)), 0});
        }
      }
    }
    ::poll(polled.data(), polled.size(), 100);
    std::uint64_t ignored = 0;
    if (::read(wake_, &ignored, sizeof ignored) < 0) ignored = 0;  // nobody woke us
    const std::lock_guard lock{guard_};
    if (polled[0].revents & POLLIN) accept_one();
    for (Connection& each : connections_) {
      for (const std::size_t side : {server, client}) {
        receive(each, side);
        send(each, side);
      }
    }
    connections_.remove_if([](Connection& each) {
      if (!over(each)) return false;
      close(each, server);
      close(each, client);
      return true;
    });
  }
}

void TcpProxy::accept_one() {
  const int from = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (from < 0) return;
  const int to = connect_to(server_port_);
  if (to < 0) {
    ::close(from);
    return;
  }
  make_ready(from);
  make_ready(to);
  Connection& added = connections_.emplace_back();
  added.sockets = {to, from};
  for (const std::size_t direction : {server, client}) added.lanes[direction].held = hold_new_[direction];
}

void TcpProxy::receive(Connection& connection, std::size_t from) {
  Lane& lane = connection.lanes[1 - from];
  std::array<char, 65536> buffer;
  while (!lane.ended && lane.bytes.size() < buffered_bytes_max) {
    const ssize_t count = ::recv(connection.sockets[from], buffer.data(), buffer.size(), 0);
    if (count > 0) {
      if (!lane.unwanted) lane.bytes.append(buffer.data(), static_cast<std::size_t>(count));
      continue;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    lane.ended = true;
    Lane& back = connection.lanes[from];
    back.unwanted = true;
    back.bytes.clear();
    close(connection, from);
  }
}

void TcpProxy::send(Connection& connection, std::size_t direction) {
  Lane& lane = connection.lanes[direction];
  while (!lane.held && !lane.bytes.empty()) {
    const ssize_t count = ::send(connection.sockets[direction], lane.bytes.data(), lane.bytes.size(), MSG_NOSIGNAL);
    if (count < 0) {
      if (errno != EAGAIN && errno != EINTR) lane.bytes.clear();
      return;
    }
    lane.bytes.erase(0, static_cast<std::size_t>(count));
  }
  // The server answers all that it was sent before it sees the end; hung up at once, it would drop the rest at its first answer.
  if (lane.ended && lane.bytes.empty() && connection.sockets[direction] >= 0)
    ::shutdown(connection.sockets[direction], SHUT_WR);
}

void TcpProxy::close(Connection& connection, std::size_t side) {
  if (connection.sockets[side] >= 0) ::close(connection.sockets[side]);
  connection.sockets[side] = -1;
}

bool TcpProxy::over(const Connection& connection) {
  const auto done = [](const Lane& lane) { return lane.ended && (lane.bytes.empty() || lane.unwanted); };
  return done(connection.lanes[server]) && done(connection.lanes[client]);
}

}  // namespace o2c::test
