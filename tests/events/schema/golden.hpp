#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/events/json/sample.hpp"

/// What was released and must be read for ever: the binary schema of each release and one sample of each command, event,
/// entry and public event, as bytes and as the JSON they say. Lies in tests/golden; written by o2c-golden, never by hand.
namespace o2c::golden {

/// schema/o2c.vN.bfbs of the highest N, and N; 0 and no bytes if nothing was released.
struct Release {
  unsigned number = 0;
  std::vector<std::uint64_t> words;  // aligned
  const reflection::Schema& schema() const { return *reflection::GetSchema(words.data()); }
};
Release latest_release(const std::filesystem::path& folder);

/// Where samples of a table lie.
struct Kind {
  const char* folder;
  const char* table;
};
inline constexpr Kind kinds[] = {
    {"events", "Event"}, {"commands", "Command"}, {"entries", "Entry"}, {"public", "PublicEvent"}};

/// A name.vN.bin and the name.vN.json beside it.
struct Document {
  std::string name;  // "cash_applied"
  unsigned release = 0;
  std::filesystem::path bin;
  std::filesystem::path json() const { return std::filesystem::path{bin}.replace_extension("json"); }
};
/// All documents of a kind, by name, then release.
std::vector<Document> documents(const std::filesystem::path& folder, const Kind& kind);

/// File content in 64-bit words, so that a FlatBuffer in it is aligned.
std::vector<std::uint64_t> read_words(const std::filesystem::path& file);
std::string read_text(const std::filesystem::path& file);
void write_bytes(const std::filesystem::path& file, std::string_view bytes);

/// The text of a sample as it lies in a .json file: indented, with a line end. Aborts on a sample that the mapping refuses.
struct Encoded {
  std::string bin;
  std::string json;
};
Encoded encode(const sample::Sample& sample, const char* table);
std::string decode(const void* table, const char* table_name);

}  // namespace o2c::golden
