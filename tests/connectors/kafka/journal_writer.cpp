// A process that appends to lane 0 of a topic until its standard input ends, for tests that stop, freeze or kill it. What it sends and is told
// it says in lines on standard output, each with one write, so that what was said survives it:
//   opened SEQ EPOCH | refused MESSAGE | sent FIRST COUNT | durable FIRST COUNT | fenced FIRST COUNT | unknown FIRST COUNT | gone
//
//   o2c_kafka_journal_writer SERVERS TOPIC PLACES WRITER TURN
//
// TURN is a file that says whose turn it is: who is not named there opens nothing. Empty: it is named always, and goes away once it is fenced.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <fstream>

#include "connectors/kafka/journal/kafka_journal.hpp"
#include "tests/support/journal_load.hpp"

namespace o2c::test {
namespace {

void say(const std::string& line) {
  const std::string text = line + '\n';
  if (::write(STDOUT_FILENO, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::_Exit(1);
}

class Lines final : public LoadListener {
 public:
  void opened(const Tip& tip) override { say(fmt::format("opened {} {}", tip.seq, tip.epoch)); }
  void refused(const Error& error) override { say("refused " + error.message); }
  void sent(const SentEntries& entries) override { tell("sent", entries); }
  void answered(const SentEntries& entries, AppendStatus status) override {
    constexpr const char* words[] = {"durable", "fenced", "unknown"};
    tell(words[static_cast<std::size_t>(status)], entries);
  }

 private:
  static void tell(std::string_view word, const SentEntries& entries) {
    say(fmt::format("{} {} {}", word, entries.first, entries.count));
  }
};

bool is_turn_of(const std::string& writer, const std::string& file) {
  std::string name;
  std::ifstream in(file);
  return file.empty() || (std::getline(in, name) && name == writer);
}

int write_journal(char** arguments) {
  const std::string writer = arguments[4], turn = arguments[5];
  auto client = kafka::ClientConfig::from({{"bootstrap.servers", arguments[1]}, {"message.timeout.ms", "3000"}});
  if (!client) return 2;
  client->log_to([](int, std::string_view) {});
  auto journal = kafka::open_kafka_journal({.client = *client,
                                            .topic = arguments[2],
                                            .now = [] { return Instant{1'000}; },
                                            .named = [&](LaneId) { return is_turn_of(writer, turn); },
                                            .places = arguments[3]});
  if (!journal) {
    say("refused " + journal.error().message);
    return 6;
  }
  Lines lines;
  JournalLoad load(**journal, lines, {.writer = writer, .comes_back = !turn.empty()});
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (!load.gone() && ::poll(&input, 1, 20) == 0) continue;
  load.stop();
  if (load.gone()) say("gone");
  return 0;
}

}  // namespace
}  // namespace o2c::test

int main(int count, char** arguments) { return count == 6 ? o2c::test::write_journal(arguments) : 2; }
