// A process that publishes, for tests that end it at any moment.
//
//   o2c_publishing keep DIR SEED COMMANDS          makes books in DIR with so many commands
//   o2c_publishing publish DIR SERVERS PREFIX [QUEUE]   publishes them from a journal that nobody else has open; says "live" when all of it
//                                                  lies there, and stays until its input ends. QUEUE: records that may be on their way,
//                                                  to make it slow
#include <cstdio>
#include <iostream>
#include <thread>

#include "tests/connectors/kafka_publisher/living_books.hpp"

namespace o2c::test {
namespace {

int complain(const Error& error) {
  std::cerr << error.message << '\n';
  return 1;
}

int keep(const std::string& path, const std::string& seed, const std::string& commands) {
  LivingBooks(path, std::stoull(seed)).live(std::stoull(commands));
  return 0;
}

bool all_live(const std::vector<kafka::PublishedLane>& lanes, Journal& journal) {
  return std::all_of(lanes.begin(), lanes.end(), [&](const kafka::PublishedLane& lane) {
    return lane.phase == kafka::PublishedLane::Phase::live && lane.published == journal.tip(lane.lane)->seq;
  });
}

int publish(const std::string& path, kafka::ClientConfig::Settings settings, const std::string& prefix) {
  const auto journal = open_embedded_journal({.path = path, .create = false, .now = [] { return Instant{1}; }});
  if (!journal) return complain(journal.error());
  const auto config = kafka::ClientConfig::from(std::move(settings));
  if (!config) return complain(config.error());
  const kafka::TopicPlan plan{.prefix = prefix, .lanes = (*journal)->lanes()};
  auto admin = kafka::Admin::open(*config);
  if (!admin) return complain(admin.error());
  if (auto created = kafka::create_topics(**admin, plan); !created) return complain(created.error());
  Follower models(plan.lanes);
  if (auto folded = models.catch_up(**journal); !folded) return complain(folded.error());
  kafka::Publisher publisher({.client = *config, .topics = plan}, **journal, models);
  for (LaneId lane = 0; lane < plan.lanes; ++lane) publisher.take(lane);
  for (int checks = 0; !all_live(publisher.status(), **journal); ++checks) {
    if (checks > 6'000) return complain(invalid("not published within a minute: " + publisher.status().front().error));
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  std::cout << "live" << std::endl;
  while (std::cin.get() != EOF) {
  }
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 4 && arguments[0] == "keep") return keep(arguments[1], arguments[2], arguments[3]);
  if (arguments.size() < 4 || arguments[0] != "publish") return complain(invalid("see the head of the source"));
  kafka::ClientConfig::Settings settings{{"bootstrap.servers", arguments[2]}};
  if (arguments.size() > 4) settings.insert({{"queue.buffering.max.messages", arguments[4]}, {"linger.ms", "0"}});
  return publish(arguments[1], std::move(settings), arguments[3]);
}

}  // namespace
}  // namespace o2c::test

int main(int count, char** arguments) {
  return o2c::test::run(std::vector<std::string>(arguments + 1, arguments + count));
}
