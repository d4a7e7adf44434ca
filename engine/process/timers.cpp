#include "engine/process/timers.hpp"

#include <fmt/format.h>

namespace o2c {
namespace {

Id16 timer_id(std::string_view company, std::string_view kind, std::string_view what, Date due) {
  const Hash32 hash = sha256(bytes_of(fmt::format("timer:{}:{}:{}:{}", company, kind, what, format_date(due))));
  Id16 id;
  std::copy_n(hash.bytes.begin(), 16, id.bytes.begin());
  return id;
}

}  // namespace

std::vector<flatbuffers::DetachedBuffer> due_timers(std::string_view company, const CompanyState& state, Date today) {
  std::vector<flatbuffers::DetachedBuffer> commands;
  for (const Order& order : state.orders.rows()) {
    if (!order.reservation_expires_on || *order.reservation_expires_on >= today) continue;
    flatbuffers::FlatBufferBuilder b;
    const auto body = fb::CreateExpireReservation(b, b.CreateString(order.id)).Union();
    // The version makes a later reservation that ends on the same day another matter: the first one's timer has been answered.
    const std::string what = fmt::format("{}@{}", order.id, order.version);
    const fb::Id16 id = timer_id(company, "expire_reservation", what, *order.reservation_expires_on).to_fb();
    const auto company_id = b.CreateString(company.data(), company.size());
    const auto actor = b.CreateString("timer");
    fb::CommandBuilder command(b);
    command.add_company(company_id);
    command.add_command_id(&id);
    command.add_actor(actor);
    command.add_body_type(fb::CommandBody::ExpireReservation);
    command.add_body(body);
    b.Finish(command.Finish());
    commands.push_back(b.Release());
  }
  return commands;
}

}  // namespace o2c
