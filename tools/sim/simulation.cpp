#include "tools/sim/simulation.hpp"

#include "engine/process/timers.hpp"

namespace o2c::sim {
namespace {

constexpr std::int64_t second = 1'000'000, hour = 3600 * second, day = 24 * hour;
const Instant start{std::int64_t{1'767'225'600} * second};  // 2026-01-01T00:00:00Z

}  // namespace

Simulation::Simulation(std::uint64_t seed, bool print_trace)
    : random_(seed),
      swarm_(draw_swarm(random_)),
      trace_(print_trace),
      clock_(start),
      auditor_(trace_, counters_),
      journal_(random_, clock_, trace_, [this](const FrameView& frame) { auditor_.fold(frame); }),
      clients_(journal_, auditor_, clock_, counters_),
      history_(random_, swarm_) {
  clock_.move(random_.between<std::int64_t>(0, 400 * day));
  trace_.line("seed {}: {}", seed, swarm_.describe());
}

void Simulation::run(std::uint64_t until) {
  start_engine();
  set_up();
  while (step_ < std::min(until, swarm_.steps_max) && auditor_.lifecycles() < swarm_.lifecycles_max) {
    trace_.at_step(++step_);
    chaos_step();
    if (auditor_.seq() < checked_at_ + swarm_.full_check_every) continue;
    checked_at_ = auditor_.seq();
    auditor_.check_all();
  }
  counters_.lifecycles = auditor_.lifecycles();
  settle_all();
}

/// Every company begins with books, policies and master data, without faults.
void Simulation::set_up() {
  for (std::size_t c = 0; c < swarm_.companies; ++c) {
    for (std::size_t i = 0; i < History::setup_steps; ++i) {
      Builder b;
      const auto body =
          history_.setup(i, b, lane_->company(company_name(c)), clock_.business_date(clock_.now(), SimClock::shanghai));
      if (!body) break;
      Clients::Envelope envelope{company_name(c), {}, clock_.now(), {}};
      for (std::size_t k = 0; k < 16; ++k) envelope.id.bytes[k] = static_cast<std::uint8_t>(random_.next());
      send(clients_.add(envelope, b, *body), "set up");
      drain();
    }
    const CompanyState* state = lane_->company(company_name(c));
    require(state && state->products.size() == swarm_.products && state->customers.size() == swarm_.customers,
            "the set-up of {} was refused", company_name(c));
  }
}

void Simulation::chaos_step() {
  fault_or_nothing();
  if (lane_->lost()) {
    if (journal_.has_unanswered()) return journal_.answer_one();
    return crash(false);
  }
  const bool take = lane_->can_take();
  const std::array<std::uint32_t, 9> weights = {
      take ? swarm_.send : 0,
      take && clients_.size() > 0
          ? static_cast<std::uint32_t>(std::uint64_t{swarm_.send} * swarm_.repeat_ppm / 1'000'000)
          : 0,
      take && lane_->has_batch() ? swarm_.flush : 0,
      journal_.has_unsynced() ? swarm_.sync : 0,
      journal_.has_unanswered() ? swarm_.answer : 0,
      swarm_.tick,
      take ? swarm_.timers : 0,
      swarm_.checkpoint,
      journal_.has_late_records() ? swarm_.late : 0};
  switch (random_.weighted(weights)) {
    case 0: return send_new();
    case 1: return send_again(static_cast<std::size_t>(random_.below(clients_.size())));
    case 2: return lane_->flush(random_.one_of({Flush::worthwhile, Flush::idle, Flush::now}));
    case 3: return journal_.sync_one();
    case 4: return journal_.answer_one();
    case 5: return tick();
    case 6: return run_timers();
    case 7: return checkpoint_ ? commit_checkpoint() : take_checkpoint();
    default: return journal_.let_late_records_land(1);
  }
}

void Simulation::fault_or_nothing() {
  if (random_.chance(swarm_.crash_ppm)) return crash(false);
  if (random_.chance(swarm_.power_cut_ppm)) return crash(true);
  if (random_.chance(swarm_.unknown_ppm) && !journal_.dead()) {
    count_fault("write failed");
    trace_.line("write failed");
    journal_.fail();
  }
  if (random_.chance(swarm_.clock_back_ppm)) {
    count_fault("clock back");
    clock_.move(-random_.between<std::int64_t>(1, random_.one_of({second, hour, 3 * day})));
    trace_.line("clock back to {}", format_instant(clock_.now()));
  }
  if (random_.chance(swarm_.clock_ahead_ppm)) {
    count_fault("clock ahead");
    clock_.move(random_.between<std::int64_t>(1, 40 * day));
    trace_.line("clock ahead to {}", format_instant(clock_.now()));
  }
}

void Simulation::tick() { clock_.move(random_.between<std::int64_t>(1, random_.one_of({second, hour, 12 * hour}))); }

void Simulation::send_new() {
  const std::string company = company_name(static_cast<std::size_t>(random_.below(swarm_.companies)));
  if (clients_.size() > 1 && random_.chance(swarm_.other_content_ppm)) {
    const auto command = static_cast<std::size_t>(random_.below(clients_.size())),
               other = static_cast<std::size_t>(random_.below(clients_.size()));
    if (const auto changed = clients_.add_other_content(command, other)) send(*changed, "other content");
    return;
  }
  const CompanyState* state = lane_->company(company);
  if (!state || !state->opened()) return;
  Builder b;
  const auto body = history_.draw(b, *state, lane_->today(company));
  if (!body) return;
  Clients::Envelope envelope{company, {}, clock_.now(), {}};
  envelope.issued_at.micros += random_.between<std::int64_t>(0, swarm_.client_ahead_max);
  for (std::size_t k = 0; k < 16; ++k) envelope.id.bytes[k] = static_cast<std::uint8_t>(random_.next());
  if (random_.chance(swarm_.source_key_ppm)) envelope.source_key = fmt::format("file.csv:{:x}", random_.next());
  if (random_.chance(swarm_.other_content_ppm))
    envelope.source_key = clients_.source_key_of(static_cast<std::size_t>(random_.below(clients_.size())), company);
  envelope.with_version = random_.chance(swarm_.expected_version_ppm);
  const std::size_t command = clients_.add(envelope, b, *body);
  send(command, fb::EnumNameCommandBody(body->type));
  while (random_.chance(swarm_.repeat_ppm / 4) && lane_->can_take() && !lane_->lost())
    send_again(command);  // in the same batch, or behind it
}

/// Timers repeat by themselves, and never what they sent on another day.
void Simulation::send_again(std::size_t command) {
  if (!clients_.envelope(command).timer) send(command, "again");
}

void Simulation::send(std::size_t command, std::string_view how) {
  trace_.line("client {} {} {} {}", command % swarm_.clients, how, clients_.envelope(command).company,
              to_hex(clients_.envelope(command).id).substr(0, 8));
  lane_->handle(clients_.request(command));
}

void Simulation::run_timers() {
  for (const auto& [company, state] : lane_->companies()) {
    if (!state.opened()) continue;
    for (const flatbuffers::DetachedBuffer& due : due_timers(company, state, lane_->today(company))) {
      if (!lane_->can_take()) return;
      const auto* command = flatbuffers::GetRoot<fb::Command>(due.data());
      Clients::Envelope envelope{company, Id16::from(*command->command_id()), clock_.now(), {}};
      envelope.timer = true;
      send(clients_.add(envelope, Bytes{due.data(), due.size()}), "timer");
    }
  }
}

void Simulation::take_checkpoint() {
  checkpoint_ = lane_->take_checkpoint();
  trace_.line("checkpoint taken at {} ({} rows)", checkpoint_->seq, checkpoint_->writes.size());
}

/// As the engine does: only what is durable is stored, and a commit may be the last thing that the process did.
void Simulation::commit_checkpoint() {
  if (lane_->durable_seq() < checkpoint_->seq) return;
  if (random_.chance(swarm_.crash_in_commit_ppm)) {
    count_fault("crash in commit");
    store_.next_commit(random_.coin() ? SimStore::NextCommit::counts_then_crash : SimStore::NextCommit::lost_by_crash);
  }
  trace_.line("checkpoint {} is stored", checkpoint_->seq);
  const auto stored = lane_->commit_checkpoint(std::move(*checkpoint_));
  checkpoint_.reset();
  if (store_.crashed()) return crash(false);
  if (!stored) broken("S6 a checkpoint of the durable position is refused: {}", stored.error().message);
}

}  // namespace o2c::sim
