// A journal whose bytes on the disk are not what was written: refused, or harmless, never another history.
#include <rocksdb/db.h>
#include <zstd.h>

#include <algorithm>

#include "engine/storage/group_codec.hpp"
#include "tests/engine/storage/embedded_rig.hpp"
#include "tests/engine/storage/flip.hpp"

namespace o2c::test {
namespace {

namespace fs = std::filesystem;

enum class Home { log, tables };  // where RocksDB holds the groups
void PrintTo(Home home, std::ostream* out) { *out << (home == Home::log ? "log" : "tables"); }

class GivenDamage : public testing::TestWithParam<Home> {
 protected:
  void SetUp() override {
    write_small_journal(data_);
    if (GetParam() == Home::tables) {  // recovery at a start moves the log into tables
      ASSERT_TRUE(open_at(data_));
    }
    const auto sound = verify_embedded_journal(data_, {});
    ASSERT_TRUE(sound) << sound.error().message;
    tips_ = sound->tips;
    copy_ = directory_.path() / "copy";
    restore();
    contents_ = *contents(**open_at(copy_));
  }
  /// The copy as the sound journal is.
  void restore() {
    fs::remove_all(copy_);
    fs::copy(data_, copy_, fs::copy_options::recursive);
  }
  /// All that is read when a journal is opened; the others (LOG, OPTIONS, IDENTITY) are RocksDB's notes for people and tools.
  std::vector<fs::path> files() const {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(data_ / "journal")) {
      const std::string name = file.path().filename();
      const bool is_read =
          name == "CURRENT" || name.starts_with("MANIFEST") || name.ends_with(".log") || name.ends_with(".sst");
      if (is_read && file.file_size() > 0) files.push_back(fs::path("journal") / name);
    }
    std::sort(files.begin(), files.end());
    return files;
  }
  fs::path log_file() const {
    fs::path newest;
    for (const fs::path& file : files()) {
      if (file.extension() == ".log") newest = std::max(newest, file);
    }
    return newest;
  }

