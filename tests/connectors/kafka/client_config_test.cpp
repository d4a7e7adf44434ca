#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "connectors/kafka/client/client_config.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::kafka {
namespace {

using Settings = ClientConfig::Settings;

Result<ClientConfig> config_with(Settings settings) {
  settings.emplace("bootstrap.servers", "127.0.0.1:1");
  return ClientConfig::from(std::move(settings));
}

std::string refusal_of(Settings settings) {
  const auto config = config_with(std::move(settings));
  EXPECT_FALSE(config);
  if (config) return {};
  EXPECT_EQ(config.error().code, ErrorCode::invalid_input);
  return config.error().message;
}

Setting setting_of(const ClientConfig& config, Role role, std::string_view name) {
  for (const Setting& each : config.describe(role)) {
    if (each.name == name) return each;
  }
  ADD_FAILURE() << name;
  return {};
}

Result<ClientConfig> read_text(const std::string& text) {
  const test::TemporaryDirectory folder;
  std::ofstream(folder.path() / "o2c.toml") << text;
  std::ofstream(folder.path() / "password") << "fr0m-file\n";
  std::filesystem::current_path(folder.path());
  auto out = ClientConfig::read("o2c.toml");
  std::filesystem::current_path("/");
  return out;
}

TEST(GivenClientConfig, WhenANameIsUnknownThenItIsNamed) {
  EXPECT_NE(refusal_of({{"linger.mss", "5"}}).find("\"linger.mss\""), std::string::npos);
}

TEST(GivenClientConfig, WhenAValueIsBadThenItsNameIsSaid) {
  EXPECT_NE(refusal_of({{"linger.ms", "soon"}}).find("linger.ms"), std::string::npos);
}

TEST(GivenClientConfig, WhenASecretIsBadThenItIsNotRepeated) {
  const std::string message =
      refusal_of({{"ssl.key.pem", "hunter2"}, {"sasl.password", "hunter3"}, {"security.protocol", "hunter4"}});
  EXPECT_EQ(message.find("hunter2"), std::string::npos) << message;
  EXPECT_EQ(message.find("hunter3"), std::string::npos) << message;
}

TEST(GivenClientConfig, WhenNoServerIsNamedThenItSaysSo) {
  const auto config = ClientConfig::from({});
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("bootstrap.servers"), std::string::npos);
}

TEST(GivenClientConfig, WhenWhatThePromisesRestOnIsChangedThenRefusedWithTheReason) {
  for (const auto& [name, value] : Settings{{"acks", "1"},
                                            {"request.required.acks", "1"},  // the same by its other name
                                            {"enable.idempotence", "false"},
                                            {"transactional.id", "t"},
                                            {"isolation.level", "read_committed"},
                                            {"auto.offset.reset", "earliest"},
                                            {"enable.auto.commit", "true"},
                                            {"partition.assignment.strategy", "range"},
                                            {"group.id", "g"}}) {
    EXPECT_NE(refusal_of({{name, value}}).find(": "), std::string::npos) << name;
  }
  EXPECT_TRUE(config_with({{"acks", "-1"}}));  // "all" in other words
  EXPECT_TRUE(config_with({{"isolation.level", "read_uncommitted"}}));
}

TEST(GivenClientConfig, WhenDescribedThenEachSettingHasItsOriginAndNoSecretIsShown) {
  const auto config = config_with({{"linger.ms", "7"}, {"sasl.password", "hunter2"}});
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(setting_of(*config, Role::producer, "sasl.password").value, "***");
  EXPECT_EQ(setting_of(*config, Role::producer, "queue.buffering.max.ms").origin, "config");
  EXPECT_EQ(setting_of(*config, Role::producer, "compression.codec").value, "lz4");
  EXPECT_EQ(setting_of(*config, Role::producer, "compression.codec").origin, "o2c");
  EXPECT_EQ(setting_of(*config, Role::reader, "isolation.level").value, "read_uncommitted");
  EXPECT_EQ(setting_of(*config, Role::reader, "check.crcs").value, "true");
  EXPECT_EQ(setting_of(*config, Role::reader, "socket.timeout.ms").origin, "librdkafka");
  for (const Role role : {Role::producer, Role::reader, Role::group_member, Role::admin}) {
    const auto settings = config->describe(role);
    EXPECT_TRUE(std::none_of(settings.begin(), settings.end(), [](const Setting& each) {
      return each.value == "hunter2";
    })) << name_of(role);
  }
}

TEST(GivenClientConfigFile, WhenReadThenNumbersFlagsDotsAndFilesOfSecretsAreUnderstood) {
  const auto config = read_text(
      "[kafka.client]\n\"bootstrap.servers\" = \"a:1,b:2\"\nlinger.ms = 3\n\"socket.keepalive.enable\" = true\n"
      "\"sasl.password_file\" = \"password\"\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->bootstrap_servers(), "a:1,b:2");
  EXPECT_EQ(setting_of(*config, Role::producer, "queue.buffering.max.ms").value, "3");  // linger.ms by its first name
  EXPECT_EQ(setting_of(*config, Role::reader, "socket.keepalive.enable").value, "true");
  EXPECT_EQ(setting_of(*config, Role::reader, "sasl.password").value, "***");
}

TEST(GivenClientConfigFile, WhenWrongThenFileAndLineAreNamed) {
  const auto list = read_text("[kafka.client]\n\"bootstrap.servers\" = \"a:1\"\n\"linger.ms\" = [1]\n");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().message.rfind("o2c.toml:3: ", 0), 0U) << list.error().message;
  const auto twice = read_text("[kafka.client]\n\"linger.ms\" = 1\nlinger.ms = 2\n");
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().message.find("linger.ms is given twice"), std::string::npos) << twice.error().message;
  const auto no_toml = read_text("[kafka.client]\n\"linger.ms\" = \n");
  ASSERT_FALSE(no_toml);
  EXPECT_EQ(no_toml.error().message.rfind("o2c.toml:2: ", 0), 0U) << no_toml.error().message;
  const auto no_table = read_text("[kafka]\n");
  ASSERT_FALSE(no_table);
  EXPECT_NE(no_table.error().message.find("[kafka.client]"), std::string::npos);
  const auto no_secret = read_text("[kafka.client]\n\"sasl.password_file\" = \"nowhere\"\n");
  ASSERT_FALSE(no_secret);
  EXPECT_EQ(no_secret.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace o2c::kafka
