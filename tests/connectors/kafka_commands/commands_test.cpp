// Commands from a topic of the real broker, and their answers.
#include <gtest/gtest.h>

#include <simdjson.h>

#include <ranges>

#include "connectors/kafka/commands/forwarder.hpp"
#include "events/base/flat.hpp"
#include "tests/connectors/kafka_commands/oracle.hpp"
#include "tests/support/temporary_directory.hpp"

namespace o2c::test {
namespace {

using namespace std::chrono_literals;
using kafka::find_header;
using kafka::PublicRecord;
using kafka::TopicKind;

std::string company_in(LaneId lane) {
  std::string name = "company";
  while (lane_of(name, lanes) != lane) name += '-';
  return name;
}

struct GivenEngine : testing::Test {
  GivenEngine() { serve("a"); }
  /// Another engine, with nothing but its own directory.
  void serve(const std::string& directory) {
    engine.reset();
    engine = std::make_unique<ServingEngine>(topics, folder.path() / directory);
  }
  void send(const std::string& json, bool counts = true) {
    topics.send_json("ACME", json);
    if (counts) ids.insert(id_of(next));
    ++next;
  }
  void open() { send(open_json("ACME", next)); }
  void mark() { send(mark_json("ACME", next, "mark " + std::to_string(next))); }
  void expect_all() {
    topics.sync();
    ASSERT_TRUE(eventually([&] { return all_answered(topics, ids); }, 60s)) << engine->status()[lane].error;
    expect_once(topics, ids);
  }
  std::vector<PublicRecord> answers_to(std::uint64_t id) { return topics.answers()[id_of(id)]; }
  bool answered_times(std::uint64_t id, std::size_t times) {
    return eventually([&] { return answers_to(id).size() >= times; });
  }

  const LaneId lane = lane_of("ACME", lanes);
  TemporaryDirectory folder;
  CommandTopics topics;
  std::unique_ptr<ServingEngine> engine;
  std::uint64_t next = 1;
  std::set<std::string> ids;
};

TEST_F(GivenEngine, WhenCommandsComeInBothFormsThenEachIsAnsweredInItsOwn) {
  open();
  topics.send(lane, {"ACME", binary_of(mark_json("ACME", next, "board pack")), binary_type});
  ids.insert(id_of(next++));
  send(mark_json("ACME", next, "board pack"));  // there is one of that name
  expect_all();

  const PublicRecord first = answers_to(1).at(0), second = answers_to(2).at(0), third = answers_to(3).at(0);
  EXPECT_EQ(find_header(first.headers, "content-type"), json_type);
  EXPECT_EQ(find_header(first.headers, "command-id"), id_of(1));
  EXPECT_EQ(find_header(first.headers, "company"), "ACME");
  EXPECT_EQ(find_header(first.headers, "status"), "accepted");
  EXPECT_EQ(find_header(first.headers, "source-offset"), "0");
  EXPECT_EQ(find_header(first.headers, "repeat"), "");
  simdjson::dom::parser parser;
  const simdjson::padded_string json(first.value.value());
  const auto document = parser.parse(json);
  EXPECT_EQ(std::string_view(document["outcome"]), "accepted");
  EXPECT_EQ(std::string_view(document["seq"]), find_header(first.headers, "entry-seq"));
  EXPECT_NE(document["events"].error(), simdjson::SUCCESS) << "events are for their own topic";

  EXPECT_EQ(find_header(second.headers, "content-type"), binary_type);
  const std::string& bytes = second.value.value();
  std::vector<std::uint64_t> aligned((bytes.size() + 7) / 8);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(aligned.data()), bytes.size());
  ASSERT_TRUE(verifier.VerifyBuffer<fb::Entry>(nullptr));
  const auto& entry = *flatbuffers::GetRoot<fb::Entry>(aligned.data());
  EXPECT_EQ(entry.outcome(), fb::Outcome::accepted);
  EXPECT_EQ(view(entry.source()->name()), topics.name(TopicKind::commands));
  EXPECT_EQ(entry.source()->offset(), 1);
  EXPECT_EQ(entry.events(), nullptr);

