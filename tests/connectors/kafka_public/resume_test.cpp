#include "connectors/kafka/public/resume.hpp"

#include <gtest/gtest.h>

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/state.hpp"
#include "tests/connectors/kafka_public/samples.hpp"

namespace o2c::test {
namespace {

using kafka::Headers;
using kafka::PublicRecord;
using kafka::ResumePoint;

/// A lane with entries of 0 to 3 events.
class Lane {
 public:
  Lane() {
    const auto samples = sample_entries();
    for (std::size_t i = 0; i < 12; ++i) {
      EntrySpec spec;
      for (std::size_t n = 0; n < i % 4; ++n) spec.events.push_back(samples[i + n].events.front());
      entries_.push_back(frames_.add(spec));
    }
  }
  /// What a publisher writes that begins at a point.
  std::vector<PublicRecord> from(const ResumePoint& point) const {
    std::vector<PublicRecord> all;
    std::uint64_t sequence = point.first_sequence();
    for (std::size_t i = point.entry_seq - 1; i < entries_.size(); ++i) {
      auto records = *kafka::events_records(entries_[i], sequence);
      sequence += records.size();
      const auto done = i == point.entry_seq - 1 ? static_cast<std::ptrdiff_t>(point.events_done) : 0;
      all.insert(all.end(), records.begin() + done, records.end());
    }
    return all;
  }

 private:
  Frames frames_;
  std::vector<FrameView> entries_;
};

TEST(GivenPublisherStoppedAnywhere, WhenResumedThenTheRestFollowsWithoutHoleOrRepeat) {
  const Lane lane;
  const auto all = lane.from(*kafka::resume_after({}));
  ASSERT_EQ(all.size(), 18U);
  for (std::size_t published = 0; published <= all.size(); ++published) {
    std::vector<Headers> tail;
    for (std::size_t i = published < 3 ? 0 : published - 3; i < published; ++i) tail.push_back(all[i].headers);
    const auto point = kafka::resume_after(tail);
    ASSERT_TRUE(point.has_value());
    EXPECT_EQ(point->next_sequence, published + 1);
    const auto rest = lane.from(*point);
    EXPECT_TRUE(std::equal(rest.begin(), rest.end(), all.begin() + static_cast<std::ptrdiff_t>(published), all.end()))
        << published;
  }
}

TEST(GivenLateRecordOfAFormerPublisherAtTheEnd, WhenResumedThenTheFurthestCounts) {
  const Lane lane;
  const auto all = lane.from({});
  const std::vector<Headers> tail = {all[6].headers, all[7].headers, all[5].headers};
  EXPECT_EQ(kafka::resume_after(tail)->next_sequence, 9U);
}

TEST(GivenJsonTopic, WhenResumedThenFromTheSamePoint) {
  const Lane lane;
  const auto all = lane.from({});
  const auto json = kafka::events_json_records(all);
  const std::vector<Headers> binary_tail = {all[9].headers}, json_tail = {json[9].headers};
  EXPECT_EQ(*kafka::resume_after(binary_tail), *kafka::resume_after(json_tail));
}

TEST(GivenRecordOfSomebodyElse, WhenResumedThenRefusedAndTheHeaderNamed) {
  const std::vector<Headers> tail = {
      {{"ce_sequence", "00000000000000000007"}, {"ce_entryseq", "x"}, {"ce_eventindex", "0"}}};
  const auto point = kafka::resume_after(tail);
  ASSERT_FALSE(point.has_value());
  EXPECT_EQ(point.error().message, "header ce_entryseq: 'x' is no number");
  EXPECT_FALSE(kafka::resume_after(std::vector<Headers>{{}}).has_value());
  EXPECT_FALSE(kafka::row_entry_seq({}).has_value());
  EXPECT_EQ(*kafka::row_entry_seq({{"o2c_entry_seq", "17"}}), 17U);
}

}  // namespace
}  // namespace o2c::test
