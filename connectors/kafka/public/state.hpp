#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "connectors/kafka/public/business_days.hpp"
#include "connectors/kafka/public/record.hpp"
#include "projections/runtime/read_models.hpp"

namespace o2c::kafka {

/// Records for the compacted topics: a row in JSON under its key, or a tombstone when nothing is left to say. Rows stand for today (the
/// company's business date) by posting dates; amounts are decimal texts of the row's currency.
///
/// order_status  company/order: the order board's row (light, status, reason, progress, amounts, dates). Orders never go away.
/// open_items    company/invoice|receipt/id: what is open of the document, in all and by instalment; gone when nothing is.
/// aging         company/customer/currency: the buckets as of the day that the row names; gone when nothing is open.
///
/// Every row says, and the headers of every record say (a tombstone has no row), what it knows: `entry_seq`, the lane's entry, and `sequence`,
/// the last event of o2c.events.v1 up to that entry. Of two records of one key the one with the higher entry_seq counts.
struct StateRecords {
  std::vector<PublicRecord> order_status, open_items, aging;  // by key
};

/// What an entry changed: rows that read differently with it than without it.
///
/// models    have folded the entry; they may be further on, which changes no answer.
/// day       what BusinessDays said of the entry.
/// sequence  of the last event up to and with this entry.
/// cost      the documents that the entry names and the open items of its customers; on the first entry of a new business day everything
///           of the company, since lights, what is overdue and what counts by date change without an event.
/// threads   pure; the models stand still.
StateRecords state_records(const FrameView& entry, const ReadModels& models, const BusinessDay& day,
                           std::uint64_t sequence);

/// Every row of a company as entry `entry_seq` leaves it: what the topics of a company begin with, or are repaired with.
StateRecords state_snapshot(std::string_view company, const CompanyModels& models, Date today, std::uint64_t entry_seq,
                            std::uint64_t sequence);

/// Says that a row is gone, as entry `entry_seq` leaves things.
PublicRecord state_tombstone(const std::string& key, std::uint64_t entry_seq, std::uint64_t sequence);

/// A row without what it knows: rows with equal content say the same of the books, whichever entry they were made from.
/// value  of a record that state_records or state_snapshot made; anything else is its own content.
std::string_view row_content(std::string_view value);

}  // namespace o2c::kafka
