#pragma once
#include <array>
#include <map>

#include "engine/runtime/lane.hpp"
#include "tools/sim/own_ledger.hpp"
#include "tools/sim/own_orders.hpp"
#include "tools/sim/own_traffic.hpp"
#include "tools/sim/sim_clock.hpp"
#include "tools/sim/trace.hpp"

namespace o2c::sim {

/// What happened in a run or in many.
struct Counters {
  std::uint64_t entries = 0, accepted = 0, events = 0;
  std::map<fb::RefusalCode, std::uint64_t> refused;
  std::array<std::uint64_t, static_cast<std::size_t>(fb::EventBody::MAX) + 1> by_event{};
  std::map<std::string, std::uint64_t> faults;
  std::uint64_t lifecycles = 0, commands = 0, repeats = 0, conflicts = 0, too_old = 0, unknown = 0, full_checks = 0;
  std::uint64_t ignored = 0;  // records that do not count
  void add(const Counters& other);
};

/// Folds each entry as it begins to count, once, never from a checkpoint, and checks it: order and uniqueness of the log, the identities that
/// the entry's events touch, the own books of OwnOrders, OwnLedger and OwnTraffic. So its state is the one that the engine has to have at this place.
class Auditor {
 public:
  Auditor(Trace& trace, Counters& counters) : trace_(trace), counters_(counters) {}

  void fold(const FrameView& frame);
  /// Everything that holds between whole tables.
  void check_all() const;
  /// The engine's state at the same place; `what` says which one.
  void expect_same(const std::map<std::string, CompanyState, std::less<>>& companies, std::string_view what) const;

  std::uint64_t seq() const { return seq_; }
  std::uint64_t lifecycles() const;
  const OwnTraffic& traffic() const { return traffic_; }
  /// Companies whose books are open.
  std::set<std::string> opened() const;
  struct Decided {
    std::uint64_t seq = 0;
    Hash32 command_hash;
    std::int64_t recorded = 0;
  };
  /// Where a command of this id counts, if it does.
  const Decided* find(std::string_view company, const Id16& command) const;

 private:
  struct Books {
    CompanyState state;
    OwnOrders orders;
    OwnLedger ledger;
    std::map<std::pair<fb::StreamType, std::string>, std::uint32_t> versions;
  };
  void fold_command(const FrameView& frame);
  void count_once(const FrameView& frame);
  void fold_event(Books& books, const std::string& company, std::uint32_t index, const fb::Event& event);

  Trace& trace_;
  Counters& counters_;
  std::map<std::string, Books, std::less<>> books_;
  OwnTraffic traffic_;
  std::map<std::pair<std::string, Id16>, Decided> commands_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> sources_;
  std::uint64_t seq_ = 0, epoch_ = 0;
  Hash32 hash_;
  std::int64_t recorded_ = 0;
};

}  // namespace o2c::sim
