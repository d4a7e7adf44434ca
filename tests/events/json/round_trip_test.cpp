#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <flatbuffers/reflection.h>

#include "events/json/json.hpp"
#include "tests/events/json/find_named.hpp"
#include "tests/events/json/sample.hpp"

namespace o2c {
namespace {

std::string print(const flatbuffers::DetachedBuffer& buffer, std::string_view table, Layout layout = Layout::line) {
  fmt::memory_buffer out;
  append_json(out, flatbuffers::GetRoot<flatbuffers::Table>(buffer.data()), table, layout);
  return fmt::to_string(out);
}

/// The library's own judgement of the buffer, by its own reading of the schema.
bool verifies(const flatbuffers::DetachedBuffer& buffer, std::string_view table) {
  const auto* object = find_named(*sample::schema().objects(), "o2c.fb." + std::string(table));
  return flatbuffers::Verify(sample::schema(), *object, buffer.data(), buffer.size());
}

void expect_round_trip(const sample::Sample& sample, std::string_view table) {
  SCOPED_TRACE(sample.name);
  const auto buffer = parse_table(sample.json, table);
  ASSERT_TRUE(buffer.has_value()) << buffer.error().message << "\n" << sample.json;
  EXPECT_EQ(buffer->size() % 8, 0U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer->data()) % 8, 0U);
  EXPECT_TRUE(verifies(*buffer, table));
  EXPECT_EQ(print(*buffer, table), sample.json);
  // Indented text is the same document.
  const auto again = parse_table(print(*buffer, table, Layout::indented), table);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(Bytes(again->data(), again->size()).size(), buffer->size());
  EXPECT_TRUE(
      std::equal(again->data(), again->data() + again->size(), buffer->data(), buffer->data() + buffer->size()));
}

TEST(GivenEveryTable, WhenReadAndWrittenThenSameText) {
  for (const std::string& table : sample::tables()) {
    for (const sample::Sample& sample : sample::samples(table)) expect_round_trip(sample, table);
  }
}

TEST(GivenEveryCommand, WhenReadThenItsVerifierAgrees) {
  const auto samples = sample::samples("Command");
  EXPECT_GE(samples.size(), static_cast<std::size_t>(fb::CommandBody::MAX));
  for (const sample::Sample& sample : samples) {
    const auto buffer = parse_table(sample.json, "o2c.fb.Command");
    ASSERT_TRUE(buffer.has_value()) << buffer.error().message;
    flatbuffers::Verifier verifier{buffer->data(), buffer->size()};
    ASSERT_TRUE(verifier.VerifyBuffer<fb::Command>(nullptr)) << sample.name;
    const auto* command = flatbuffers::GetRoot<fb::Command>(buffer->data());
    EXPECT_EQ(command_name(command->body_type()), sample.name.substr(0, sample.name.find('.')));
  }
}

TEST(GivenEveryEvent, WhenReadThenItsVerifierAgrees) {
  const auto samples = sample::samples("Event");
  EXPECT_GE(samples.size(), static_cast<std::size_t>(fb::EventBody::MAX));
  for (const sample::Sample& sample : samples) {
    const auto buffer = parse_table(sample.json, "o2c.fb.Event");
    ASSERT_TRUE(buffer.has_value()) << buffer.error().message;
    flatbuffers::Verifier verifier{buffer->data(), buffer->size()};
    ASSERT_TRUE(verifier.VerifyBuffer<fb::Event>(nullptr)) << sample.name;
    const auto* event = flatbuffers::GetRoot<fb::Event>(buffer->data());
    EXPECT_EQ(event_name(event->body_type()), sample.name.substr(0, sample.name.find('.')));
  }
}

TEST(GivenOnlyRequiredFields, WhenWrittenThenAbsentStaysAbsent) {
  const std::string text =
      R"({"company":"A","command_id":"000000000000000000000000000000ff","actor":"u","body":{"confirm_order":{"order":"SO-1"}}})";
  const auto buffer = parse_table(text, "Command");
  ASSERT_TRUE(buffer.has_value()) << buffer.error().message;
  EXPECT_EQ(print(*buffer, "Command"), text);
  const auto* command = flatbuffers::GetRoot<fb::Command>(buffer->data());
  EXPECT_EQ(command->issued_at(), nullptr);
  EXPECT_FALSE(command->expected_version().has_value());
  EXPECT_EQ(command->body_as_ConfirmOrder()->occurred_on(), nullptr);
}

TEST(GivenSeveralThreads, WhenEachReadsAndWritesThenSameText) {
  const auto samples = sample::samples("Command");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&samples, &wrong] {
      for (const sample::Sample& sample : samples) {
        const auto buffer = parse_table(sample.json, "Command");
        if (!buffer.has_value() || print(*buffer, "Command") != sample.json) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace o2c
