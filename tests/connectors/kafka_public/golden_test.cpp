#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "connectors/kafka/public/schemas.hpp"
#include "tests/connectors/kafka_public/golden_records.hpp"
#include "tests/events/schema/golden.hpp"

namespace o2c::test {
namespace {

const std::filesystem::path folder = O2C_GOLDEN_FOLDER;
constexpr const char* advice =
    "Before the first release: o2c-public-golden tests/golden/kafka. After it: what was published stays.";

/// The first line that differs, so that a failure can be read.
std::string first_difference(const std::string& a, const std::string& b) {
  std::istringstream as(a), bs(b);
  std::string one, other;
  for (int line = 1;; ++line) {
    const bool more = static_cast<bool>(std::getline(as, one)), others = static_cast<bool>(std::getline(bs, other));
    if (!more && !others) return {};
    if (more != others || one != other) return fmt::format("line {}:\n{}\n{}", line, one, other);
  }
}

TEST(GivenGoldenRecords, WhenMadeAgainThenSameBytes) {
  const std::string golden = golden::read_text(folder / "kafka/records.jsonl");
  ASSERT_FALSE(golden.empty());
  EXPECT_EQ(first_difference(golden, golden_records()), "") << advice;
  EXPECT_EQ(golden::read_text(folder / "kafka/minor_digits.json"), golden_minor_digits()) << advice;
}

TEST(GivenPublicSchema, WhenPublishedThenNamedByItsRelease) {
  EXPECT_EQ(golden::latest_release(folder).number, kafka::public_schema_version);
  const kafka::PublicRecord row = kafka::public_schema_record();
  EXPECT_EQ(row.key, "public/1");
  EXPECT_EQ(kafka::public_schema_uri(), "urn:o2c:schema:public:1");
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(row.value->data()), row.value->size());
  ASSERT_TRUE(reflection::VerifySchemaBuffer(verifier));
  const reflection::Schema& schema = *reflection::GetSchema(row.value->data());
  EXPECT_EQ(schema.root_table()->name()->str(), "o2c.fb.PublicEvent");
  for (const reflection::Object* object : *schema.objects()) EXPECT_NE(object->name()->str(), "o2c.fb.Entry");
}

}  // namespace
}  // namespace o2c::test
