#include "tools/sim/swarm.hpp"

#include <fmt/format.h>

namespace o2c::sim {
namespace {

using Kind = fb::CommandBody;
struct Weight {
  Kind kind;
  std::uint32_t weight;
};

/// Without these there is nothing to sell; they are never left out.
constexpr std::array necessary = {Weight{Kind::RegisterCustomer, 2}, Weight{Kind::RegisterProduct, 2},
                                  Weight{Kind::RegisterUser, 2},     Weight{Kind::PublishPolicy, 4},
                                  Weight{Kind::CreateOrder, 100},    Weight{Kind::ConfirmOrder, 60},
                                  Weight{Kind::CancelOrder, 16},     Weight{Kind::ReceiveStock, 40}};
constexpr std::array optional = {
    Weight{Kind::OpenCompany, 1},      Weight{Kind::ChangeCustomer, 6},    Weight{Kind::SetCreditGroup, 3},
    Weight{Kind::ChangeProduct, 3},    Weight{Kind::ChangeUser, 2},        Weight{Kind::ClosePeriod, 1},
    Weight{Kind::CreateMark, 2},       Weight{Kind::CreateQuote, 40},      Weight{Kind::ReviseQuote, 8},
    Weight{Kind::SendQuote, 12},       Weight{Kind::AcceptQuote, 30},      Weight{Kind::LoseQuote, 6},
    Weight{Kind::ReviseOrder, 10},     Weight{Kind::ApproveOrder, 30},     Weight{Kind::RejectOrder, 8},
    Weight{Kind::WithdrawOrder, 6},    Weight{Kind::HoldOrder, 8},         Weight{Kind::ReleaseOrder, 30},
    Weight{Kind::ShortCloseOrder, 14}, Weight{Kind::ReserveOrder, 20},     Weight{Kind::CountStock, 10},
    Weight{Kind::TransferStock, 12},   Weight{Kind::ExpireReservation, 3}, Weight{Kind::PostShipment, 120},
    Weight{Kind::ConfirmDelivery, 40}, Weight{Kind::IssueInvoice, 120},    Weight{Kind::ReverseInvoice, 14},
    Weight{Kind::RecordReceipt, 60},   Weight{Kind::ApplyCash, 30},        Weight{Kind::UnapplyCash, 14},
    Weight{Kind::ReturnReceipt, 6},    Weight{Kind::RefundReceipt, 8},     Weight{Kind::SetPartner, 8}};

/// Half of the runs have none of it; in the others it is common or rare.
std::uint32_t rate(Random& random, unsigned low_bits, unsigned high_bits) {
  return random.coin() ? 0 : std::uint32_t{1} << random.between(low_bits, high_bits);
}

void draw_commands(Swarm& swarm, Random& random) {
  for (const Weight& w : necessary) swarm.weights[static_cast<std::size_t>(w.kind)] = w.weight;
  for (const Weight& w : optional) {
    if (!random.chance(200'000)) swarm.weights[static_cast<std::size_t>(w.kind)] = w.weight;
  }
  swarm.wrong_ppm = random.one_of({0u, 20'000u, 60'000u, 150'000u});
  swarm.repeat_ppm = rate(random, 14, 18);
  swarm.other_content_ppm = rate(random, 10, 15);
  swarm.source_key_ppm = random.one_of({0u, 100'000u, 500'000u});
  swarm.expected_version_ppm = random.one_of({0u, 50'000u, 200'000u});
  swarm.back_dated_ppm = random.one_of({0u, 100'000u, 400'000u});
  swarm.generous = random.coin();
}

void draw_scheduler(Swarm& swarm, Random& random) {
  swarm.send = random.between(100u, 400u);
  swarm.flush = random.between(30u, 200u);
  swarm.sync = random.between(30u, 200u);
  swarm.answer = random.between(30u, 200u);
  swarm.tick = random.between(5u, 40u);
  swarm.timers = random.between(1u, 10u);
  swarm.checkpoint = random.one_of({0u, 1u, 4u});
  swarm.late = 2;
  swarm.deliver = random.between(5u, 60u);
}

void draw_faults(Swarm& swarm, Random& random) {
  swarm.crash_ppm = rate(random, 6, 10);
  swarm.power_cut_ppm = rate(random, 5, 9);
  swarm.unknown_ppm = rate(random, 5, 9);
  swarm.clock_back_ppm = rate(random, 7, 13);
  swarm.clock_ahead_ppm = rate(random, 4, 8);
  swarm.crash_in_commit_ppm = rate(random, 14, 18);
  swarm.lose_state_ppm = rate(random, 16, 18);
}

void draw_kafka(Swarm& swarm, Random& random) {
  swarm.processes = random.between(1u, 2u);
  KafkaFaults& kafka = swarm.kafka;
  for (std::uint32_t KafkaFaults::*fault :
       {&KafkaFaults::dropped, &KafkaFaults::late, &KafkaFaults::failed, &KafkaFaults::silent, &KafkaFaults::outage})
    kafka.*fault = rate(random, 8, 11);
  for (std::uint32_t KafkaFaults::*fault :
       {&KafkaFaults::doubled, &KafkaFaults::overtaken, &KafkaFaults::without_offset, &KafkaFaults::wrong_offset,
        &KafkaFaults::report_late})
    kafka.*fault = rate(random, 10, 15);
  if (swarm.processes > 1) swarm.group_ppm = std::uint32_t{1} << random.between(7u, 10u);
  swarm.start_ppm = std::uint32_t{1} << random.between(11u, 16u);
  swarm.cut = random.chance(250'000);
}

}  // namespace

Swarm draw_swarm(Random& random, std::optional<JournalForm> form) {
  Swarm swarm;
  swarm.companies = random.one_of({1u, 1u, 2u});
  swarm.clients = random.between(1u, 8u);
  swarm.customers = random.between(1u, 12u);
  swarm.products = random.between(1u, 10u);
  swarm.places = random.between(1u, 4u);
  swarm.client_ahead_max = random.one_of({0, 0, 60, 86'400, 100'000}) * std::int64_t{1'000'000};
  swarm.lane.batch_entries_max = random.one_of({1u, 2u, 8u, 32u, 256u});
  swarm.lane.batch_entries_worth = random.one_of({1u, 2u, 8u});
  swarm.lane.batches_in_flight_max = random.between(1u, 8u);
  swarm.lane.recent_bytes_max = random.one_of({std::size_t{1}, std::size_t{1} << 14, std::size_t{1} << 26});
  swarm.lifecycles_max = random.between(100u, 250u);
  swarm.steps_max = 25'000;
  swarm.full_check_every = random.between(128u, 512u);
  draw_commands(swarm, random);
  draw_scheduler(swarm, random);
  draw_faults(swarm, random);
  const JournalForm drawn = random.coin() ? JournalForm::kafka : JournalForm::embedded;
  swarm.form = form.value_or(drawn);
  if (swarm.form == JournalForm::kafka) draw_kafka(swarm, random);
  return swarm;
}

std::string Swarm::describe() const {
  std::string off;
  for (const Kind kind : fb::EnumValuesCommandBody()) {
    if (kind != Kind::NONE && kind != Kind::TakeMessage && !can(kind))
      off += std::string(off.empty() ? "" : " ") + fb::EnumNameCommandBody(kind);
  }
  std::string journal = "embedded";
  if (form == JournalForm::kafka)
    journal = fmt::format(
        "kafka, processes {}, of the requests dropped {} late {} failed {} silent {} doubled {} overtaken {} without offset {} wrong offset {} "
        "report late {} outage {} ppm; group {} start {} ppm{}",
        processes, kafka.dropped, kafka.late, kafka.failed, kafka.silent, kafka.doubled, kafka.overtaken,
        kafka.without_offset, kafka.wrong_offset, kafka.report_late, kafka.outage, group_ppm, start_ppm,
        cut ? "; in the end cut" : "");
  return fmt::format(
      "journal {}; companies {} clients {} customers {} products {} places {}; batch {} worth {} in flight {}; wrong {} repeat {} other content {} ppm; crash {} power cut {} "
      "unknown {} clock back {} ahead {} ppm; without {}",
      journal, companies, clients, customers, products, places, lane.batch_entries_max, lane.batch_entries_worth,
      lane.batches_in_flight_max, wrong_ppm, repeat_ppm, other_content_ppm, crash_ppm, power_cut_ppm, unknown_ppm,
      clock_back_ppm, clock_ahead_ppm, off.empty() ? "nothing" : off);
}

}  // namespace o2c::sim
