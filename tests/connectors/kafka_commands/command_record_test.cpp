#include <gtest/gtest.h>

#include "connectors/kafka/commands/answer_record.hpp"
#include "events/base/flat.hpp"
#include "tests/connectors/kafka_commands/samples.hpp"

namespace o2c::test {
namespace {

using kafka::CommandForm;
using kafka::CommandRecord;
using kafka::find_header;
using kafka::PublicRecord;

const LaneId lane = lane_of("ACME", lanes);

std::string company_of_another_lane() {
  std::string name = "company";
  while (lane_of(name, lanes) == lane) name += '-';
  return name;
}

CommandRecord record_of(const SentRecord& sent) {
  return {sent.key ? bytes_of(*sent.key) : Bytes{}, sent.value ? std::optional{bytes_of(*sent.value)} : std::nullopt,
          sent.content_type ? std::optional<std::string_view>{*sent.content_type} : std::nullopt};
}

TEST(GivenRecords, WhenReadInEitherFormThenTheyAskForTheSame) {
  const std::string json = mark_json("ACME", 1, "A"), binary = binary_of(json);
  const auto first = kafka::read_command(record_of({"ACME", json, "application/json"}), lane, lanes);
  const auto second = kafka::read_command(record_of({"ACME", binary, "application/x-flatbuffers"}), lane, lanes);
  const auto third = kafka::read_command(record_of({"ACME", json, "Application/JSON; charset=utf-8"}), lane, lanes);
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(first->form, CommandForm::json);
  EXPECT_EQ(second->form, CommandForm::flatbuffers);
  EXPECT_EQ(third->form, CommandForm::json);
  EXPECT_EQ(view(second->request.view().company()), "ACME");
  EXPECT_EQ(first->request.hash, second->request.hash);
  EXPECT_EQ(first->request.hash, third->request.hash);
}

TEST(GivenRecords, WhenNoCommandsThenEachIsRefusedForItsReasonAndItsLetterHoldsIt) {
  std::int64_t offset = 40;
  for (const PoisonSample& poison : poisons(company_of_another_lane())) {
    SCOPED_TRACE(poison.name);
    const CommandRecord record = record_of(poison.record);
    const auto read = kafka::read_command(record, lane, lanes);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().reason, poison.reason) << read.error().detail;
    EXPECT_FALSE(read.error().detail.empty());
    const PublicRecord letter = dead_letter(read.error(), record, {"o2c.commands.v1", 1, offset, offset});
    EXPECT_EQ(letter.key, fmt::format("o2c.commands.v1/1/{}", offset));
    EXPECT_EQ(find_header(letter.headers, "reason"), poison.reason);
    EXPECT_EQ(find_header(letter.headers, "topic"), "o2c.commands.v1");
    EXPECT_EQ(find_header(letter.headers, "partition"), "1");
    EXPECT_EQ(find_header(letter.headers, "offset"), std::to_string(offset++));
    EXPECT_EQ(find_header(letter.headers, "key"), poison.record.key.value_or(""));
    EXPECT_EQ(find_header(letter.headers, "content-type"), poison.record.content_type.value_or(""));
    EXPECT_EQ(letter.value, poison.record.value);
  }
}

TEST(GivenLargestRecord, WhenADeadLetterThenItFitsAndSaysWhatIsMissing) {
  const std::string large(1'040'000, 'x');
  const SentRecord sent{large, large, large};
  const CommandRecord record = record_of(sent);
  const PublicRecord letter = dead_letter({"invalid_json", large}, record, {"t", 0, 1, 1});
  std::size_t size = letter.key.size() + letter.value->size();
  for (const auto& [name, value] : letter.headers) size += name.size() + value.size();
  EXPECT_LT(size, 900'000u);
  EXPECT_EQ(find_header(letter.headers, "original-size"), "1040000");
}

TEST(GivenConflict, WhenAnsweredThenItSaysSoWithoutAValue) {
  const std::string json = mark_json("ACME", 7, "A");
  const auto command = kafka::read_command(record_of({"ACME", json, json_type}), lane, lanes);
  ASSERT_TRUE(command);
  const PublicRecord answer = answer_record(*command, {.status = Reply::Status::conflict, .seq = 3}, 12);
  EXPECT_EQ(answer.key, id_of(7));
  EXPECT_EQ(find_header(answer.headers, "status"), "conflict");
  EXPECT_EQ(find_header(answer.headers, "command-id"), id_of(7));
  EXPECT_EQ(find_header(answer.headers, "company"), "ACME");
  EXPECT_EQ(find_header(answer.headers, "source-offset"), "12");
  EXPECT_EQ(find_header(answer.headers, "correlation-id"), "");
  EXPECT_FALSE(answer.value);
}

TEST(GivenCorrelationId, WhenAnsweredThenTheAnswerBearsItUnlessItIsTooLong) {
  const std::string json = mark_json("ACME", 7, "A");
  const SentRecord sent{"ACME", json, json_type};
  for (const std::size_t size : {1u, 256u, 257u}) {
    CommandRecord record = record_of(sent);
    const std::string id(size, 'x');
    record.correlation_id = id;
    const auto command = kafka::read_command(record, lane, lanes);
    ASSERT_TRUE(command);
    const PublicRecord answer = answer_record(*command, {.status = Reply::Status::conflict, .seq = 3}, 12);
    EXPECT_EQ(find_header(answer.headers, "correlation-id"), size > 256 ? "" : id);
  }
}

}  // namespace
}  // namespace o2c::test