  TemporaryDirectory directory_;
  fs::path data_ = directory_.path() / "data", copy_;
  std::vector<Tip> tips_;
  std::vector<std::vector<ReadEntry>> contents_;
};

TEST_P(GivenDamage, WhenAnyByteIsFlippedThenVerifyNamesItOrFindsTheSameHistory) {
  std::size_t refused = 0, harmless = 0;
  for (const fs::path& file : files()) {
    const std::size_t size = fs::file_size(data_ / file);
    for (std::size_t offset = 0; offset < size; offset += 7) {
      const Flip flip(data_ / file, offset, offset % 8);
      const auto verified = verify_embedded_journal(data_, {});
      if (verified) {
        ASSERT_EQ(verified->tips, tips_) << file << " byte " << offset;
        ++harmless;
      } else {
        ASSERT_EQ(verified.error().code, ErrorCode::integrity)
            << file << " byte " << offset << ": " << verified.error().message;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, harmless);
}

TEST_P(GivenDamage, WhenAnyByteIsFlippedThenOpeningIsRefusedOrReadsTheSameHistory) {
  std::size_t refused = 0;
  for (const fs::path& file : files()) {
    const std::size_t size = fs::file_size(data_ / file);
    for (std::size_t offset = size / 2 % 61; offset < size; offset += 61) {
      restore();
      flip_bit(copy_ / file, offset, offset % 8);
      const auto opened = open_at(copy_);
      const auto read = opened ? contents(**opened) : Result<std::vector<std::vector<ReadEntry>>>(opened.error());
      if (read) {
        ASSERT_EQ(*read, contents_) << file << " byte " << offset;
      } else {
        ASSERT_EQ(read.error().code, ErrorCode::integrity)
            << file << " byte " << offset << ": " << read.error().message;
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST_P(GivenDamage, WhenAFileIsMissingThenRefusedOrTheSameHistory) {
  std::size_t refused = 0;
  for (const fs::path& file : files()) {
    restore();
    fs::remove(copy_ / file);
    const auto opened = open_at(copy_);
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::integrity) << file << ": " << opened.error().message;
      ++refused;
    } else {
      EXPECT_EQ(*contents(**opened), contents_) << file;
    }
  }
  EXPECT_GT(refused, 1u);
}

std::string home_name(const testing::TestParamInfo<Home>& info) { return info.param == Home::log ? "log" : "tables"; }
INSTANTIATE_TEST_SUITE_P(Stored, GivenDamage, testing::Values(Home::log, Home::tables), home_name);

using GivenJournalInItsLog = GivenDamage;
INSTANTIATE_TEST_SUITE_P(Stored, GivenJournalInItsLog, testing::Values(Home::log), home_name);

TEST_P(GivenJournalInItsLog, WhenTheLogIsCutAnywhereThenTheLostEntriesAreNoticed) {
  const fs::path log = log_file();
  const std::size_t size = fs::file_size(data_ / log);
  for (std::size_t cut = 0; cut < size; cut += 13) {
    restore();
    fs::resize_file(copy_ / log, cut);
    const auto verified = verify_embedded_journal(copy_, {});
    ASSERT_FALSE(verified) << cut;
    EXPECT_EQ(verified.error().code, ErrorCode::integrity) << verified.error().message;
  }
  restore();
  fs::resize_file(copy_ / log, size - 1);
  const auto opened = open_at(copy_);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("lane 1 ends at seq 5, but seq 7 was acknowledged: 2 entries are lost"),
            std::string::npos)
      << opened.error().message;
}

/// A hand in the database itself: every checksum of RocksDB is right afterwards.
class Tampering {
 public:
  explicit Tampering(const fs::path& data) {
    std::vector<rocksdb::ColumnFamilyDescriptor> families{{"default", {}}, {"index", {}}, {"meta", {}}};
    rocksdb::DB* raw = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open({}, data / "journal", families, &handles_, &raw).ok());
    db_.reset(raw);
  }
  ~Tampering() {
    for (auto* handle : handles_) db_->DestroyColumnFamilyHandle(handle);
  }
  static std::string number(std::uint64_t value, int bytes) {
    std::string key;
    for (int i = bytes - 1; i >= 0; --i) key += static_cast<char>(value >> (8 * i));
    return key;
  }
  std::string stored(std::uint64_t group) {
    std::string value;
    EXPECT_TRUE(db_->Get({}, handles_[0], number(group, 8), &value).ok());
    return value;
  }
  void store(std::uint64_t group, const std::string& value) {
    EXPECT_TRUE(db_->Put({}, handles_[0], number(group, 8), value).ok());
  }
  /// The group's frames, unpacked; and packed again.
  std::string group(std::uint64_t group) {
    const auto frames = storage::unpack_group(bytes_of(stored(group)));
    EXPECT_TRUE(frames);
    return std::string(text_of(frames->bytes()));
  }
  void put_group(std::uint64_t group, const std::string& frames) {
    std::string packed(ZSTD_compressBound(frames.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), frames.data(), frames.size(), 1));
    store(group, packed);
  }
  void drop_group(std::uint64_t group) { EXPECT_TRUE(db_->Delete({}, handles_[0], number(group, 8)).ok()); }
  void drop_index(LaneId lane, std::uint64_t first_seq) {
    EXPECT_TRUE(db_->Delete({}, handles_[1], number(lane, 4) + number(first_seq, 8)).ok());
  }
  void put_index(LaneId lane, std::uint64_t first_seq, std::uint64_t group, std::size_t offset, std::size_t size) {
    EXPECT_TRUE(db_->Put({}, handles_[1], number(lane, 4) + number(first_seq, 8),
                         number(group, 8) + number(offset, 4) + number(size, 4))
                    .ok());
  }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

/// Group 1: lane 0 opened (seq 1). 2: lane 1 opened. 3: lane 0 seq 2. 4: lane 1 seq 2-3. 5: lane 0 seq 3-4. 6: lane 1 seq 4-5.
/// 7: lane 0 seq 5-7. 8: lane 1 seq 6-7.
class GivenTamperedJournal : public testing::Test {
 protected:
  GivenTamperedJournal() { write_small_journal(data_); }
  void expect_named(const std::string& place) {
    const auto verified = verify_embedded_journal(data_, {});
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::integrity);
    EXPECT_NE(verified.error().message.find(place), std::string::npos) << verified.error().message;
    const auto opened = open_at(data_);  // recovery looks at the end only; reading finds the rest
    EXPECT_FALSE(opened && contents(**opened).has_value());
  }
  static std::vector<std::string> frames_of(const std::string& group) {
    std::vector<std::string> frames;
    for (std::size_t at = 0; at < group.size(); at += frames.back().size()) {
      std::uint32_t length = 0;
      std::memcpy(&length, group.data() + at, 4);
      frames.push_back(group.substr(at, length));
    }
    return frames;
  }

  TemporaryDirectory directory_;
  fs::path data_ = directory_.path() / "data";
};

TEST_F(GivenTamperedJournal, WhenAnEntryIsDroppedThenNamed) {
  {
    Tampering hand(data_);
    const auto frames = frames_of(hand.group(7));
    hand.put_group(7, frames[0] + frames[2]);
    hand.put_index(0, 5, 7, 0, frames[0].size() + frames[2].size());
  }
  expect_named("journal lane 0 seq 6 (group 7): seq 7 stands in its place");
}

TEST_F(GivenTamperedJournal, WhenTwoEntriesAreSwappedThenNamed) {
  {
    Tampering hand(data_);
    const auto frames = frames_of(hand.group(5));
    hand.put_group(5, frames[1] + frames[0]);
  }
  expect_named("journal lane 0 seq 3 (group 5): seq 4 stands in its place");
}

TEST_F(GivenTamperedJournal, WhenAnEntryIsInsertedThenNamed) {
  {
    Tampering hand(data_);
    const auto frames = frames_of(hand.group(5));
    hand.put_group(5, frames[0] + frames[0] + frames[1]);
    hand.put_index(0, 3, 5, 0, 2 * frames[0].size() + frames[1].size());
  }
  expect_named("journal lane 0 seq 4 (group 5): seq 3 stands in its place");
}

TEST_F(GivenTamperedJournal, WhenAnEntryIsForgedWithARightChecksumThenTheNextOneNamesAnotherHash) {
  {
    Tampering hand(data_);
    const auto frames = frames_of(hand.group(3));
    std::vector<std::uint64_t> words(frames[0].size() / 8);
    std::memcpy(words.data(), frames[0].data(), frames[0].size());
    const auto original =
        read_frame({reinterpret_cast<const std::uint8_t*>(words.data()), frames[0].size()}, Check::full);
    ASSERT_TRUE(original);
    const DraftEntry forged = draft_entry(0, 1, 2, "another order");
    FrameBatch batch(0);
    batch.add(forged.entry_bytes(), forged.command_bytes());
    Tip tip{1, 1, Hash32::from(*original->entry->prev_hash())};
    batch.seal(tip);
    hand.put_group(3, std::string(text_of(batch.bytes())));
    hand.put_index(0, 2, 3, 0, batch.bytes().size());
  }
  expect_named("journal lane 0 seq 3 (group 5): prev_hash is not the hash of the entry before it");
}

TEST_F(GivenTamperedJournal, WhenAByteOfAnEntryIsChangedThenNamed) {
  {
    Tampering hand(data_);
    std::string group = hand.group(4);
    group[group.size() - 20] ^= 1;
    hand.put_group(4, group);
  }
  expect_named("journal lane 1 seq 3 (group 4): frame: checksum (CRC32C) does not match its bytes");
}

TEST_F(GivenTamperedJournal, WhenAnyPackedByteIsChangedThenTheGroupIsNamed) {
  std::string group;
  {
    Tampering hand(data_);
    group = hand.stored(4);
  }
  for (std::size_t i = 0; i < group.size(); i += 7) {
    {
      std::string changed = group;
      changed[i] ^= 4;
      Tampering hand(data_);
      hand.store(4, changed);
    }
    const auto verified = verify_embedded_journal(data_, {});
    ASSERT_FALSE(verified) << i;
    EXPECT_EQ(verified.error().code, ErrorCode::integrity);
    EXPECT_NE(verified.error().message.find("group 4"), std::string::npos) << verified.error().message;
  }
}

TEST_F(GivenTamperedJournal, WhenAGroupClaimsAnAbsurdSizeThenNamed) {
  {
    Tampering hand(data_);
    // A Zstandard frame header: magic, one segment with an eight byte content size.
    hand.store(4, std::string("\x28\xB5\x2F\xFD\xE0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x0F", 13));
  }
  expect_named("journal group 4: its packed bytes do not begin as a group does");
}

TEST_F(GivenTamperedJournal, WhenAGroupIsDroppedThenNamed) {
  {
    Tampering hand(data_);
    hand.drop_group(5);
  }
  expect_named("journal group 5: missing, group 6 stands in its place");
}

TEST_F(GivenTamperedJournal, WhenTwoGroupsAreSwappedThenNamed) {
  {
    Tampering hand(data_);
    const std::string five = hand.group(5), seven = hand.group(7);
    hand.put_group(5, seven);
    hand.put_group(7, five);
  }
  expect_named("journal lane 0 seq 3 (group 5): ");
}

TEST_F(GivenTamperedJournal, WhenTheLastGroupsAreDroppedThenTheTipFileNamesThem) {
  {
    Tampering hand(data_);
    hand.drop_group(8);
    hand.drop_index(1, 6);
  }
  expect_named("journal lane 1 ends at seq 5, but seq 7 was acknowledged: 2 entries are lost");
}

TEST_F(GivenTamperedJournal, WhenARowOfTheIndexIsDroppedThenNamed) {
  {
    Tampering hand(data_);
    hand.drop_index(0, 3);
  }
  expect_named("journal group 5 byte 0: no lane goes on here by the index");
}

TEST_F(GivenTamperedJournal, WhenARowOfTheIndexIsInventedThenVerifyCountsIt) {
  {
    Tampering hand(data_);
    hand.put_index(1, 3, 4, 0, 8);
  }
  const auto verified = verify_embedded_journal(data_, {});
  ASSERT_FALSE(verified);
  EXPECT_NE(verified.error().message.find("journal index: 9 rows where the groups hold 8 runs"), std::string::npos)
      << verified.error().message;
}

}  // namespace
}  // namespace o2c::test
