#include "tests/connectors/kafka_publisher/published.hpp"

#include <simdjson.h>

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/state.hpp"

namespace o2c::test {

using kafka::PublicRecord;
using kafka::TopicKind;

namespace {

/// "-12.50" to -1250: all amounts of the histories have two decimals.
/// Sums of many amounts may be wider than one.
Int128 minor_of(std::string_view text) {
  Int128 value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') value = value * 10 + (c - '0');
  }
  return text.starts_with('-') ? -value : value;
}

/// Company and currency to the sum of a member of the rows.
using Sums = std::map<std::pair<std::string, std::string>, Int128>;
void add_up(const std::map<std::string, std::string>& rows, std::string_view member, Sums& sums) {
  simdjson::dom::parser parser;
  for (const auto& [key, row] : rows) {
    const simdjson::dom::element json = parser.parse(row);
    const auto text = [&](std::string_view name) { return std::string(std::string_view(json[name])); };
    sums[{text("company"), text("currency")}] += minor_of(text(member));
  }
}

std::map<std::string, std::string> contents(const std::map<std::string, std::string>& rows) {
  std::map<std::string, std::string> out;
  for (const auto& [key, row] : rows) out[key] = kafka::row_content(row);
  return out;
}

kafka::BusinessDays days_of(Journal& journal) {
  kafka::BusinessDays days;
  for (LaneId lane = 0; lane < journal.lanes(); ++lane) {
    const auto read = journal.read(lane, 1, [&](const FrameView& entry) {
      std::ignore = days.pass(entry);
      return true;
    });
    EXPECT_TRUE(read);
  }
  return days;
}

}  // namespace

PublicTopics::PublicTopics() : plan_{.prefix = TestBroker::random_prefix(), .lanes = LivingBooks::lanes} {
  const auto created = kafka::create_topics(*TestBroker::admin(), plan_);
  EXPECT_TRUE(created) << created.error().message;
}

std::size_t PublicTopics::expect_events(Journal& journal) const {
  std::size_t repeats = 0;
  for (LaneId lane = 0; lane < plan_.lanes; ++lane) {
    std::vector<PublicRecord> all;
    const auto read = journal.read(lane, 1, [&](const FrameView& entry) {
      auto records = kafka::events_records(entry, all.size() + 1);
      std::move(records->begin(), records->end(), std::back_inserter(all));
      return true;
    });
    EXPECT_TRUE(read);
    const Taken binary = take_once(this->read(TopicKind::events, lane)),
                json = take_once(this->read(TopicKind::events_json, lane));
    EXPECT_GT(all.size(), 0u);
    EXPECT_EQ(binary.events.size(), all.size());
    EXPECT_TRUE(binary.events == all) << "lane " << lane;
    EXPECT_TRUE(json.events == kafka::events_json_records(all)) << "lane " << lane;
    repeats += binary.repeats + json.repeats;
  }
  return repeats;
}

void PublicTopics::expect_rows(LivingBooks& books) const {
  std::map<std::string, std::string> orders, items, aging;
  const kafka::BusinessDays days = days_of(books.journal());
  books.with_models([&](const ReadModels& models) {
    for (const auto& [company, of] : models.companies()) {
      auto rows = kafka::state_snapshot(company, of, days.today().at(company), models.position(of.lane), 0);
      orders.merge(last_rows(rows.order_status)), items.merge(last_rows(rows.open_items)),
          aging.merge(last_rows(rows.aging));
    }
  });
  EXPECT_GT(orders.size(), 0u);
  EXPECT_GT(items.size(), 0u);
  for (const auto& [kind, expected] :
       {std::pair{TopicKind::order_status, &orders}, {TopicKind::open_items, &items}, {TopicKind::aging, &aging}}) {
    std::map<std::string, std::string> rows;
    for (LaneId lane = 0; lane < plan_.lanes; ++lane) rows.merge(last_rows(read(kind, lane)));
    EXPECT_EQ(contents(rows), contents(*expected)) << name(kind);
  }
}

void PublicTopics::expect_sums(LivingBooks& books) const {
  Sums reported, aging, items;
  std::vector<Sums::key_type> too_large;  // the report says so instead of a sum
  const kafka::BusinessDays days = days_of(books.journal());
  books.with_models([&](const ReadModels& models) {
    for (const auto& [company, of] : models.companies()) {
      const Report report = of.receivables.aging(View{days.today().at(company)}, Group{});
      const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find_if(report.columns.begin(), report.columns.end(),
                                                     [&](const Column& each) { return each.name == name; }) -
                                        report.columns.begin());
      };
      for (const auto& row : report.rows) {
        const Sums::key_type key{company, cell_text(row[column("currency")])};
        reported[key] = minor_of(cell_text(row[column("balance")]));
        if (std::holds_alternative<TooLarge>(row[column("balance")])) too_large.push_back(key);
      }
    }
  });
  for (LaneId lane = 0; lane < plan_.lanes; ++lane) {
    add_up(last_rows(read(TopicKind::aging, lane)), "balance", aging);
    add_up(last_rows(read(TopicKind::open_items, lane)), "open", items);
  }
  for (const Sums::key_type& key : too_large) {
    EXPECT_FALSE(narrow(aging[key])) << "it fits into 64 bits";
    reported[key] = aging[key];
  }
  EXPECT_GT(reported.size(), 0u);
  EXPECT_EQ(aging, reported);
  EXPECT_EQ(items, reported);
}

void take_all(kafka::Publisher& publisher) {
  for (LaneId lane = 0; lane < LivingBooks::lanes; ++lane) publisher.take(lane);
}

bool published(kafka::Publisher& publisher, Journal& journal, std::chrono::milliseconds patience) {
  const auto done = [&] {
    const auto lanes = publisher.status();
    return std::all_of(lanes.begin(), lanes.end(), [&](const kafka::PublishedLane& lane) {
      return lane.phase == kafka::PublishedLane::Phase::live && lane.published == journal.tip(lane.lane)->seq;
    });
  };
  if (eventually(done, patience)) return true;
  for (const auto& lane : publisher.status())
    ADD_FAILURE() << fmt::format("lane {} {}: published {} of {}, {} wait, {} failures: {}", lane.lane,
                                 name_of(lane.phase), lane.published, lane.durable, lane.records_waiting, lane.failures,
                                 lane.error);
  return false;
}

}  // namespace o2c::test
