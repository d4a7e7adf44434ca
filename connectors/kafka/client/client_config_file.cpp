#include <fmt/format.h>

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

#include "connectors/kafka/client/client_config.hpp"

namespace o2c::kafka {
namespace {

Result<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorCode::not_found, fmt::format("{}: cannot be read", file.string()), Remedy::fix_first};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A file that holds one secret; the line end that an editor adds does not belong to it.
Result<std::string> secret_in(const std::filesystem::path& file) {
  auto text = content_of(file);
  if (!text) return text.error();
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return text;
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* flag = node.as_boolean()) return std::string{flag->get() ? "true" : "false"};
  return std::nullopt;
}

/// "a.b" = 1 and a.b = 1 are different things to TOML and the same to us.
Result<void> collect(const toml::table& table, const std::string& prefix, const std::string& file,
                     ClientConfig::Settings& out) {
  constexpr std::string_view suffix = "_file";
  for (const auto& [key, node] : table) {
    std::string name = prefix + std::string{key.str()};
    if (const auto* inner = node.as_table()) {
      if (auto done = collect(*inner, name + ".", file, out); !done) return done;
      continue;
    }
    auto value = scalar_text(node);
    if (!value)
      return invalid(fmt::format("{}:{}: kafka.client: {}: a text, a whole number, true or false is expected", file,
                                 node.source().begin.line, name));
    if (name.ends_with(suffix)) {
      auto secret = secret_in(*value);
      if (!secret) return secret.error();
      name.resize(name.size() - suffix.size());
      value = std::move(*secret);
    }
    if (!out.emplace(name, std::move(*value)).second)
      return invalid(fmt::format("{}:{}: kafka.client: {} is given twice", file, node.source().begin.line, name));
  }
  return {};
}

}  // namespace

Result<ClientConfig> ClientConfig::read(const std::filesystem::path& file) {
  const auto text = content_of(file);
  if (!text) return text.error();
  toml::table root;
  try {
    root = toml::parse(*text, file.string());
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  const toml::table* table = root["kafka"]["client"].as_table();
  if (!table) return invalid(fmt::format("{}: table [kafka.client] is missing", file.string()));
  Settings settings;
  if (auto done = collect(*table, "", file.string(), settings); !done) return done.error();
  auto config = from(std::move(settings));
  if (!config)
    return Error{config.error().code, fmt::format("{}: {}", file.string(), config.error().message),
                 config.error().remedy};
  return config;
}

}  // namespace o2c::kafka
