#include "connectors/kafka/client/client_config.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>
#include <optional>
#include <span>

namespace o2c::kafka {
namespace {

struct Default {
  const char* name;
  const char* value;
};
struct Fixed {
  const char* name;
  const char* value;
  const char* reason;
};

// clang-format off
constexpr Default common_defaults[] = {
    {"client.id", "o2c"},
    {"socket.nagle.disable", "true"},
    {"reconnect.backoff.max.ms", "1000"},  // a broker that is back is noticed within a second
};
constexpr Default producer_defaults[] = {
    {"linger.ms", "1"},
    {"batch.num.messages", "10000"},
    {"batch.size", "1048576"},
    {"compression.type", "lz4"},
    {"queue.buffering.max.kbytes", "65536"},
    {"message.timeout.ms", "15000"},  // after this the outcome is unknown and the lane opens anew
};
constexpr Default reader_defaults[] = {
    {"check.crcs", "true"},
    {"fetch.min.bytes", "1"},
    {"fetch.wait.max.ms", "20"},
    {"fetch.error.backoff.ms", "50"},
    {"queued.min.messages", "100000"},
    {"queued.max.messages.kbytes", "65536"},
};
constexpr Default group_defaults[] = {
    {"session.timeout.ms", "10000"},    // a dead engine's lanes move after this
    {"heartbeat.interval.ms", "1000"},  // how soon the others hear that lanes move
    {"max.poll.interval.ms", "60000"},  // as long may settling take when a lane is taken away
};

constexpr Fixed producer_fixed[] = {
    {"acks", "all", "an acknowledged entry must survive a change of the leader"},
    {"enable.idempotence", "true", "a retry must neither double nor reorder entries"},
    {"transactional.id", "", "the journal does not use transactions"},
};
constexpr Fixed reader_fixed[] = {
    {"isolation.level", "read_uncommitted", "a stray transaction would hold every lane"},
    {"auto.offset.reset", "error", "a position that is gone must be noticed, not passed over"},
    {"enable.auto.commit", "false", "positions are kept with the state they belong to"},
    {"enable.auto.offset.store", "false", "positions are kept with the state they belong to"},
    {"enable.partition.eof", "true", "the reader tells when it has seen the end"},
};
constexpr Fixed group_fixed[] = {
    {"partition.assignment.strategy", "cooperative-sticky", "lanes that stay must not be taken away in between"},
    {"enable.auto.commit", "false", "the group proposes lanes, it keeps no positions"},
    {"enable.auto.offset.store", "false", "the group proposes lanes, it keeps no positions"},
};
// clang-format on

std::span<const Default> defaults_of(Role role) {
  switch (role) {
    case Role::producer: return producer_defaults;
    case Role::reader: return reader_defaults;
    case Role::group_member: return group_defaults;
    case Role::admin: return {};
  }
  O2C_ASSERT(false);
  return {};
}

std::span<const Fixed> fixed_of(Role role) {
  switch (role) {
    case Role::producer: return producer_fixed;
    case Role::reader: return reader_fixed;
    case Role::group_member: return group_fixed;
    case Role::admin: return {};
  }
  O2C_ASSERT(false);
  return {};
}

bool is_secret(std::string_view name) {
  for (const std::string_view part : {"password", "secret", "ssl.key.pem", "ssl_key", "oauthbearer.config"}) {
    if (name.find(part) != std::string_view::npos) return true;
  }
  return false;
}

Result<void> set(rd_kafka_conf_t* config, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  switch (rd_kafka_conf_set(config, name.c_str(), value.c_str(), why.data(), why.size())) {
    case RD_KAFKA_CONF_OK: return {};
    case RD_KAFKA_CONF_UNKNOWN:
      return invalid(fmt::format("kafka.client: librdkafka {} knows no setting \"{}\"", rd_kafka_version_str(), name));
    default: break;
  }
  // librdkafka's words repeat the value.
  return invalid(fmt::format("kafka.client: {}: {}", name, is_secret(name) ? "not a valid value" : why.data()));
}

std::string get(const rd_kafka_conf_t* config, const char* name) {
  std::string value(4096, '\0');
  std::size_t size = value.size();
  if (rd_kafka_conf_get(config, name, value.data(), &size) != RD_KAFKA_CONF_OK) return {};
  value.resize(size > 0 ? size - 1 : 0);
  return value;
}

/// The given settings over the defaults. What is fixed is compared as librdkafka understood it, so that a setting's other name
/// ("request.required.acks") or other spelling ("-1" for "all") makes no difference.
Result<void> apply(rd_kafka_conf_t* config, Role role, const ClientConfig::Settings& settings) {
  std::vector<std::string> wanted;
  for (const Fixed& fixed : fixed_of(role)) {
    if (*fixed.value) {
      if (auto done = set(config, fixed.name, fixed.value); !done) return done;
    }
    wanted.push_back(get(config, fixed.name));
  }
  for (const auto& [name, value] : settings) {
    if (auto done = set(config, name, value); !done) return done;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Fixed& fixed = fixed_of(role)[i];
    if (get(config, fixed.name) != wanted[i])
      return invalid(fmt::format("kafka.client: {} is {} here: {}", fixed.name, *fixed.value ? fixed.value : "not used",
                                 fixed.reason));
  }
  return {};
}

void set_default(rd_kafka_conf_t* config, const Default& setting) {
  const auto done = set(config, setting.name, setting.value);
  O2C_ASSERT(done.has_value());
}

void set_defaults(rd_kafka_conf_t* config, Role role) {
  for (const Default& setting : common_defaults) set_default(config, setting);
  for (const Default& setting : defaults_of(role)) set_default(config, setting);
  // Known from librdkafka 2.3 on: a full queue is looked at again after 10 ms, not after a second.
  if (role == Role::reader) std::ignore = set(config, "fetch.queue.backoff.ms", "10");
}

}  // namespace

std::string_view name_of(Role role) {
  constexpr std::string_view names[] = {"producer", "reader", "group member", "admin"};
  return names[static_cast<std::size_t>(role)];
}

Result<ClientConfig> ClientConfig::from(Settings settings) {
  ClientConfig out;
  out.settings_ = std::move(settings);
  if (out.settings_.contains("group.id"))
    return invalid("kafka.client: group.id is not set here: the group belongs to the journal");
  for (const Role role : {Role::producer, Role::reader, Role::group_member, Role::admin}) {
    auto config = out.make(role);
    if (!config) return config.error();
    out.bootstrap_servers_ = get(config->get(), "bootstrap.servers");
  }
  if (out.bootstrap_servers_.empty())
    return invalid("kafka.client: bootstrap.servers is missing: \"HOST:PORT,HOST:PORT\"");
  return out;
}

Result<ConfigHandle> ClientConfig::make(Role role, const Settings& more) const {
  ConfigHandle config{rd_kafka_conf_new()};
  set_defaults(config.get(), role);
  if (auto done = apply(config.get(), role, settings_); !done) return done.error();
  for (const auto& [name, value] : more) {
    if (auto done = set(config.get(), name, value); !done) return done.error();
  }
  return config;
}

std::vector<Setting> ClientConfig::describe(Role role) const {
  const auto config = make(role);
  O2C_ASSERT(config.has_value());
  const ConfigHandle untouched{rd_kafka_conf_new()};
  const auto ours = ClientConfig{}.make(role);
  std::vector<Setting> out;
  std::size_t count = 0;
  const char** pairs = rd_kafka_conf_dump(config->get(), &count);
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    Setting setting{pairs[i], pairs[i + 1], "o2c"};
    // Compared by value too, as a setting may be given by another of its names.
    const bool given = settings_.contains(setting.name) || get(ours->get(), pairs[i]) != setting.value;
    if (given) setting.origin = "config";
    else if (get(untouched.get(), pairs[i]) == setting.value) setting.origin = "librdkafka";
    if (is_secret(setting.name)) setting.value = "***";
    out.push_back(std::move(setting));
  }
  rd_kafka_conf_dump_free(pairs, count);
  return out;
}

}  // namespace o2c::kafka
