#include "tests/connectors/kafka/broker.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

namespace o2c::test {
namespace {

void run(const std::string& arguments) {
  const std::string command = fmt::format("'{}' {} >/dev/null", O2C_KAFKA_TOOL, arguments);
  if (const int code = std::system(command.c_str()); code != 0) {
    ADD_FAILURE() << command << " failed: " << code;
    std::abort();
  }
}

std::uint16_t port() {
  const std::string servers = TestBroker::servers();
  return static_cast<std::uint16_t>(std::stoi(servers.substr(servers.rfind(':') + 1)));
}

}  // namespace

std::string TestBroker::servers() {
  std::ifstream in(std::string{O2C_KAFKA_DIR} + "/bootstrap.servers");
  std::string out;
  if (!std::getline(in, out)) {
    ADD_FAILURE() << "no broker: ctest starts it, or tools/kafka start " << O2C_KAFKA_DIR << " --port 0 --proxy";
    std::abort();
  }
  return out;
}

std::uint16_t TestBroker::proxied_port() { return static_cast<std::uint16_t>(port() + 2); }
std::uint16_t TestBroker::proxy_port() { return static_cast<std::uint16_t>(port() + 3); }

kafka::ClientConfig TestBroker::config(kafka::ClientConfig::Settings settings) {
  if (!settings.contains("bootstrap.servers")) settings.emplace("bootstrap.servers", servers());
  auto config = kafka::ClientConfig::from(std::move(settings));
  EXPECT_TRUE(config) << config.error().message;
  config->log_to([](int, std::string_view) {});  // brokers die here on purpose
  return std::move(*config);
}

std::unique_ptr<kafka::Admin> TestBroker::admin() {
  auto admin = kafka::Admin::open(config(), std::chrono::seconds{10});
  EXPECT_TRUE(admin) << admin.error().message;
  return std::move(*admin);
}

void TestBroker::kill() { run(fmt::format("kill '{}'", O2C_KAFKA_DIR)); }
void TestBroker::start() { run(fmt::format("start '{}'", O2C_KAFKA_DIR)); }
std::filesystem::path TestBroker::data() { return std::filesystem::path{O2C_KAFKA_DIR} / "1" / "data"; }

int TestBroker::tool(const std::string& command) {
  return std::system(fmt::format("'{}' tool {} >/dev/null", O2C_KAFKA_TOOL, command).c_str());
}

std::string TestBroker::random_prefix() {
  std::random_device chance;
  return fmt::format("o2c-test-{:08x}{:08x}", chance(), chance());
}

std::string TestBroker::new_topic(int partitions, std::map<std::string, std::string> config) {
  const auto with = admin();
  const std::string name = random_prefix();
  const auto created = with->create_topic({name, partitions, 1, std::move(config)});
  EXPECT_TRUE(created) << created.error().message;
  const auto led = [&] {
    const auto topic = with->describe_topic(name);
    return topic && topic->partitions.size() == static_cast<std::size_t>(partitions) &&
           topic->partitions.back().offsets;
  };
  EXPECT_TRUE(eventually(led)) << name;
  return name;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

}  // namespace o2c::test