  EXPECT_EQ(find_header(third.headers, "status"), "refused");
  EXPECT_NE(third.value.value().find("mark_exists"), std::string::npos) << *third.value;
}

TEST_F(GivenEngine, WhenACommandComesAgainThenItsFirstAnswerAndWithOtherContentAConflict) {
  open();
  const std::string command = mark_json("ACME", 50, "A");
  for (int copy = 0; copy < 3; ++copy) topics.send_json("ACME", command);
  topics.send_json("ACME", mark_json("ACME", 50, "B"));
  topics.sync();
  ASSERT_TRUE(answered_times(50, 4));
  const auto answers = answers_to(50);
  for (std::size_t copy = 0; copy < 3; ++copy) {
    EXPECT_EQ(find_header(answers[copy].headers, "status"), "accepted");
    EXPECT_EQ(find_header(answers[copy].headers, "repeat"), copy == 0 ? "" : "true");
    EXPECT_EQ(find_header(answers[copy].headers, "source-offset"), std::to_string(copy + 1));
    EXPECT_EQ(answers[copy].value, answers[0].value);
  }
  EXPECT_EQ(find_header(answers[3].headers, "status"), "conflict");
  EXPECT_FALSE(answers[3].value);
  ids.insert(id_of(50));
  expect_once(topics, ids);
}

/// Collects replies by tag.
struct Replies final : ReplySink {
  void reply(std::uint64_t tag, const Reply& reply) override {
    const std::lock_guard lock(mutex);
    of[tag] = reply.status;
  }
  std::size_t count(Reply::Status status) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::ranges::count(of | std::views::values, status));
  }
  std::mutex mutex;
  std::map<std::uint64_t, Reply::Status> of;
};

