#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "projections/intercompany/traffic.hpp"
#include "projections/ledger/ledger_model.hpp"
#include "projections/receivables/receivables.hpp"
#include "projections/runtime/fact.hpp"
#include "projections/sales/sales.hpp"

namespace o2c {

/// The read models of one company and where their knowledge ends.
struct CompanyModels {
  Receivables receivables;
  Sales sales;
  Ledger ledger;
  LaneIndex lane = 0;
  std::map<std::string, std::uint64_t, std::less<>> marks;  // name -> seq
};

/// All read models of an instance: a fold of the journal and of nothing else. Followed live, or built anew beside the live one.
/// threads: one writer (fold); queries need it to stand still, see Follower.
class ReadModels {
 public:
  explicit ReadModels(std::uint32_t lanes) : lanes_(lanes) {}

  /// The next entry of its lane, in order.
  void fold(const FrameView& frame);

  const CompanyModels* company(std::string_view id) const;
  const std::map<std::string, CompanyModels, std::less<>>& companies() const { return companies_; }
  const Traffic& traffic() const { return traffic_; }
  /// Last entry folded of a lane.
  std::uint64_t position(LaneIndex lane) const { return lanes_[lane].recorded.size(); }
  /// Last entry of a lane recorded at or before an instant; 0 when there is none.
  std::uint64_t position_at(LaneIndex lane, Instant instant) const;
  /// SHA-256 over the canonical content of every model at its position; equal for a rebuild from zero.
  Hash32 content_hash() const;

 private:
  struct LaneTime {
    std::vector<Instant> recorded;
  };  // by seq − 1
  std::vector<LaneTime> lanes_;
  std::map<std::string, CompanyModels, std::less<>> companies_;
  Traffic traffic_;
};

}  // namespace o2c
