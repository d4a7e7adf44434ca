// What must hold in every state.
#include <algorithm>

#include "tests/model/model.hpp"

namespace o2c::model {

/// Any reader from offset 0 sees `counted`; every engine, whatever checkpoint it came from, must stand on the same.
void Model::check(const World& world) {
  Tip tip = entries_.tip(0);
  std::vector<EntryId> counted, tip_before{0};
  for (const EntryId id : world.log) {
    const Judgement verdict = judge(tip, entries_.head(id));
    if (verdict == Judgement::counts) counted.push_back(id);
    if (verdict == Judgement::alarm && world.cuts == 0) broken("P6: a reader's alarm in a log that lost nothing");
    tip_before.push_back(Entries::id_of(tip.hash));
  }
  check_counted(world, counted);
  for (const Engine& engine : world.engines) check_engine(world, engine, tip_before);
}

void Model::check_counted(const World& world, const std::vector<EntryId>& counted) {
  EntryId before = 0;
  std::uint8_t seen = 0, source_next = 0;
  for (const EntryId id : counted) {
    const Entry& entry = entries_[id];
    if (entry.previous != before) broken("P4: an entry counts that was decided on other entries than those before it");
    before = id;
    if (entry.command == no_command) continue;
    if (entry.command < first_of_source) {
      if ((seen >> entry.command & 1) != 0) broken("P1: a command has two entries that count");
      seen = static_cast<std::uint8_t>(seen | 1 << entry.command);
      continue;
    }
    if (entry.command - first_of_source != source_next)
      broken("P5: source records count out of order, twice or not at all");
    source_next = static_cast<std::uint8_t>(entry.command - first_of_source + 1);
  }
  if ((seen & world.denied) != 0) broken("P2: a command counts after \"not executed\"");
  for (const EntryId id : world.acknowledged) {
    if (id != 0 && std::ranges::count(counted, id) != 1) broken("P1: an acknowledged entry does not count");
  }
}

void Model::check_engine(const World& world, const Engine& engine, const std::vector<EntryId>& tip_before) {
  const LaneWriter& writer = engine.writer;
  if (writer.phase() == Phase::lost) {
    if (world.cuts == 0) broken("P6: an engine's alarm in a log that lost nothing");
    return;
  }
  if (!writer.state().log.resumed()) return;  // it has not looked at the log yet
  const auto next = static_cast<std::size_t>(writer.state().log.next());
  if (world.cuts > 0 && next > world.log.size()) return;  // its next read finds the log's end before it
  if (next >= tip_before.size() || tip_before[next] != tip(engine))
    broken("P3: an engine's entries are not those of a reader from offset 0");
}

}  // namespace o2c::model
