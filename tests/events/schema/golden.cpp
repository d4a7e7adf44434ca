#include "tests/events/schema/golden.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <tuple>

#include "events/base/assert.hpp"
#include "events/json/json.hpp"

namespace o2c::golden {
namespace {

/// N of "name.vN.bin", 0 if it is called otherwise.
unsigned release_of(const std::filesystem::path& file) {
  const std::string suffix = file.stem().extension().string();  // ".v12"
  unsigned number = 0;
  if (suffix.starts_with(".v")) std::from_chars(suffix.data() + 2, suffix.data() + suffix.size(), number);
  return number;
}

std::vector<std::filesystem::path> files(const std::filesystem::path& folder, const char* extension) {
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::exists(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Release latest_release(const std::filesystem::path& folder) {
  Release latest;
  std::filesystem::path newest;
  for (const auto& file : files(folder / "schema", ".bfbs")) {
    if (release_of(file) > latest.number) latest.number = release_of(file), newest = file;
  }
  if (latest.number > 0) latest.words = read_words(newest);
  return latest;
}

std::vector<Document> documents(const std::filesystem::path& folder, const Kind& kind) {
  std::vector<Document> all;
  for (const auto& file : files(folder / kind.folder, ".bin")) {
    all.push_back({file.stem().stem().string(), release_of(file), file});
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return std::tie(a.name, a.release) < std::tie(b.name, b.release); });
  return all;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::uint64_t> read_words(const std::filesystem::path& file) {
  const std::string bytes = read_text(file);
  std::vector<std::uint64_t> words((bytes.size() + 7) / 8);
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(words.data()));
  return words;
}

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.flush();
  O2C_ASSERT(out.good());
}

std::string decode(const void* table, const char* table_name) {
  fmt::memory_buffer out;
  append_json(out, table, table_name, Layout::indented);
  out.push_back('\n');
  return fmt::to_string(out);
}

Encoded encode(const sample::Sample& sample, const char* table) {
  const auto buffer = parse_table(sample.json, table);
  O2C_ASSERT(buffer.has_value());
  return {std::string{reinterpret_cast<const char*>(buffer->data()), buffer->size()},
          decode(flatbuffers::GetRoot<flatbuffers::Table>(buffer->data()), table)};
}

}  // namespace o2c::golden
