// Commands as texts, and what is said of their answers.
#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "events/json/json.hpp"
#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

/// Value of a top-level string field by a plain search is not safe; the JSON is parsed, and only what is missing is added to the text.
bool has_field(std::string_view json, std::string_view field) {
  int depth = 0;
  bool in_string = false;
  std::string key, last;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false, last = key;
      else key += c;
    } else if (c == '"') {
      in_string = true;
      key.clear();
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ':' && depth == 1 && last == field) {
      return true;
    }
  }
  return false;
}

}  // namespace

/// A byte offset in the message, made to mean the caller's text: without what was added behind the byte `open`.
Error in_own_text(Error error, std::size_t open, std::size_t added) {
  constexpr std::string_view begin = "byte ";
  if (!error.message.starts_with(begin)) return error;
  std::size_t at = 0;
  const char* const first = error.message.data() + begin.size();
  const auto [end, failed] = std::from_chars(first, error.message.data() + error.message.size(), at);
  if (failed != std::errc{} || at <= open) return error;
  error.message = fmt::format("byte {}{}", at - std::min(added, at - open), end);
  return error;
}

Result<Request> parse_command(std::string_view json, std::string_view actor, std::size_t occurrence) {
  std::string text(json);
  const std::size_t open = text.find('{');
  std::string added;
  if (open != std::string::npos) {
    if (!has_field(text, "command_id")) {
      // Same text again is the same command; the same text twice in one submission is two commands.
      const Hash32 hash = sha256(bytes_of(fmt::format("o2c.command:{}:{}", occurrence, json)));
      added += "\"command_id\":\"" + to_hex(Bytes{hash.bytes}.first(16)) + "\",";
    }
    if (!has_field(text, "actor")) {
      added += "\"actor\":";
      append_json_string(added, actor);
      added += ",";
    }
    text.insert(open + 1, added);
  }
  auto buffer = parse_table(text, "o2c.fb.Command");
  if (!buffer) return in_own_text(buffer.error(), open, added.size());
  if (auto of_people = check_is_of_people(*flatbuffers::GetRoot<fb::Command>(buffer->data())); !of_people)
    return of_people.error();
  return own_command({buffer->data(), buffer->size()});
}

int worst(int a, int b) {
  constexpr auto rank = [](int code) {
    constexpr int order[] = {0, 1, 3, 2, 4, 5, 6, 7};  // 0 < 1 < 3 < 2 < 4 < 5 < 6 < 7
    for (int i = 0; i < 8; ++i)
      if (order[i] == code) return i;
    return 8;
  };
  return rank(a) >= rank(b) ? a : b;
}

int code_of(const Reply& reply) {
  switch (reply.status) {
    case Reply::Status::decided:
      return reply.frame.entry && reply.frame.entry->outcome() == fb::Outcome::refused ? 1 : 0;
    case Reply::Status::conflict: return 4;
    case Reply::Status::too_old: return 1;
    default: return 6;
  }
}

std::string answer_json(const Reply& reply, std::string_view place, Language language) {
  constexpr std::string_view words[] = {"decided", "conflict", "command_too_old", "busy", "unknown", "unavailable"};
  std::string out = "{\"at\":";
  append_json_string(out, place);
  const auto put = [&out](std::string_view name, std::string_view value) {
    out += ",\"" + std::string(name) + "\":";
    append_json_string(out, value);
  };
  if (reply.status != Reply::Status::decided || !reply.frame.entry) {
    put("outcome", words[static_cast<std::size_t>(reply.status)]);
    if (reply.seq > 0) put("position", fmt::to_string(reply.seq));
    return out + "}";
  }
  const fb::Entry& entry = *reply.frame.entry;
  put("outcome", fb::EnumNameOutcome(entry.outcome()));
  put("position", fmt::to_string(entry.seq()));
  if (reply.repeat) out += ",\"repeat\":true";
  if (const fb::Refused* refused = entry.refused()) {
    out += fmt::format(",\"code\":{}", static_cast<unsigned>(refused->code()));
    put("refusal", refusal_name(refused->code()));
    put("text", refusal_text(refused->code(), language));
    if (refused->place()) put("place", refused->place()->string_view());
    if (refused->detail()) put("detail", refused->detail()->string_view());
  }
  if (const fb::Answer* answer = entry.answer()) {
    put("stream", fb::EnumNameStreamType(answer->stream_type()));
    if (answer->stream_id()) put("id", answer->stream_id()->string_view());
    out += fmt::format(",\"version\":{}", answer->stream_version());
    if (answer->status()) put("status", answer->status()->string_view());
  }
  return out + "}";
}

CLI::App& noun(CLI::App& app, const std::string& name) {
  const auto existing = app.get_subcommands([&](const CLI::App* sub) { return sub->get_name() == name; });
  if (!existing.empty()) return *existing.front();
  CLI::App* made = app.add_subcommand(name);
  made->require_subcommand(1);
  return *made;
}

}  // namespace o2c
