#include "tools/sim/simulation.hpp"

#include "engine/process/messages.hpp"
#include "engine/process/timers.hpp"
#include "tools/sim/sim_embedded_journal.hpp"
#include "tools/sim/sim_kafka_journal.hpp"

namespace o2c::sim {
namespace {

constexpr std::int64_t second = 1'000'000, hour = 3600 * second, day = 24 * hour;
const Instant start_of_time{std::int64_t{1'767'225'600} * second};  // 2026-01-01T00:00:00Z

}  // namespace

Simulation::Simulation(std::uint64_t seed, std::optional<JournalForm> form, bool print_trace)
    : random_(seed),
      swarm_(draw_swarm(random_, form)),
      trace_(print_trace),
      clock_(start_of_time),
      auditor_(trace_, counters_),
      log_([this](const FrameView& frame) { auditor_.fold(frame); }),
      broker_(log_, swarm_.kafka, swarm_.processes, random_, trace_, counters_.faults),
      clients_(log_, auditor_, clock_, counters_),
      named_(swarm_.processes) {
  clock_.move(random_.between<std::int64_t>(0, 400 * day));
  trace_.line("seed {}: {}", seed, swarm_.describe());
  while (processes_.size() < swarm_.processes) add_process();
}

void Simulation::add_process() {
  const std::size_t n = processes_.size();
  std::unique_ptr<SimJournal> journal;
  if (swarm_.form == JournalForm::kafka) journal = kafka_journal(n);
  else journal = std::make_unique<SimEmbeddedJournal>(log_, random_, clock_, trace_);
  processes_.push_back(std::make_unique<Process>(n, std::move(journal), random_, swarm_));
}

std::unique_ptr<SimJournal> Simulation::kafka_journal(std::size_t process) {
  const auto named = [this, process] { return named_[process]; };
  return std::make_unique<SimKafkaJournal>(broker_, process, named, random_, clock_, trace_);
}

void Simulation::run(std::uint64_t until) {
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
  counters_.ignored = log_.ignored();
  if (swarm_.cut) cut_log();
}

/// Every company begins with books, policies and master data, without faults.
void Simulation::set_up() {
  Process& first = *processes_.front();
  named_[0] = true;
  require(start_checked(first), "the lane cannot be taken");
  for (std::size_t c = 0; c < swarm_.companies; ++c) {
    for (std::size_t i = 0; i < History::setup_steps; ++i) {
      Builder b;
      const auto body = first.history.setup(i, b, first.lane->company(company_name(c)),
                                            clock_.business_date(clock_.now(), SimClock::shanghai));
      if (!body) break;
      send(first, clients_.add({company_name(c), random_.id(), clock_.now(), {}}, b, *body), "set up");
      drain(first);
    }
    const CompanyState* state = first.lane->company(company_name(c));
    require(state && state->products.size() == swarm_.products && state->customers.size() == swarm_.customers,
            "the set-up of {} was refused", company_name(c));
  }
  broker_.faultless(false);
}

void Simulation::chaos_step() {
  if (random_.chance(swarm_.group_ppm)) change_group();
  Process& process = any_process();
  fault_or_nothing(process);
  if (!process.lane) return step_of_one_that_is_down(process);
  Lane& lane = *process.lane;
  SimJournal& journal = *process.journal;
  if (lane.lost()) return journal.has_unanswered() ? journal.answer_one() : end(process, Ending::lost);
  const bool take = lane.can_take();
  const std::array<std::uint32_t, 10> weights = {
      take ? swarm_.send : 0,
      take && clients_.size() > 0
          ? static_cast<std::uint32_t>(std::uint64_t{swarm_.send} * swarm_.repeat_ppm / 1'000'000)
          : 0,
      take && lane.has_batch() ? swarm_.flush : 0,
      journal.has_unsynced() ? swarm_.sync : 0,
      journal.has_unanswered() ? swarm_.answer : 0,
      swarm_.tick,
      take ? swarm_.timers : 0,
      swarm_.checkpoint,
      journal.has_late_records() ? swarm_.late : 0,
      take && !auditor_.traffic().channels().empty() ? swarm_.deliver : 0};
  switch (random_.weighted(weights)) {
    case 0: return send_new(process);
    case 1: return send_again(process, static_cast<std::size_t>(random_.below(clients_.size())));
    case 2: return lane.flush(random_.one_of({Flush::worthwhile, Flush::idle, Flush::now}));
    case 3: return journal.sync_one();
    case 4: return journal.answer_one();
    case 5: return tick();
    case 6: return run_timers(process);
    case 7: return process.checkpoint ? commit_checkpoint(process) : take_checkpoint(process);
    case 8: return journal.let_late_records_land(1);
    default: return deliver(process);
  }
}

/// On Kafka what it sent goes on arriving, and it takes its lane again only when the group wants it to.
void Simulation::step_of_one_that_is_down(Process& process) {
  if (swarm_.form == JournalForm::embedded || (named_[process.number] && random_.chance(swarm_.start_ppm)))
    start_checked(process);
  else if (process.journal->has_unsynced()) process.journal->sync_one();
}

/// One, the other, or both for a while.
void Simulation::change_group() {
  count_fault("group");
  const auto drawn = random_.between(1u, 3u);
  for (std::size_t i = 0; i < named_.size(); ++i) named_[i] = ((drawn >> i) & 1) != 0;
  trace_.line("the group names {}", drawn == 1 ? "A" : drawn == 2 ? "B" : "A and B");
}

void Simulation::fault_or_nothing(Process& process) {
  if (process.lane && random_.chance(swarm_.crash_ppm)) end(process, Ending::crash);
  if (process.lane && random_.chance(swarm_.power_cut_ppm)) end(process, Ending::power_cut);
  if (process.lane && random_.chance(swarm_.unknown_ppm) && !process.journal->dead()) {
    count_fault("write failed");
    trace_.line("write failed");
    process.journal->fail();
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

void Simulation::send_new(Process& process) {
  const std::string company = company_name(static_cast<std::size_t>(random_.below(swarm_.companies)));
  if (clients_.size() > 1 && random_.chance(swarm_.other_content_ppm)) {
    const auto command = static_cast<std::size_t>(random_.below(clients_.size())),
               other = static_cast<std::size_t>(random_.below(clients_.size()));
    if (clients_.envelope(command).of_engine()) return;
    if (const auto changed = clients_.add_other_content(command, other)) send(process, *changed, "other content");
    return;
  }
  const CompanyState* state = process.lane->company(company);
  if (!state || !state->opened()) return;
  Builder b;
  const auto body = process.history.draw(b, *state, process.lane->today(company));
  if (!body) return;
  Clients::Envelope envelope{company, {}, clock_.now(), {}};
  envelope.id = random_.id();
  envelope.issued_at.micros += random_.between<std::int64_t>(0, swarm_.client_ahead_max);
  if (random_.chance(swarm_.source_key_ppm)) envelope.source_key = fmt::format("file.csv:{:x}", random_.next());
  if (random_.chance(swarm_.other_content_ppm))
    envelope.source_key = clients_.source_key_of(static_cast<std::size_t>(random_.below(clients_.size())), company);
  envelope.with_version = random_.chance(swarm_.expected_version_ppm);
  const std::size_t command = clients_.add(envelope, b, *body);
  send(process, command, fb::EnumNameCommandBody(body->type));
  while (random_.chance(swarm_.repeat_ppm / 4) && process.lane->can_take() && !process.lane->lost())
    send_again(process, command);  // in the same batch, or behind it
}

/// Timers repeat by themselves, and never what they sent on another day.
void Simulation::send_again(Process& process, std::size_t command) {
  if (!clients_.envelope(command).of_engine()) send(process, command, "again");
}

void Simulation::send(Process& process, std::size_t command, std::string_view how) {
  trace_.line("client {} {} {} {} to {}", command % swarm_.clients, how, clients_.envelope(command).company,
              to_hex(clients_.envelope(command).id).substr(0, 8), writer_name(process.number));
  process.lane->handle(clients_.request(command, process.number));
}

void Simulation::run_timers(Process& process) {
  for (const auto& [company, state] : process.lane->companies()) {
    if (!state.opened()) continue;
    for (const flatbuffers::DetachedBuffer& due : due_timers(company, state, process.lane->today(company))) {
      if (!process.lane->can_take()) return;
      const auto* command = flatbuffers::GetRoot<fb::Command>(due.data());
      Clients::Envelope envelope{company, Id16::from(*command->command_id()), clock_.now(), {}};
      envelope.source = fb::SourceKind::timer;
      send(process, clients_.add(envelope, Bytes{due.data(), due.size()}), "timer");
    }
  }
}

/// Brings a message that the log shows: mostly the next one of a pair, sometimes one that was taken, or one before its turn.
void Simulation::deliver(Process& process) {
  const auto& channels = auditor_.traffic().channels();
  const auto& [pair, channel] =
      *std::next(channels.begin(), static_cast<std::ptrdiff_t>(random_.below(channels.size())));
  std::uint64_t number = channel.taken + 1;
  if (random_.chance(100'000)) ++number;
  if (number > channel.sent.size() || random_.chance(50'000)) {
    if (channel.sent.empty()) return;
    number = random_.below(channel.sent.size()) + 1;
  }
  deliver(process, pair, number);
}

void Simulation::deliver(Process& process, const OwnTraffic::Pair& pair, std::uint64_t number) {
  const auto [letter, first] = letters_.try_emplace({pair, number});
  if (first) {
    const OwnTraffic::Sent& sent = auditor_.traffic().channels().at(pair).sent.at(number - 1);
    const flatbuffers::DetachedBuffer bytes = message_command(log_.at(sent.seq), sent.index);
    const auto* command = flatbuffers::GetRoot<fb::Command>(bytes.data());
    Clients::Envelope envelope{pair.second, Id16::from(*command->command_id()), clock_.now(),
                               text(command->source_key())};
    envelope.source = fb::SourceKind::message;
    letter->second = clients_.add(envelope, Bytes{bytes.data(), bytes.size()});
  }
  send(process, letter->second, fmt::format("brings {} of", number));
}

void Simulation::take_checkpoint(Process& process) {
  process.checkpoint = process.lane->take_checkpoint();
  trace_.line("checkpoint taken at {} ({} rows)", process.checkpoint->seq, process.checkpoint->writes.size());
}

/// As the engine does: only what is durable is stored, and a commit may be the last thing that the process did.
void Simulation::commit_checkpoint(Process& process) {
  if (process.lane->durable_seq() < process.checkpoint->seq) return;
  if (random_.chance(swarm_.crash_in_commit_ppm)) {
    count_fault("crash in commit");
    process.store.next_commit(random_.coin() ? SimStore::NextCommit::counts_then_crash
                                             : SimStore::NextCommit::lost_by_crash);
  }
  trace_.line("checkpoint {} is stored", process.checkpoint->seq);
  const auto stored = process.lane->commit_checkpoint(std::move(*process.checkpoint));
  process.checkpoint.reset();
  if (process.store.crashed()) return end(process, Ending::crash);
  if (!stored) broken("S6 a checkpoint of the durable position is refused: {}", stored.error().message);
}

}  // namespace o2c::sim
