#include "connectors/kafka/public/state.hpp"

#include <gtest/gtest.h>

#include <map>

#include "connectors/kafka/public/events.hpp"
#include "connectors/kafka/public/resume.hpp"
#include "tests/connectors/kafka_public/frames.hpp"
#include "tests/projections/sales/random_trade.hpp"

namespace o2c::test {
namespace {

using kafka::PublicRecord;
using kafka::StateRecords;
using Table = std::map<std::string, std::string>;  // row by key, without what it knows

std::string without_knowledge(const std::string& row) { return std::string(kafka::row_content(row)) + "}"; }

/// What a reader of the compacted topics has, and that each record was needed.
struct Tables {
  Table order_status, open_items, aging;

  void take(const StateRecords& records) {
    take(records.order_status, order_status);
    take(records.open_items, open_items);
    take(records.aging, aging);
  }

 private:
  static void take(const std::vector<PublicRecord>& records, Table& table) {
    for (const PublicRecord& record : records) {
      if (!record.value) {
        EXPECT_EQ(table.erase(record.key), 1U) << "a tombstone for what was never there: " << record.key;
        continue;
      }
      const std::string row = without_knowledge(*record.value);
      EXPECT_NE(table[record.key], row) << "nothing new: " << record.key;
      table[record.key] = row;
    }
  }
};

std::string quoted(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) ? cell_text(cell) : "\"" + cell_text(cell) + "\"";
}
/// The row of a report, as the topic should say it.
std::string as_json(const Report& report, const std::vector<Cell>& row, const std::string& head) {
  std::string text = "{" + head;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!cell_text(row[i]).empty()) text += ",\"" + report.columns[i].name + "\":" + quoted(row[i]);
  }
  return text + "}";
}

/// What the read models answer at a view.
Tables answers(const CompanyModels& models, const View& view) {
  Tables tables;
  const std::string head = R"("company":"ACME")";
  const Report orders = models.sales.orders(view, models.receivables);
  for (const auto& row : orders.rows) tables.order_status["ACME/" + cell_text(row[0])] = as_json(orders, row, head);
  const Report aging = models.receivables.aging(view, Group::by(Dimension::customer));
  for (const auto& row : aging.rows) {
    tables.aging["ACME/" + cell_text(row[0]) + "/" + cell_text(row[1])] =
        as_json(aging, row, head + ",\"as_of\":\"" + format_date(view.as_of) + "\"");
  }
  return tables;
}

/// Every open instalment stands in its document's row, and the rows' open amounts sum to the report's.
void expect_items(const Table& table, const Report& items) {
  std::map<std::string, std::int64_t> open;
  std::map<std::string, int> digits;
  const auto cell = [&](const std::vector<Cell>& row, std::string_view name) -> const Cell& {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (items.columns[i].name == name) return row[i];
    }
    throw std::runtime_error("no such column");
  };
  for (const auto& row : items.rows) {
    const std::string key = "ACME/" + cell_text(cell(row, "kind")) + "/" + cell_text(cell(row, "document"));
    ASSERT_TRUE(table.contains(key)) << key;
    open[key] += std::get<Decimal>(cell(row, "open")).value;
    digits[key] = std::get<Decimal>(cell(row, "open")).decimals;
    if (cell_text(cell(row, "kind")) != "invoice") continue;
    const std::string part = fmt::format(R"({{"instalment":{},"due_date":"{}","amount":"{}","open":"{}"}})",
                                         cell_text(cell(row, "instalment")), cell_text(cell(row, "due_date")),
                                         cell_text(cell(row, "amount")), cell_text(cell(row, "open")));
    EXPECT_NE(table.at(key).find(part), std::string::npos) << part << " is not in " << table.at(key);
  }
  EXPECT_EQ(open.size(), table.size());
  for (const auto& [key, amount] : open)
    EXPECT_NE(table.at(key).find(fmt::format(R"(,"open":"{}")", format_decimal(amount, digits[key]))),
              std::string::npos)
        << key;
}

/// One lane, followed entry by entry.
class Lane {
 public:
  const StateRecords& add(const EntrySpec& spec) {
    const FrameView frame = frames_.add(spec);
    entries_.push_back(frame);
    models_.fold(frame);
    day_ = *days_.pass(frame);
    sequence_ += kafka::event_count(frame);
    last_ = kafka::state_records(frame, models_, day_, sequence_);
    history_.push_back({frame, day_, sequence_, last_});
    return last_;
  }
  /// What was accepted since the last call; an entry without events when nothing was.
  const StateRecords& add(const Books& books) {
    EntrySpec spec{.business_date = format_date(books.today())};
    if (seen_ < books.entries().size()) {
      for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(books.entries()[seen_++].data())->events())
        spec.events.push_back(event_json(*event));
    }
    return add(spec);
  }
  bool has_more(const Books& books) const { return seen_ < books.entries().size(); }
  const ReadModels& models() const { return models_; }
  View view() const { return {day_.now, entries_.size()}; }
  std::uint64_t sequence() const { return sequence_; }

  struct Moment {
    FrameView frame;
    kafka::BusinessDay day;
    std::uint64_t sequence;
    StateRecords records;
  };
  const std::vector<Moment>& history() const { return history_; }

 private:
  Frames frames_;
  ReadModels models_{1};
  kafka::BusinessDays days_;
  kafka::BusinessDay day_;
  std::uint64_t sequence_ = 0;
  std::size_t seen_ = 0;
  std::vector<FrameView> entries_;
  StateRecords last_;
  std::vector<Moment> history_;
};

