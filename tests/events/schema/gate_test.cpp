#include <gtest/gtest.h>

#include <set>

#include <flatbuffers/reflection.h>
#include <fmt/ranges.h>

#include "events/json/json.hpp"
#include "tests/events/json/find_named.hpp"
#include "tests/events/schema/compare.hpp"
#include "tests/events/schema/golden.hpp"

namespace o2c {
namespace {

const std::filesystem::path folder = O2C_GOLDEN_FOLDER;

/// Names of the members of a union of the released schema, as in JSON.
std::set<std::string> released_members(const golden::Release& release, const char* union_name) {
  std::set<std::string> names;
  for (const reflection::EnumVal* member : *find_named(*release.schema().enums(), union_name)->values()) {
    if (member->value() == 0) continue;
    std::string name;
    for (const char c : member->name()->str()) {
      if (std::isupper(static_cast<unsigned char>(c)) && !name.empty()) name += '_';
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    names.insert(name);
  }
  return names;
}

TEST(GivenReleasedSchema, WhenComparedWithThisOneThenItOnlyGrew) {
  const golden::Release release = golden::latest_release(folder);
  ASSERT_GT(release.number, 0U) << "no released schema in tests/golden/schema";
  const auto breaks = gate::compare(release.schema(), sample::schema());
  EXPECT_TRUE(breaks.empty())
      << fmt::format("{}\n", fmt::join(breaks, "\n"))
      << "Before the first release: o2c-golden --rewrite tests/golden. After it: give the new thing a new name.";
}

TEST(GivenReleasedDocuments, WhenDecodedThenSameTextForEver) {
  for (const golden::Kind& kind : golden::kinds) {
    const auto* object = find_named(*sample::schema().objects(), fmt::format("o2c.fb.{}", kind.table));
    const auto documents = golden::documents(folder, kind);
    EXPECT_FALSE(documents.empty()) << kind.folder;
    for (const golden::Document& document : documents) {
      SCOPED_TRACE(document.bin.filename());
      const auto words = golden::read_words(document.bin);
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
      ASSERT_TRUE(flatbuffers::Verify(sample::schema(), *object, bytes, words.size() * 8));
      const std::string text = golden::read_text(document.json());
      ASSERT_EQ(golden::decode(flatbuffers::GetRoot<flatbuffers::Table>(bytes), kind.table), text);
      // What was a good document once is accepted for ever, and says the same.
      const auto again = parse_table(text, kind.table);
      ASSERT_TRUE(again.has_value()) << again.error().message;
      EXPECT_EQ(golden::decode(flatbuffers::GetRoot<flatbuffers::Table>(again->data()), kind.table), text);
    }
  }
}

TEST(GivenReleasedSchema, WhenAMemberHasNoGoldenDocumentThenNamed) {
  const golden::Release release = golden::latest_release(folder);
  ASSERT_GT(release.number, 0U);
  for (const auto& [kind, union_name] :
       {std::pair{golden::kinds[0], "o2c.fb.EventBody"}, std::pair{golden::kinds[1], "o2c.fb.CommandBody"}}) {
    std::set<std::string> covered;
    for (const golden::Document& document : golden::documents(folder, kind))
      covered.insert(document.name.substr(0, document.name.find('.')));
    for (const std::string& name : released_members(release, union_name))
      EXPECT_TRUE(covered.contains(name)) << kind.folder << "/" << name;
  }
}

}  // namespace
}  // namespace o2c
