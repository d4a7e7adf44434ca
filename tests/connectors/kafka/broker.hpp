#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "connectors/kafka/client/admin.hpp"

namespace o2c::test {

/// The broker that was started for all tests of this folder (tools/kafka start in O2C_KAFKA_DIR).
struct TestBroker {
  static std::string servers();
  /// Its second listener tells clients to come to proxy_port; a proxy between the two sees all their bytes.
  static std::uint16_t proxied_port();
  static std::uint16_t proxy_port();
  /// Settings of a client, over bootstrap.servers and quick timeouts.
  static kafka::ClientConfig config(kafka::ClientConfig::Settings settings = {});
  static std::unique_ptr<kafka::Admin> admin();

  /// tools/kafka kill and start. They end the test if they fail.
  static void kill();
  static void start();
  /// What it keeps on disk, to be touched only while it does not run.
  static std::filesystem::path data();
  /// tools/kafka tool CLASS ARGUMENTS; its exit code.
  static int tool(const std::string& command);

  /// "o2c-test-…": no other test has topics of this prefix.
  static std::string random_prefix();
  /// A new topic of a random name.
  static std::string new_topic(int partitions = 1, std::map<std::string, std::string> config = {});
};

/// Asks until it is so or the time is over; the answer is the last one.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds timeout = std::chrono::seconds{20});

}  // namespace o2c::test
