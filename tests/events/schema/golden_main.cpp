// o2c-golden: writes what a release of the vocabulary promises into tests/golden.
#include <cstdio>
#include <cstring>
#include <span>

#include <fmt/format.h>

#include "tests/events/schema/compare.hpp"
#include "tests/events/schema/golden.hpp"

namespace o2c {

std::span<const unsigned char> schema_bytes();

namespace golden {
namespace {

constexpr const char* usage =
    "o2c-golden --release DIR   adds the next release: the schema, and samples of what is new or says more than before;\n"
    "                           existing files stay as they are; refused while the schema gate finds a break\n"
    "o2c-golden --rewrite DIR   throws all away and writes release 1; allowed only before the first release\n"
    "DIR is tests/golden.\n";

/// Writes samples that say something else than the newest document of their name. Returns how many.
std::size_t write_samples(const std::filesystem::path& folder, const Kind& kind, unsigned release) {
  const auto existing = documents(folder, kind);
  std::size_t written = 0;
  for (const sample::Sample& sample : sample::samples(kind.table)) {
    const Encoded encoded = encode(sample, kind.table);
    const Document* newest = nullptr;
    for (const Document& document : existing) {
      if (document.name == sample.name) newest = &document;
    }
    if (newest && read_text(newest->json()) == encoded.json) continue;
    const Document document{sample.name, release,
                            folder / kind.folder / fmt::format("{}.v{}.bin", sample.name, release)};
    write_bytes(document.bin, encoded.bin);
    write_bytes(document.json(), encoded.json);
    ++written;
  }
  return written;
}

int run(bool rewrite, const std::filesystem::path& folder) {
  if (rewrite) {
    std::filesystem::remove_all(folder / "schema");
    for (const Kind& kind : kinds) std::filesystem::remove_all(folder / kind.folder);
  }
  const Release latest = latest_release(folder);
  if (latest.number > 0) {
    const auto breaks = gate::compare(latest.schema(), sample::schema());
    for (const std::string& line : breaks) fmt::print(stderr, "{}\n", line);
    if (!breaks.empty()) return 1;
  }
  std::size_t written = 0;
  for (const Kind& kind : kinds) written += write_samples(folder, kind, latest.number + 1);
  if (written == 0) {
    fmt::print("release {} already says all\n", latest.number);
    return 0;
  }
  const auto bytes = schema_bytes();
  write_bytes(folder / "schema" / fmt::format("o2c.v{}.bfbs", latest.number + 1),
              {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  fmt::print("release {}: {} samples\n", latest.number + 1, written);
  return 0;
}

}  // namespace
}  // namespace golden
}  // namespace o2c

int main(int argc, char** argv) {
  const bool rewrite = argc == 3 && std::strcmp(argv[1], "--rewrite") == 0;
  const bool release = argc == 3 && std::strcmp(argv[1], "--release") == 0;
  if (!rewrite && !release) {
    std::fputs(o2c::golden::usage, stderr);
    return 2;
  }
  return o2c::golden::run(rewrite, argv[2]);
}
