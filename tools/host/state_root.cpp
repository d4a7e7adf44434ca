#include "tools/host/state_root.hpp"

#include <fmt/format.h>

#include "engine/domain/company/rows.hpp"
#include "engine/runtime/system_clock.hpp"
#include "tools/host/queries.hpp"

namespace o2c {
namespace {

/// A store that never holds a checkpoint.
class NoStore final : public StateStore {
 public:
  Result<void> commit(const std::vector<StateWrite>&) override { return {}; }
  Result<std::optional<std::string>> get(std::string_view) override { return std::optional<std::string>{}; }
  Result<void> scan(std::string_view, const RowSink&) override { return {}; }
  Result<void> clear() override { return {}; }
};

}  // namespace

Result<std::map<std::string, Hash32>> company_roots(Engine& engine) {
  std::map<std::string, Hash32> roots;
  for (LaneId lane = 0; lane < engine.lanes(); ++lane) {
    bool lost = false;
    engine.inspect_lane(lane, [&](Lane& l) {
      lost = !l.is_whole();
      for (const auto& [id, state] : l.companies()) {
        if (state.opened()) roots[id] = state_root(state);
      }
    });
    if (lost) return lane_is_lost(lane);
  }
  return roots;
}

Hash32 state_root_of(const std::map<std::string, Hash32>& companies, const Follower& follower) {
  Sha256 root;
  for (const auto& [id, hash] : companies) {
    root.update(fmt::format("{}:{};", id.size(), id));
    root.update(Bytes{hash.bytes});
    follower.with([&](const ReadModels& models) {
      for (const Report& report : root_reports(models, id)) root.update(Bytes{report_hash(report).bytes});
    });
  }
  return root.finish();
}

Result<Hash32> fold_state_root(Journal& journal) {
  std::vector<std::unique_ptr<StateStore>> stores(journal.lanes());
  for (auto& store : stores) store = std::make_unique<NoStore>();
  SystemClock clock;
  Engine engine(journal, std::move(stores), clock, {});
  if (auto replayed = engine.recover(); !replayed) return replayed.error();
  Follower follower(journal.lanes());
  if (auto folded = follower.catch_up(journal); !folded) return folded.error();
  const auto roots = company_roots(engine);
  if (!roots) return roots.error();
  return state_root_of(*roots, follower);
}

}  // namespace o2c