TEST_F(GivenEngine, WhenTwoProcessesSendDifferentCommandsOfOneIdThenEachGetsTheAnswerToItsOwn) {
  open();
  expect_all();
  constexpr std::uint64_t pairs = 40;
  std::array<Replies, 2> replies;
  std::array<std::unique_ptr<kafka::Forwarder>, 2> forwarders;
  const auto send_by = [&](std::size_t i, std::uint64_t id) {
    const std::string bytes = binary_of(mark_json("ACME", id, fmt::format("{} of {}", id, i)));
    Request request = *own_command({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    request.sink = &replies[i], request.tag = id;
    forwarders[i]->submit(lane, {&request, 1});
  };
  const auto decided = [&](std::size_t i) { return replies[i].count(Reply::Status::decided); };
  const auto answered = [&](std::size_t i) { return decided(i) + replies[i].count(Reply::Status::conflict); };
  for (std::size_t i = 0; i < 2; ++i) {
    forwarders[i] = std::make_unique<kafka::Forwarder>(kafka::CommandsOptions{TestBroker::config(), topics.plan()});
    send_by(i, 50 + i);
    ASSERT_TRUE(eventually([&] { return decided(i) == 1; })) << "both are at work before they meet";
  }
  for (std::uint64_t id = 100; id < 100 + pairs; ++id) send_by(0, id), send_by(1, id);
  ASSERT_TRUE(eventually([&] { return answered(0) == pairs + 1 && answered(1) == pairs + 1; }));
  for (std::uint64_t id = 100; id < 100 + pairs; ++id)
    EXPECT_NE(replies[0].of[id], replies[1].of[id]) << "one was decided, the other is a conflict: id " << id;
}

TEST_F(GivenEngine, WhenRecordsAreNoCommandsThenTheyAreSetAsideAndTheLaneGoesOn) {
  open();
  const auto samples = poisons(company_in(1 - lane));
  for (const PoisonSample& poison : samples) {
    topics.send(lane, poison.record);
    mark();
  }
  topics.send(lane, samples[0].record);  // nothing comes behind it
  expect_all();
  std::vector<PublicRecord> letters;
  ASSERT_TRUE(eventually([&] {
    letters = topics.read(TopicKind::dlq_commands, lane);
    return letters.size() == samples.size() + 1;
  }));
  const std::string topic = topics.name(TopicKind::commands);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    SCOPED_TRACE(samples[i].name);
    const std::size_t offset = 1 + 2 * i;
    EXPECT_EQ(letters[i].key, fmt::format("{}/{}/{}", topic, lane, offset));
    EXPECT_EQ(find_header(letters[i].headers, "reason"), samples[i].reason);
    EXPECT_EQ(find_header(letters[i].headers, "topic"), topic);
    EXPECT_EQ(find_header(letters[i].headers, "partition"), std::to_string(lane));
    EXPECT_EQ(find_header(letters[i].headers, "offset"), std::to_string(offset));
    EXPECT_EQ(letters[i].value, samples[i].record.value);
  }
  const auto all = static_cast<std::int64_t>(2 + 2 * samples.size());
  EXPECT_TRUE(eventually([&] { return counted(topics).covered[lane] == all; })) << "an entry covers the last one";
  EXPECT_EQ(counted(topics).skipped, 1u);
  EXPECT_EQ(engine->status()[lane].dead_letters, samples.size() + 1);
}

TEST_F(GivenEngine, WhenAnotherEngineTakesTheLaneThenTheSourcePositionGoesWithIt) {
  open();
  for (int i = 0; i < 60; ++i) mark();
  topics.sync();
  ASSERT_TRUE(answered_times(20, 1));
  serve("b");
  for (int i = 0; i < 60; ++i) mark();
  expect_all();
  for (const auto& [id, answers] : topics.answers()) EXPECT_EQ(answers.size(), 1u) << "it knows what was answered";
}

TEST_F(GivenEngine, WhenNoAnswerIsLeftThenAllRecordsAreAnsweredAgainAndNoneIsExecutedAgain) {
  open();
  for (int i = 0; i < 30; ++i) mark();
  expect_all();
  const Counted before = counted(topics);
  engine.reset();
  ASSERT_TRUE(
      TestBroker::admin()->delete_records(topics.name(TopicKind::answers), static_cast<std::int32_t>(lane), -1));
  ASSERT_TRUE(topics.answers().empty());
  serve("a");
  expect_all();
  EXPECT_EQ(counted(topics).entry_of, before.entry_of);
  for (const auto& [id, answers] : topics.answers()) EXPECT_EQ(find_header(answers.at(0).headers, "repeat"), "true");
}

TEST_F(GivenEngine, WhenTheLaneIsTakenFromItAgainAndAgainThenEachRecordCountsOnce) {
  open();
  const auto rival = topics.journal();
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < 40; ++i) mark();
    ASSERT_TRUE(rival->open(lane));
  }
  expect_all();
  EXPECT_GT(engine->status()[lane].failures, 0u) << "no tenure was lost: the test proves nothing";
}

TEST_F(GivenEngine, WhenTheBrokerDiesThenTheRestIsTakenWhenItIsBack) {
  open();
  for (int i = 0; i < 20; ++i) mark();
  topics.sync();
  TestBroker::kill();
  for (int i = 0; i < 20; ++i) mark();
  TestBroker::start();
  expect_all();
}

TEST_F(GivenEngine, WhenRecordsWereDeletedBeforeTheyWereTakenThenItSaysSoAndGoesOn) {
  open();
  expect_all();
  engine.reset();
  for (int i = 0; i < 5; ++i) send(mark_json("ACME", next, "gone"), false);
  topics.sync();
  ASSERT_TRUE(
      TestBroker::admin()->delete_records(topics.name(TopicKind::commands), static_cast<std::int32_t>(lane), -1));
  serve("a");
  mark();
  expect_all();
  EXPECT_EQ(engine->status()[lane].lost, 5u);
}

}  // namespace
}  // namespace o2c::test
