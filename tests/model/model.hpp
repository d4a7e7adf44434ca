#pragma once
#include <string_view>

#include "tests/model/world.hpp"

namespace o2c::model {

/// One thing that happens. `who` is an engine or a request, `what` depends on the kind.
struct Action {
  enum class Kind : std::uint8_t {
    read,         // engine: the next record; an opening one reads to its own LaneOpened
    open,         // engine, offset: reads up to there and sends a LaneOpened
    arrive,       // engine, command: from a client
    decide_held,  // engine, command
    take_source,  // engine: the next source record
    ask,          // engine, command: what became of it?
    confirm,      // engine: sends a LaneConfirmed for a waiting question
    answer_tail,  // engine: only with the mistake tail_settles
    ask_group,    // engine: whether the lane is still its own
    land,         // request
    report,       // request: success with its offset
    // Faults.
    land_twice,    // request: lands, and another copy is still on the way
    report_odd,    // request, 0: success without offset, 1: with a duplicate's wrong offset
    report_fail,   // request: it may land nevertheless
    time_out,      // engine: nothing came in time
    crash,         // engine, 1: comes back with a checkpoint of its last place, 0: without one
    change_group,  // -, engines as bits
    cut,           // -, records that are left; every engine comes back with a checkpoint of its last place
  };
  Kind kind = Kind::read;
  std::uint8_t who = 0, what = 0;
};

/// The machine: which actions a state allows, and what they lead to. The engines run LaneWriter and the rule as they are.
/// threads  one.
class Model {
 public:
  /// promise  the only one to be checked, as "P2"; all when empty.
  Model(const Bounds& bounds, std::string_view promise) : bounds_(bounds), promise_(promise) {}

  void actions(const World& world, std::vector<Action>& out) const;
  /// Does it, then checks every promise.
  /// returns  the promise that is broken and how; empty when all hold.
  std::string step(World& world, const Action& action);
  /// From here on without faults: whether the one engine that the group names gets the lane and an entry accepted in bounded time (P6).
  std::string check_progress(World world, std::uint8_t named);
  std::string describe(const World& before, const Action& action) const;
  std::string describe(const World& world) const;

  const Bounds& bounds() const { return bounds_; }
  const Entries& entries() const { return entries_; }

 private:
  using Phase = LaneWriter::Phase;

  // actions
  bool reads_alone(const World& world, const Engine& engine) const;
  void engine_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const;
  void command_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const;
  void request_actions(const World& world, std::uint8_t who, std::vector<Action>& out) const;
  bool can_write(const World& world, const Engine& engine) const;
  // steps
  void apply(World& world, const Action& action);
  void fault(World& world, const Action& action);
  void read(World& world, std::uint8_t who);
  void open(World& world, std::uint8_t who, std::int64_t until);
  void send(World& world, std::uint8_t who, CommandId command);
  void arrive(World& world, std::uint8_t who, CommandId command);
  void ask(World& world, std::uint8_t who, CommandId command);
  void crash(World& world, std::uint8_t who, bool checkpoint);
  void land(World& world, std::uint8_t request, bool again);
  void report(World& world, std::uint8_t request, const Delivery& delivery);
  // what an engine does after each input of its writer
  template <class Input> void tell(World& world, std::uint8_t who, const Input& input);
  void settle(World& world, std::uint8_t who, const LaneWriter::Overlay& overlay);
  void opened(World& world, Engine& engine);
  void resume(const World& world, Engine& engine);
  void acknowledge(World& world, CommandId command, EntryId entry);
  void conclude(World& world, std::uint8_t who);
  void forget_void_requests(World& world) const;
  // promises
  void broken(std::string_view how);
  void check(const World& world);
  void check_counted(const World& world, const std::vector<EntryId>& counted);
  void check_engine(const World& world, const Engine& engine, const std::vector<EntryId>& tip_before);
  bool progress_round(World& world, std::uint8_t named, EntryId& awaited);
  void land_and_report(World& world, std::uint8_t who);

  EntryId tip(const Engine& engine) const { return Entries::id_of(engine.writer.place().tip.hash); }
  const Fold& fold(const Engine& engine) const { return entries_.fold(tip(engine)); }
  bool in_chain(EntryId tip, EntryId entry) const;
  bool in_overlay(const Engine& engine, CommandId command) const;

  Bounds bounds_;
  Entries entries_;
  std::string_view promise_;
  std::string broken_;
};

}  // namespace o2c::model
