#pragma once
#include <cstdint>
#include <optional>

#include "events/codec/reader_rule.hpp"

namespace o2c {

/// Where reading a lane's log can be taken up again: the last entry that counts and the offset of its record; -1 before the first.
struct Place {
  Tip tip;
  std::int64_t offset = -1;
  bool operator==(const Place&) const = default;
};

/// What one reader knows of a lane's log: the fate of every record below next(). A value; nothing is allocated.
///
/// Offsets ascend and may have holes. Reading begins at resume_offset(), which is the record of the tip itself and not the one behind it: if
/// the log was cut and has grown again, another record lies there.
/// threads  one at a time.
class LogPosition {
 public:
  explicit LogPosition(const Place& place);
  /// Another position, put together again from its parts.
  LogPosition(const Place& place, std::int64_t next, bool resumed) : place_(place), next_(next), resumed_(resumed) {}

  /// Judges the record at `offset`. Records come in log order, without one left out.
  /// returns  the verdict on a record that was not known, nothing for one that was. `alarm` is also the answer when the tip's record is
  ///          not where it was, or when a known record counts now that did not before: the log was cut.
  std::optional<Judgement> read(std::int64_t offset, const EntryHead& head);

  /// Takes an own entry whose report names `offset`: only at exactly the next offset, where nothing unknown can lie before it, and only
  /// if the rule counts it.
  /// returns  false, and nothing has changed, otherwise.
  bool accept(std::int64_t offset, const EntryHead& head);

  /// The next record to be read is the one at resume_offset().
  void read_again() { resumed_ = place_.offset < 0; }

  const Place& place() const { return place_; }
  std::int64_t next() const { return next_; }  // all below are known
  std::int64_t resume_offset() const { return place_.offset < 0 ? 0 : place_.offset; }
  bool resumed() const { return resumed_; }  // the tip's record was seen where it must be

  bool operator==(const LogPosition&) const = default;

 private:
  std::optional<Judgement> read_known(std::int64_t offset, const EntryHead& head);

  Place place_;
  std::int64_t next_;
  bool resumed_;
};

}  // namespace o2c