void expect_answers(const Tables& tables, const Lane& lane) {
  const CompanyModels& models = *lane.models().company("ACME");
  const Tables expected = answers(models, lane.view());
  EXPECT_EQ(tables.order_status, expected.order_status);
  EXPECT_EQ(tables.aging, expected.aging);
  expect_items(tables.open_items, models.receivables.open_items(lane.view()));
  Tables snapshot;
  snapshot.take(kafka::state_snapshot("ACME", models, lane.view().as_of, lane.view().known, lane.sequence()));
  EXPECT_EQ(tables.open_items, snapshot.open_items);
}

class GivenRandomTrade : public testing::TestWithParam<std::uint32_t> {};

TEST_P(GivenRandomTrade, WhenFollowedThenTopicsSayWhatTheReadModelsAnswer) {
  RandomTrade trade(GetParam());
  Lane lane;
  Tables tables;
  while (lane.has_more(trade)) tables.take(lane.add(trade));
  for (int step = 0; step < 300; ++step) {
    trade.step();
    do tables.take(lane.add(trade));
    while (lane.has_more(trade));
    expect_answers(tables, lane);
    if (HasFailure()) FAIL() << "seed " << GetParam() << ", step " << step;
  }
  expect_answers(tables, lane);
  EXPECT_GT(tables.order_status.size(), 10U);
  // Models that are further on give the same rows: who publishes may lag behind.
  for (const Lane::Moment& moment : lane.history()) {
    const StateRecords again = kafka::state_records(moment.frame, lane.models(), moment.day, moment.sequence);
    ASSERT_EQ(again.order_status, moment.records.order_status);
    ASSERT_EQ(again.open_items, moment.records.open_items);
    ASSERT_EQ(again.aging, moment.records.aging);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, GivenRandomTrade, testing::Range(1U, 7U));

const PublicRecord* find(const std::vector<PublicRecord>& records, std::string_view key) {
  const auto at = std::find_if(records.begin(), records.end(), [key](const PublicRecord& r) { return r.key == key; });
  return at == records.end() ? nullptr : &*at;
}
/// Publishes all that the books hold; the records of the last entry.
const StateRecords& catch_up(Lane& lane, const Books& books) {
  for (;;) {
    const StateRecords& records = lane.add(books);
    if (!lane.has_more(books)) return records;
  }
}

TEST(GivenOrderBilled, WhenPaidThenGreenAndItsItemsAreGone) {
  TradingBooks books;
  books.given(order_of("O-1", {.lines = {{.quantity = "2", .price = "50"}}}), goods_out("O-1"),
              issue_invoice({.order = "O-1", .id = "I-1"}));
  Lane lane;
  const StateRecords& billed = catch_up(lane, books);
  ASSERT_NE(find(billed.open_items, "ACME/invoice/I-1"), nullptr);
  EXPECT_NE(find(billed.order_status, "ACME/O-1")->value->find(R"("light":"yellow","reason":"not_paid")"),
            std::string::npos);
  books.given(record_receipt({.amount = cny("113"), .to = {{.invoice = "I-1"}}, .id = "R-1"}));
  const StateRecords& paid = lane.add(books);
  ASSERT_EQ(paid.order_status.size(), 1U);  // no event names the order
  EXPECT_NE(paid.order_status[0].value->find(R"("light":"green","reason":"complete")"), std::string::npos)
      << *paid.order_status[0].value;
  ASSERT_EQ(paid.open_items.size(), 1U);  // the receipt came and went within the entry
  EXPECT_EQ(paid.open_items[0].key, "ACME/invoice/I-1");
  EXPECT_EQ(paid.open_items[0].value, std::nullopt);
  ASSERT_EQ(paid.aging.size(), 1U);
  EXPECT_EQ(paid.aging[0].key, "ACME/C-1/CNY");
  EXPECT_EQ(paid.aging[0].value, std::nullopt);
  EXPECT_EQ(*kafka::row_entry_seq(paid.aging[0].headers), lane.view().known);
  EXPECT_EQ(kafka::find_header(paid.aging[0].headers, "o2c_sequence"), fmt::to_string(lane.sequence()));
}

TEST(GivenOpenItems, WhenANewDayBeginsWithoutAnEventThenAgingIsToldAnew) {
  TradingBooks books;
  books.given(bill("I-1", cny("100"), "2026-01-05", "2026-01-10"));
  Lane lane;
  catch_up(lane, books);
  const StateRecords& same_day = lane.add({.business_date = "2026-01-05"});
  EXPECT_TRUE(same_day.aging.empty() && same_day.open_items.empty() && same_day.order_status.empty());
  const StateRecords& later = lane.add({.business_date = "2026-01-12"});
  ASSERT_EQ(later.aging.size(), 1U);
  EXPECT_NE(later.aging[0].value->find(
                R"("as_of":"2026-01-12","customer":"C-1","currency":"CNY","current":"0.00","d1_30":"100.00")"),
            std::string::npos)
      << *later.aging[0].value;
  EXPECT_TRUE(later.open_items.empty());  // the item itself is as it was
  const StateRecords& earlier = lane.add({.business_date = "2026-01-11"});
  EXPECT_TRUE(earlier.aging.empty()) << "a business day never goes back";
}

TEST(GivenOrderBilled, WhenInvoiceFallsDueThenOrderTurnsRedOnThatDay) {
  TradingBooks books;
  books.given(order_of("O-1", {.lines = {{.quantity = "2", .price = "50"}}}), goods_out("O-1"),
              issue_invoice({.order = "O-1", .id = "I-1"}));
  Lane lane;
  catch_up(lane, books);
  EXPECT_TRUE(lane.add({.business_date = "2026-02-04"}).order_status.empty());
  const StateRecords& overdue = lane.add({.business_date = "2026-02-05"});
  ASSERT_EQ(overdue.order_status.size(), 1U);
  EXPECT_NE(overdue.order_status[0].value->find(R"("light":"red","reason":"overdue")"), std::string::npos);
}

TEST(GivenTwoCompaniesInOneLane, WhenOneTradesThenOnlyItsRowsAreTold) {
  TradingBooks books;
  books.given(bill("I-1", cny("100"), "2026-01-05"));
  Lane lane;
  for (const std::string company : {"A", "A/B"}) {
    for (const auto& entry : books.entries()) {
      EntrySpec spec{.company = company};
      for (const fb::Event* event : *flatbuffers::GetRoot<fb::Entry>(entry.data())->events())
        spec.events.push_back(event_json(*event));
      for (const PublicRecord& record : lane.add(spec).open_items)
        EXPECT_EQ(record.key, company == "A" ? "A/invoice/I-1" : "A%2FB/invoice/I-1");
    }
  }
  const StateRecords& next_day = lane.add({.company = "A", .business_date = "2026-01-06"});
  ASSERT_EQ(next_day.aging.size(), 1U);
  EXPECT_EQ(next_day.aging[0].key, "A/C-1/CNY");
}

TEST(GivenReceipt, WhenOpenThenItsBankReferenceIsNotTold) {
  Lane lane;
  TradingBooks books;
  books.given(record_receipt({.amount = cny("50"), .mode = fb::AllocationMode::none, .id = "R-1"}));
  const PublicRecord* row = find(catch_up(lane, books).open_items, "ACME/receipt/R-1");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(
      without_knowledge(*row->value),
      R"({"company":"ACME","kind":"receipt","document":"R-1","customer":"C-1","currency":"CNY","date":"2026-01-05","open":"-50.00"})");
}

TEST(GivenRowOfTwoEntries, WhenOnlyTheirKnowledgeDiffersThenTheirContentIsTheSame) {
  EXPECT_EQ(kafka::row_content(R"({"order":"A","note":",\"entry_seq\":\"","entry_seq":"7","sequence":"9"})"),
            kafka::row_content(R"({"order":"A","note":",\"entry_seq\":\"","entry_seq":"12","sequence":"20"})"));
  EXPECT_NE(kafka::row_content(R"({"order":"A","entry_seq":"7","sequence":"9"})"),
            kafka::row_content(R"({"order":"B","entry_seq":"7","sequence":"9"})"));
}

TEST(GivenTombstone, WhenMadeToRepairThenItKnowsItsEntryAndHasNoRow) {
  const PublicRecord tombstone = kafka::state_tombstone("A/invoice/I-1", 12, 20);
  EXPECT_FALSE(tombstone.value);
  EXPECT_EQ(*kafka::row_entry_seq(tombstone.headers), 12U);
  EXPECT_EQ(kafka::find_header(tombstone.headers, "o2c_sequence"), "20");
}

TEST(GivenCompanyOfWhichNothingWasAccepted, WhenRefusedThenNoRows) {
  Lane lane;
  const StateRecords& records = lane.add({.company = "NOBODY"});
  EXPECT_TRUE(records.order_status.empty() && records.open_items.empty() && records.aging.empty());
}

}  // namespace
}  // namespace o2c::test
