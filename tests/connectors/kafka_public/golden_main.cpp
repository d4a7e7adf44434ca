// o2c-public-golden DIR: writes what the public topics say into DIR, tests/golden/kafka. Allowed only before the first release: what is
// published then reads the same for ever.
#include <cstdio>

#include "tests/connectors/kafka_public/golden_records.hpp"
#include "tests/events/schema/golden.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: o2c-public-golden DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  o2c::golden::write_bytes(folder / "records.jsonl", o2c::test::golden_records());
  o2c::golden::write_bytes(folder / "minor_digits.json", o2c::test::golden_minor_digits());
}
