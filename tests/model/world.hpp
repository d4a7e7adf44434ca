#pragma once
#include <string>
#include <vector>

#include "engine/journal/lane_writer.hpp"
#include "tests/model/entries.hpp"

namespace o2c::model {

/// How far the check looks. Faults: each kind at most so often in one run, and all together at most `faults`.
struct Bounds {
  std::uint8_t writers = 2;
  std::uint8_t entries = 5;                       // written by all writers together, LaneOpened included
  std::uint8_t openings = 3;                      // of them
  std::uint8_t commands = 2, source_records = 0;  // at most first_of_source, 2
  std::uint8_t faults = 2;
  std::uint8_t cuts = 0;       // truncations of the log
  bool questions = false;      // a client asks for the fate of a command
  bool group_changes = false;  // the group names another set of engines; a fault
  bool void_reports = false;   // reports come also when they must change nothing
};

/// A produce request: on the way, landed or both.
struct Request {
  enum class Report : std::uint8_t { pending, landed, done };
  EntryId entry = 0;
  std::uint8_t writer = 0, tenure = 0;
  std::uint8_t in_batch = 0;  // place in the chain of what was on the way when it was sent
  std::uint8_t copies = 1;    // that may still land
  Report report = Report::pending;
  std::uint8_t offset = 0;  // of the first copy that landed
  auto operator<=>(const Request&) const = default;
};

/// One engine: a writer and what an engine keeps around it.
struct Engine {
  LaneWriter writer{Place{}};
  std::uint8_t held = 0;    // commands that wait for a decision after a lost tenure, as bits
  std::uint8_t source = 0;  // offset of the record that the source consumer takes next
};

/// "What became of this command?", asked of one engine. Also a strong read of everything.
struct Question {
  static constexpr std::uint8_t not_asked = 0xFF, over = 0xFE;
  std::uint8_t engine = not_asked;
  CommandId command = 0;
  EntryId barrier = 0;            // own entry sent after the question; 0 while there is none
  std::uint8_t acknowledged = 0;  // before the question, as bits
};

/// How many of a bounded world's lists: they are numbered by a byte.
template <class List> std::uint8_t count_of(const List& list) { return static_cast<std::uint8_t>(list.size()); }

/// One state of everything. A value.
struct World {
  std::vector<EntryId> log;
  std::vector<Request> requests;
  std::vector<Engine> engines;
  EntryId acknowledged[first_of_source] = {0, 0};  // by client command: the entry that it was answered with; 0 for none
  Question question;
  std::uint8_t seen = 0, denied = 0;  // client commands that arrived; that were answered "not executed"; as bits
  std::uint8_t group = 0;             // engines that the group names, as bits
  std::uint8_t written = 0, openings = 0;
  std::uint8_t faults = 0, cuts = 0;
};

World first_world(const Bounds& bounds);
/// Short and unique: requests in one order, hashes as the numbers of their entries.
std::string pack(const World& world);
World unpack(const std::string& bytes, const Entries& entries, const Bounds& bounds);

}  // namespace o2c::model
