#include "tools/sim/auditor.hpp"

#include "engine/domain/company/identities.hpp"
#include "engine/domain/company/rows.hpp"

namespace o2c::sim {

void Counters::add(const Counters& o) {
  entries += o.entries, accepted += o.accepted, events += o.events;
  for (const auto& [code, n] : o.refused) refused[code] += n;
  for (const auto& [name, n] : o.faults) faults[name] += n;
  for (std::size_t i = 0; i < by_event.size(); ++i) by_event[i] += o.by_event[i];
  lifecycles += o.lifecycles, commands += o.commands, repeats += o.repeats, conflicts += o.conflicts;
  too_old += o.too_old, unknown += o.unknown, full_checks += o.full_checks, ignored += o.ignored;
}

std::uint64_t Auditor::lifecycles() const {
  std::uint64_t sum = 0;
  for (const auto& [company, books] : books_) sum += books.orders.finished();
  return sum;
}

std::set<std::string> Auditor::opened() const {
  std::set<std::string> names;
  for (const auto& [company, books] : books_)
    if (books.state.opened()) names.insert(company);
  return names;
}

const Auditor::Decided* Auditor::find(std::string_view company, const Id16& command) const {
  const auto at = commands_.find({std::string(company), command});
  return at == commands_.end() ? nullptr : &at->second;
}

void Auditor::fold(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  require(entry.seq() == seq_ + 1, "I34 entry {} follows entry {}", entry.seq(), seq_);
  const bool opens = entry.kind() == fb::EntryKind::lane_opened;
  require(opens ? entry.epoch() > epoch_ : entry.epoch() == epoch_, "I34 entry {}: epoch {} after epoch {}",
          entry.seq(), entry.epoch(), epoch_);
  require(seq_ == 0 || Hash32::from(*entry.prev_hash()) == hash_, "I34 entry {} was not decided on entry {}",
          entry.seq(), seq_);
  hash_ = frame.hash();
  require(entry.recorded_at()->micros() > recorded_, "entry {}: recorded {} µs after the one before", entry.seq(),
          entry.recorded_at()->micros() - recorded_);
  seq_ = entry.seq(), epoch_ = entry.epoch(), recorded_ = entry.recorded_at()->micros();
  ++counters_.entries;
  if (entry.kind() == fb::EntryKind::command) fold_command(frame);
}

/// S3: a command counts once; what has a source key, once for ever.
void Auditor::count_once(const FrameView& frame) {
  const std::string company = text(frame.command->company());
  const Id16 id = Id16::from(*frame.command->command_id());
  const Decided now{seq_, Hash32::from(*frame.entry->command_hash()), recorded_};
  const auto [at, first] = commands_.emplace(std::pair{company, id}, now);
  // Ids are remembered for a window only: after it, an id may begin anew with another command, if that was issued lately
  // or has a source key, by which it is judged instead.
  const fb::Instant* issued = frame.command->issued_at();
  const std::int64_t forgotten = recorded_ - KnownCommands::window_micros;
  const bool lately = issued && (issued->micros() >= forgotten || frame.command->source_key());
  const bool anew =
      at->second.recorded < forgotten && (!issued || (lately && at->second.command_hash != now.command_hash));
  require(first || anew, "S3 command {} counts at entry {} and again at entry {}", to_hex(id), at->second.seq, seq_);
  at->second = now;
  if (!frame.command->source_key()) return;
  const auto [source, fresh] = sources_.emplace(std::pair{company, text(frame.command->source_key())}, seq_);
  require(fresh, "S3 source key {} counts at entry {} and again at entry {}", view(frame.command->source_key()),
          source->second, seq_);
}

void Auditor::fold_command(const FrameView& frame) {
  const fb::Entry& entry = *frame.entry;
  count_once(frame);
  const std::string company = text(frame.command->company());
  Books& books = books_[company];
  const std::string_view zone = books.state.opened() ? std::string_view{books.state.books().time_zone} : "UTC";
  const Date today = SimClock::date_at(from_fb(*entry.recorded_at()), zone);
  require(from_fb(*entry.business_date()) == today, "entry {}: business date {}, in the zone {} it is {}", seq_,
          format_date(from_fb(*entry.business_date())), zone, format_date(today));
  const std::size_t events = entry.events() ? entry.events()->size() : 0;
  const bool accepted = entry.outcome() == fb::Outcome::accepted;
  require(accepted ? events > 0 : events == 0 && entry.refused() && entry.refused()->code() != Refusal::none,
          "entry {}: {} with {} events", seq_, fb::EnumNameOutcome(entry.outcome()), events);
  trace_.line("  #{} {} {} {}{}", seq_, format_instant(Instant{recorded_}),
              fb::EnumNameCommandBody(frame.command->body_type()),
              accepted ? "" : refusal_name(entry.refused()->code()),
              accepted && entry.answer() ? view(entry.answer()->stream_id()) : "");
  if (!accepted) {
    ++counters_.refused[entry.refused()->code()];
    return;
  }
  ++counters_.accepted;
  std::uint32_t index = 0;
  for (const fb::Event* event : *entry.events()) fold_event(books, company, index++, *event);
  books.orders.end_entry();
  books.ledger.end_entry(books.state);
  for (const fb::Event* event : *entry.events()) {
    const auto found = broken_identities_of(books.state, *event);
    if (!found.empty())
      broken("{} (entry {}, after {})", found.front(), seq_, fb::EnumNameEventBody(event->body_type()));
  }
  const fb::Answer* answer = entry.answer();
  if (!answer) return;
  const auto version = books.versions.find({answer->stream_type(), text(answer->stream_id())});
  require(version != books.versions.end() && version->second == answer->stream_version(),
          "entry {}: answers version {} of {}, it is {}", seq_, answer->stream_version(), view(answer->stream_id()),
          version == books.versions.end() ? 0 : version->second);
}

void Auditor::fold_event(Books& books, const std::string& company, std::uint32_t index, const fb::Event& event) {
  std::uint32_t& version = books.versions[{event.stream_type(), text(event.stream_id())}];
  require(event.stream_version() == version + 1, "I34 {} {}: version {} follows version {}",
          fb::EnumNameEventBody(event.body_type()), view(event.stream_id()), event.stream_version(), version);
  version = event.stream_version();
  ++counters_.events;
  ++counters_.by_event[static_cast<std::size_t>(event.body_type())];
  books.orders.fold(event, books.state.policies);
  books.ledger.fold(event);
  traffic_.fold(company, seq_, index, event);
  evolve(books.state, event);
}

void Auditor::check_all() const {
  ++counters_.full_checks;
  for (const auto& [company, books] : books_) {
    if (!books.state.opened()) continue;
    const auto found = broken_identities(books.state);
    if (!found.empty()) broken("{} (and {} more, at entry {})", found.front(), found.size() - 1, seq_);
    books.orders.compare(books.state);
    books.ledger.compare(books.state);
  }
}

void Auditor::expect_same(const std::map<std::string, CompanyState, std::less<>>& companies,
                          std::string_view what) const {
  for (const auto& [company, books] : books_) {
    const auto at = companies.find(company);
    if (!books.state.opened() && (at == companies.end() || !at->second.opened())) continue;
    require(at != companies.end(), "S6 {} at entry {}: company {} is not there", what, seq_, company);
    const Hash32 expected = state_root(books.state), root = state_root(at->second);
    require(root == expected, "S6 {} at entry {}: state root of {} is {}, folded entry by entry {}", what, seq_,
            company, to_hex(root), to_hex(expected));
  }
}

}  // namespace o2c::sim
