#include "projections/runtime/read_models.hpp"

#include <algorithm>

namespace o2c {

void ReadModels::fold(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  LaneTime& lane = lanes_[entry.lane()];
  O2C_ASSERT(entry.seq() == lane.recorded.size() + 1);
  lane.recorded.push_back(from_fb(*entry.recorded_at()));
  if (!frame.command || !entry.events()) return;
  const auto company_id = frame.command->company()->string_view();
  auto company = companies_.find(company_id);
  if (company == companies_.end()) company = companies_.try_emplace(std::string(company_id)).first;
  CompanyModels& models = company->second;
  models.lane = entry.lane();

  Fact fact;
  fact.seq = entry.seq();
  fact.recorded_at = lane.recorded.back();
  fact.business_date = from_fb(*entry.business_date());
  fact.actor = frame.command->actor()->string_view();
  fact.command_id = Id16::from(*frame.command->command_id());
  for (const fb::Event* event : *entry.events()) {
    fact.event = event;
    models.receivables.fold(fact);
    models.sales.fold(fact);
    models.ledger.fold(fact);
    traffic_.fold(company_id, models.lane, fact);
    if (const auto* mark = event->body_as_MarkCreated()) models.marks.emplace(mark->name()->str(), fact.seq);
    ++fact.index;
  }
}

const CompanyModels* ReadModels::company(std::string_view id) const {
  const auto at = companies_.find(id);
  return at == companies_.end() ? nullptr : &at->second;
}

std::uint64_t ReadModels::position_at(LaneIndex lane, Instant instant) const {
  const auto& recorded = lanes_[lane].recorded;
  return static_cast<std::uint64_t>(std::upper_bound(recorded.begin(), recorded.end(), instant) - recorded.begin());
}

Hash32 ReadModels::content_hash() const {
  Sha256 hash;
  for (const auto& [id, models] : companies_) {
    hash.update(fmt::format("{}:{};", id.size(), id));
    for (const Hash32& part :
         {models.receivables.content_hash(), models.sales.content_hash(), models.ledger.content_hash()})
      hash.update(Bytes{part.bytes});
  }
  const Hash32 traffic = traffic_.content_hash();
  hash.update(Bytes{traffic.bytes});
  return hash.finish();
}

}  // namespace o2c
