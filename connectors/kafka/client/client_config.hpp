#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/kafka/client/handles.hpp"
#include "events/base/result.hpp"

namespace o2c::kafka {

/// What a client is for; each has defaults of its own, and settings that the journal's rules fix.
enum class Role { producer, reader, group_member, admin };
std::string_view name_of(Role role);

/// level: syslog's, 3 error, 4 warning, 6 info, 7 debug. Called from librdkafka's threads, several at once.
using LogSink = std::function<void(int level, std::string_view text)>;

struct Setting {
  std::string name;
  std::string value;   // "***" for a secret
  std::string origin;  // "config", "o2c" or "librdkafka"
};

/// Settings of the Kafka clients by librdkafka's own names, the same for all roles; those that do not concern a role are ignored there.
/// Each was tried when it was given, so making a client fails for what only the network or the disk knows.
///
/// Some settings are what the journal's promises rest on (acks, isolation.level, …): another value is refused, with the reason.
/// Secrets stand in no message and no listing.
/// threads  a value; reading it from several threads is fine.
class ClientConfig {
 public:
  using Settings = std::map<std::string, std::string>;

  /// errors  invalid_input: unknown name, bad value, a value that contradicts a fixed one, no bootstrap.servers. Names the setting.
  static Result<ClientConfig> from(Settings settings);

  /// Table [kafka.client] of a TOML file: strings, whole numbers, booleans. Secrets are better given as NAME_file, a file that holds them:
  /// "sasl.password_file" = "/run/secrets/kafka".
  /// errors  invalid_input with file and line; not_found when a file is not there.
  static Result<ClientConfig> read(const std::filesystem::path& file);

  /// Where warnings and errors of the clients go; without it to stderr.
  void log_to(LogSink sink) { log_ = std::move(sink); }
  const LogSink& log() const { return log_; }

  /// librdkafka's configuration for a role: defaults of this project, the given settings, the fixed ones.
  /// more    set by the caller's code, over the defaults and not from the file ("group.id").
  Result<ConfigHandle> make(Role role, const Settings& more = {}) const;

  /// All settings that are in force for a role, by name.
  std::vector<Setting> describe(Role role) const;

  const std::string& bootstrap_servers() const { return bootstrap_servers_; }

 private:
  Settings settings_;
  std::string bootstrap_servers_;
  LogSink log_;
};

}  // namespace o2c::kafka
