#include "engine/storage/tip_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/engine/storage/flip.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using storage::TipFile;

Id16 journal_id(std::uint8_t first = 1) {
  Id16 id;
  id.bytes[0] = first;
  return id;
}
Tip tip_at(std::uint64_t seq) { return {seq / 10, seq, sha256(bytes_of(std::to_string(seq)))}; }

class GivenTipFile : public testing::Test {
 protected:
  GivenTipFile() {
    auto file = TipFile::create(path_, {journal_id(), 0, {tip_at(0), tip_at(0)}});
    EXPECT_TRUE(file) << file.error().message;
    EXPECT_TRUE(file->write(1, {tip_at(10), tip_at(20)}));
    EXPECT_TRUE(file->write(2, {tip_at(11), tip_at(25)}));
  }
  Result<TipFile> open() const { return TipFile::open(path_, journal_id(), 2); }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_.path() / "journal.tip";
};

TEST_F(GivenTipFile, WhenOpenedThenTheLastWriteIsRead) {
  const auto file = open();
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->current().group, 2u);
  EXPECT_EQ(file->current().tips, (std::vector{tip_at(11), tip_at(25)}));
}

TEST_F(GivenTipFile, WhenWrittenAfterOpeningThenTheOlderSlotIsReplaced) {
  ASSERT_TRUE(open()->write(3, {tip_at(30), tip_at(31)}));
  EXPECT_EQ(open()->current().group, 3u);
  std::ofstream(path_, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(4096)
      .write("torn", 4);  // the slot of writes with odd numbers
  EXPECT_EQ(open()->current().group, 2u);
}

TEST_F(GivenTipFile, WhenAnyByteOfItIsDamagedThenOneOfTheTwoSlotsIsReadUnchanged) {
  for (std::size_t offset = 0; offset < 2 * 4096; offset += 3) {
    const Flip flip(path_, offset, offset % 8);
    const auto file = open();
    ASSERT_TRUE(file) << offset;
    const std::uint64_t group = file->current().group;
    ASSERT_TRUE(group == 1 || group == 2);
    EXPECT_EQ(file->current().tips,
              group == 2 ? (std::vector{tip_at(11), tip_at(25)}) : (std::vector{tip_at(10), tip_at(20)}));
  }
}

TEST_F(GivenTipFile, WhenBothSlotsAreDamagedThenIntegrity) {
  const Flip one(path_, 50, 0), other(path_, 4096 + 50, 0);
  const auto file = open();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::integrity);
}

TEST_F(GivenTipFile, WhenCutShortThenTheFirstSlotIsReadOrIntegrity) {
  std::filesystem::resize_file(path_, 4096);
  EXPECT_TRUE(open());
  std::filesystem::resize_file(path_, 4095);
  EXPECT_FALSE(open());
}

TEST_F(GivenTipFile, WhenItBelongsToAnotherJournalThenIntegrity) {
  const auto file = TipFile::open(path_, journal_id(2), 2);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::integrity);
}

TEST(GivenNoTipFile, WhenOpenedThenNotFound) {
  const TemporaryDirectory directory;
  const auto file = TipFile::open(directory.path() / "journal.tip", journal_id(), 2);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace o2c::test
