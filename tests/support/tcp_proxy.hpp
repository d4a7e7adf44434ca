#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace o2c::test {

/// Stands between clients and a server on the loopback interface and passes bytes on, or keeps them as long as a test wants: so a request
/// can reach the server minutes after its sender gave up, and an answer can be lost.
///
/// A client that hangs up does not take its bytes with it: what is held still reaches the server when it is released.
/// threads  all functions: any. One thread of its own moves the bytes.
class TcpProxy {
 public:
  enum class Direction { to_server, to_client };
  enum class Which {
    present,  // connections that exist now; later ones pass freely
    all,      // these and all later ones
  };

  /// Listens on 127.0.0.1:`port` (0: any that is free) for 127.0.0.1:`server_port`. Ends the test program if it cannot.
  TcpProxy(std::uint16_t port, std::uint16_t server_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::uint16_t port() const { return port_; }

  void hold(Direction direction, Which which = Which::all);
  /// All that was held goes on its way, and nothing is held in this direction any more.
  void release(Direction direction);
  /// Ends all connections at both sides; what is held is gone.
  void cut();

  /// Bytes that wait here, of all connections.
  std::size_t held(Direction direction) const;
  std::size_t connections() const;

 private:
  struct Lane {  // one direction of one connection
    std::string bytes;
    bool held = false;
    bool ended = false;     // its sender will send no more
    bool unwanted = false;  // its receiver has gone
  };
  struct Connection {
    std::array<int, 2> sockets{-1, -1};  // by whom they lead to: server, client
    std::array<Lane, 2> lanes;           // by direction
  };

  void run();
  void accept_one();
  void receive(Connection& connection, std::size_t from);
  void send(Connection& connection, std::size_t direction);
  static void close(Connection& connection, std::size_t side);
  static bool over(const Connection& connection);
  void wake() const;

  std::uint16_t port_;
  std::uint16_t server_port_;
  int listener_ = -1;
  int wake_ = -1;  // an eventfd
  mutable std::mutex guard_;
  std::list<Connection> connections_;  // under guard_, and so is all below
  std::array<bool, 2> hold_new_{};
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace o2c::test
