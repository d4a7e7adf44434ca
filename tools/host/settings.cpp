#include "tools/host/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace o2c {
namespace {

Error wrong(const std::filesystem::path& file, const toml::node& node, std::string_view what) {
  return invalid(fmt::format("{}:{}: {}", file.string(), node.source().begin.line, what));
}

/// Every name of the table is one of these.
Result<void> check_names(const std::filesystem::path& file, const toml::table& table,
                         std::initializer_list<std::string_view> names) {
  for (const auto& [key, node] : table) {
    if (std::find(names.begin(), names.end(), key.str()) == names.end())
      return wrong(file, node, fmt::format("'{}' is no setting; there are {}", key.str(), fmt::join(names, ", ")));
  }
  return {};
}

template <class T>
Result<void> take(const std::filesystem::path& file, const toml::table& table, std::string_view name, T& value) {
  const toml::node* node = table.get(name);
  if (!node) return {};
  if constexpr (std::is_same_v<T, std::string>) {
    const auto text = node->value_exact<std::string>();
    if (!text) return wrong(file, *node, fmt::format("{} is a text", name));
    value = *text;
  } else {
    const auto number = node->value_exact<std::int64_t>();
    if (!number || !std::in_range<T>(*number)) return wrong(file, *node, fmt::format("{} is a whole number", name));
    value = static_cast<T>(*number);
  }
  return {};
}

Result<toml::table> parse(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file))
    return Error{ErrorCode::not_found, fmt::format("{}: no such file", file.string())};
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
}

Result<KafkaSettings> kafka_settings(const std::filesystem::path& file, const toml::table& root) {
  auto client = kafka::ClientConfig::read(file);
  if (!client) return client.error();
  KafkaSettings settings{std::move(*client), {}, {}, {}};
  const toml::table& table = *root["kafka"].as_table();
  if (auto known = check_names(file, table, {"prefix", "lanes", "replication", "group", "instance", "client"}); !known)
    return known.error();
  for (const auto& taken :
       {take(file, table, "prefix", settings.topics.prefix), take(file, table, "lanes", settings.topics.lanes),
        take(file, table, "replication", settings.topics.replication), take(file, table, "group", settings.group),
        take(file, table, "instance", settings.instance_id)}) {
    if (!taken) return taken.error();
  }
  if (settings.group.empty()) settings.group = settings.topics.prefix + ".engines";
  if (auto plan = kafka::check_plan(settings.topics); !plan) return plan.error();
  return settings;
}

}  // namespace

Result<Settings> read_settings(const std::filesystem::path& file, std::string_view journal) {
  std::string kind = "embedded";
  toml::table root;
  if (!file.empty()) {
    auto parsed = parse(file);
    if (!parsed) return parsed.error();
    root = std::move(*parsed);
    if (auto known = check_names(file, root, {"journal", "kafka"}); !known) return known.error();
    if (auto taken = take(file, root, "journal", kind); !taken) return taken.error();
  }
  if (!journal.empty()) kind = journal;
  if (kind == "embedded") return Settings{};
  if (kind != "kafka") return invalid(fmt::format("journal '{}': embedded or kafka", kind));
  if (!root["kafka"].is_table())
    return invalid("a journal on Kafka needs --config FILE with [kafka.client] and \"bootstrap.servers\"");
  auto kafka = kafka_settings(file, root);
  if (!kafka) return kafka.error();
  return Settings{std::move(*kafka)};
}

}  // namespace o2c
