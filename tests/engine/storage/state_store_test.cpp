#include <gtest/gtest.h>

#include "engine/storage/rocks_state_store.hpp"
#include "tests/engine/storage/flip.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::pair<std::string, std::string>>;

class GivenStateStore : public testing::Test {
 protected:
  GivenStateStore() { open(); }
  void open() {
    store_.reset();
    auto opened = open_rocks_state_store(path_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  static Rows rows(StateStore& store, std::string_view prefix) {
    Rows rows;
    EXPECT_TRUE(store.scan(prefix, [&](std::string_view key, std::string_view value) {
      rows.emplace_back(key, value);
      return true;
    }));
    return rows;
  }
  Rows rows(std::string_view prefix) { return rows(*store_, prefix); }

  TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "state";
  std::unique_ptr<StateStore> store_;
};

TEST_F(GivenStateStore, WhenCommittedThenRowsAreReadAndRemovedOnesAreGone) {
  ASSERT_TRUE(store_->commit({{"a", "1"}, {"b", "2"}, {"c", ""}}));
  ASSERT_TRUE(store_->commit({{"b", std::nullopt}, {"a", "11"}, {"nothing", std::nullopt}}));
  EXPECT_EQ(*store_->get("a"), "11");
  EXPECT_EQ(*store_->get("b"), std::nullopt);
  EXPECT_EQ(*store_->get("c"), "");
  EXPECT_EQ(rows(""), (Rows{{"a", "11"}, {"c", ""}}));
}

TEST_F(GivenStateStore, WhenScannedThenOnlyThatPrefixInByteOrder) {
  const std::string high("p\xFF", 2);
  ASSERT_TRUE(store_->commit(
      {{"q", "5"}, {high + "b", "4"}, {"p", "1"}, {"pa", "2"}, {high, "3"}, {"o", "0"}, {"\xFF\xFF", "6"}}));
  EXPECT_EQ(rows("p"), (Rows{{"p", "1"}, {"pa", "2"}, {high, "3"}, {high + "b", "4"}}));
  EXPECT_EQ(rows(high), (Rows{{high, "3"}, {high + "b", "4"}}));
  EXPECT_EQ(rows("\xFF"), (Rows{{"\xFF\xFF", "6"}}));
  EXPECT_EQ(rows("r"), Rows{});
  int seen = 0;
  ASSERT_TRUE(store_->scan("", [&](std::string_view, std::string_view) { return ++seen < 3; }));
  EXPECT_EQ(seen, 3);
}

TEST_F(GivenStateStore, WhenTheProcessIsKilledThenEachCommitIsThereAsAWhole) {
  for (int commit = 1; commit <= 5; ++commit) {
    std::vector<StateWrite> writes;
    for (int row = 0; row < 500; ++row) writes.push_back({"row " + std::to_string(row), std::to_string(commit)});
    writes.push_back({"position", std::to_string(commit)});
    ASSERT_TRUE(store_->commit(writes));
    // What a killed process leaves behind is what the files hold at this instant.
    const fs::path left = directory_.path() / ("left" + std::to_string(commit));
    fs::copy(path_, left, fs::copy_options::recursive);
    const auto reopened = open_rocks_state_store(left);
    ASSERT_TRUE(reopened) << reopened.error().message;
    EXPECT_EQ(*(*reopened)->get("position"), std::to_string(commit));
    const Rows found = rows(**reopened, "row ");
    EXPECT_EQ(found.size(), 500u);
    for (const auto& [key, value] : found) EXPECT_EQ(value, std::to_string(commit)) << key;
  }
}

TEST_F(GivenStateStore, WhenClearedThenEmptyAlsoAfterReopening) {
  ASSERT_TRUE(store_->clear());
  ASSERT_TRUE(store_->commit({{"a", "1"}, {"z", "2"}}));
  ASSERT_TRUE(store_->clear());
  EXPECT_EQ(rows(""), Rows{});
  ASSERT_TRUE(store_->commit({{"m", "3"}}));
  open();
  EXPECT_EQ(rows(""), (Rows{{"m", "3"}}));
}

TEST_F(GivenStateStore, WhenOpenedTwiceThenConflict) {
  const auto second = open_rocks_state_store(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

TEST_F(GivenStateStore, WhenATableIsDamagedThenIntegrityOrTheSameRows) {
  std::vector<StateWrite> writes;
  for (int row = 0; row < 100; ++row)
    writes.push_back({"row " + std::to_string(row), std::string(20, static_cast<char>('a' + row % 26))});
  ASSERT_TRUE(store_->commit(writes));
  const Rows sound = rows("");
  store_.reset();
  fs::path table;
  for (const auto& file : fs::directory_iterator(path_)) {
    if (file.path().extension() == ".sst") table = file.path();
  }
  std::size_t refused = 0;
  const std::size_t size = fs::file_size(table);
  for (std::size_t offset = 0; offset < size; offset += 29) {
    const Flip flip(table, offset, offset % 8);
    const auto opened = open_rocks_state_store(path_);
    Rows found;
    const auto take = [&](std::string_view key, std::string_view value) {
      found.emplace_back(key, value);
      return true;
    };
    const Result<void> read = opened ? (*opened)->scan("", take) : Result<void>(opened.error());
    if (read) {
      ASSERT_EQ(found, sound) << offset;
    } else {
      ASSERT_EQ(read.error().code, ErrorCode::integrity) << read.error().message;
      ++refused;
    }
  }
  EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace o2c::test
