#include "tests/model/mistakes.hpp"

namespace o2c::model {
namespace {

constexpr Mistake all[] = {
    // The rule.
    {"predecessor_not_checked",
     "P4",
     "the rule looks at epoch and seq only, not at prev_hash",
     {.openings = 2, .faults = 0, .cuts = 1}},
    {"epoch_not_checked",
     "P2",
     "an entry of an old epoch counts, and a deposed writer reads on and decides on the new tip",
     {.commands = 1, .faults = 1, .questions = true}},
    {"open_id_repeated", "P2", "all attempts on one tip are equal bytes", {.questions = true}},
    {"resumes_behind_tip",
     "P3",
     "reading is taken up behind the stored offset, without looking at the record there",
     {.entries = 3, .openings = 2, .faults = 0, .cuts = 1}},
    // Taking over.
    {"opening_not_read_back", "P1", "a success of the LaneOpened is taken for the lane", {.void_reports = true}},
    {"opened_by_next_offset",
     "P1",
     "a LaneOpened at exactly the next offset is taken for the lane",
     {.void_reports = true}},
    {"opened_by_epoch",
     "P2",
     "the own LaneOpened is known by its epoch, not by its open id",
     {.faults = 0, .questions = true}},
    {"old_epoch_after_restart", "P2", "a process that comes back goes on in its old epoch", {.questions = true}},
    {"ignored_opening_unnoticed", "P6", "a LaneOpened that was ignored does not make the owner ask the group", {}},
    {"opens_unasked", "P6", "a deposed writer opens again without asking the group", {}},
    // Deciding.
    {"overlay_answers_repeats", "P1", "a repeat is answered from an entry that is not accepted", {}},
    {"source_not_sought",
     "P5",
     "a dropped overlay does not move the source consumer back",
     {.commands = 1, .source_records = 2, .faults = 1}},
    {"source_sought_too_far_back",
     "P5",
     "a new owner takes the source from the beginning",
     {.commands = 1, .source_records = 2, .faults = 1}},
    // Acknowledging.
    {"offset_not_checked", "P1", "a success is accepted at whatever offset", {}},
    {"offset_alone_accepted",
     "P1",
     "a success at exactly the next offset is accepted out of chain order, without the rule",
     {}},
    {"serves_in_old_epoch", "P1", "a writer that reads another's LaneOpened goes on in its own epoch", {}},
    {"old_reports_taken",
     "P1",
     "a report of an earlier tenure counts for an entry of this one",
     {.void_reports = true}},
    // Unknown outcomes and negative answers.
    {"tail_settles",
     "P2",
     "after an unknown outcome the end of the log is taken for an answer",
     {.faults = 1, .questions = true}},
    {"held_decided_after_other_owner",
     "P2",
     "commands held over another owner's tenure are decided",
     {.commands = 1, .faults = 1, .questions = true}},
    {"strong_read_without_entry",
     "P7",
     "a strong read is answered without an own entry sent after it",
     {.faults = 0, .questions = true}},
};

}  // namespace

std::span<const Mistake> mistakes() { return all; }

}  // namespace o2c::model
