#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/entries.hpp"

namespace o2c::test {
namespace {

const Tip start{0, 0, genesis_hash(Id16{}, 7)};

/// Sealed frames of lane 7, epoch 0, in words as a reader holds them.
std::vector<std::uint64_t> sealed_words(std::size_t count) {
  Tip tip = start, place = start;
  const SharedBatch batch = draft_batch(7, place, count, 13);
  batch->seal(tip);
  std::vector<std::uint64_t> words(batch->bytes().size() / 8);
  std::memcpy(words.data(), batch->bytes().data(), batch->bytes().size());
  return words;
}
Bytes bytes_of(const std::vector<std::uint64_t>& words) {
  return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size() * 8};
}

TEST(GivenSealedFrame, WhenReadThenEntryAndCommandAreThoseThatWereAdded) {
  const auto words = sealed_words(1);
  const auto frame = read_frame(bytes_of(words), Check::full);
  ASSERT_TRUE(frame) << frame.error().message;
  EXPECT_EQ(frame->frame.size(), bytes_of(words).size());
  EXPECT_EQ(frame->entry->seq(), 1u);
  EXPECT_EQ(frame->entry->lane(), 7u);
  EXPECT_EQ(Hash32::from(*frame->entry->prev_hash()), start.hash);
  EXPECT_EQ(frame->command->body_as_CreateMark()->name()->str(), mark_name(7, 1, 13));
}

TEST(GivenSealedFrame, WhenAnyOneBitIsFlippedThenRefused) {
  auto words = sealed_words(1);
  for (std::size_t bit = 0; bit < words.size() * 64; ++bit) {
    words[bit / 64] ^= std::uint64_t{1} << (bit % 64);
    const auto frame = read_frame(bytes_of(words), Check::full);
    ASSERT_FALSE(frame) << "bit " << bit;
    EXPECT_EQ(frame.error().code, ErrorCode::integrity);
    words[bit / 64] ^= std::uint64_t{1} << (bit % 64);
  }
  EXPECT_TRUE(read_frame(bytes_of(words), Check::full));
}

TEST(GivenSealedFrame, WhenCutAnywhereThenRefused) {
  const auto words = sealed_words(1);
  for (std::size_t size = 0; size < words.size() * 8; ++size)
    EXPECT_FALSE(read_frame(bytes_of(words).first(size), Check::full)) << size;
}

TEST(GivenSealedFrame, WhenLengthsDoNotAddUpThenRefusedWithoutReadingBeyond) {
  for (const std::size_t field : {0u, 8u, 12u}) {
    for (const std::uint32_t value : {0u, 1u, 7u, 8u, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFF0u, 0xFFFFFFFFu}) {
      auto words = sealed_words(1);
      std::memcpy(reinterpret_cast<std::uint8_t*>(words.data()) + field, &value, 4);
      EXPECT_FALSE(read_frame(bytes_of(words), Check::trusted)) << field << ": " << value;
    }
  }
}

TEST(GivenFrameWithTheCommandOfAnother, WhenReadThenTheCommandHashTellsThemApart) {
  Tip tip = start;
  const DraftEntry one = draft_entry(7, 0, 1, "mine"), other = draft_entry(7, 0, 1, "ours");
  FrameBatch batch(7);
  batch.add(one.entry_bytes(), other.command_bytes());
  batch.seal(tip);  // checksum and chain are right
  const auto frame = read_frame(batch.bytes(), Check::full);
  ASSERT_FALSE(frame);
  EXPECT_NE(frame.error().message.find("command_hash"), std::string::npos) << frame.error().message;
}

TEST(GivenFrameWhoseEntryIsNoFlatBuffer, WhenReadThenRefusedThoughTheChecksumIsRight) {
  auto words = sealed_words(1);
  auto* bytes = reinterpret_cast<std::uint8_t*>(words.data());
  const std::uint32_t root = 0x00FFFFFF;
  std::memcpy(bytes + frame_header, &root, 4);
  const std::uint32_t crc = crc32c(bytes_of(words).subspan(8));
  std::memcpy(bytes + 4, &crc, 4);
  const auto frame = read_frame(bytes_of(words), Check::full);
  ASSERT_FALSE(frame);
  EXPECT_NE(frame.error().message.find("FlatBuffer"), std::string::npos) << frame.error().message;
}

TEST(GivenBatch, WhenSealedThenEachEntryNamesTheHashOfTheOneBefore) {
  Tip place = start, tip = start;
  const SharedBatch batch = draft_batch(7, place, 5);
  EXPECT_EQ(batch->first_seq(), 1u);
  EXPECT_EQ(batch->last_seq(), 5u);
  batch->seal(tip);
  Hash32 before = start.hash;
  for (std::size_t i = 0; i < batch->size(); ++i) {
    const FrameView frame = batch->at(i);
    EXPECT_EQ(Hash32::from(*frame.entry->prev_hash()), before);
    before = frame.hash();
  }
  EXPECT_EQ(tip.seq, 5u);
  EXPECT_EQ(tip.hash, before);
}

TEST(GivenSealedBatch, WhenCopiedFrameByFrameThenTheBytesAreTheSame) {
  const auto words = sealed_words(4);
  FrameBatch copy(7);
  for (Bytes rest = bytes_of(words); !rest.empty();) {
    const auto frame = read_frame(rest, Check::full);
    ASSERT_TRUE(frame);
    copy.add_sealed(frame->frame);
    rest = rest.subspan(frame->frame.size());
  }
  EXPECT_EQ(copy.size(), 4u);
  EXPECT_EQ(copy.last_seq(), 4u);
  ASSERT_EQ(copy.bytes().size(), bytes_of(words).size());
  EXPECT_EQ(std::memcmp(copy.bytes().data(), words.data(), copy.bytes().size()), 0);
}

TEST(GivenTwoJournals, WhenTheirLanesBeginThenEachHasAGenesisOfItsOwn) {
  Id16 other;
  other.bytes[15] = 1;
  EXPECT_NE(genesis_hash(Id16{}, 0), genesis_hash(Id16{}, 1));
  EXPECT_NE(genesis_hash(Id16{}, 0), genesis_hash(other, 0));
}

}  // namespace
}  // namespace o2c::test
