#include "engine/runtime/due.hpp"

#include "engine/process/timers.hpp"

namespace o2c {

std::vector<Request> due_requests(std::string_view company, const CompanyState& state, Date today) {
  std::vector<Request> requests;
  for (const flatbuffers::DetachedBuffer& command : due_timers(company, state, today)) {
    auto request = own_command({command.data(), command.size()});
    if (!request) continue;  // a text that no client could have sent either; the next day asks again
    request->source = fb::SourceKind::timer;
    requests.push_back(std::move(*request));
  }
  return requests;
}

}  // namespace o2c
