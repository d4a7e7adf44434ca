#include "tools/sim/sim_broker.hpp"

#include <algorithm>
#include <tuple>

namespace o2c::sim {

void SimBroker::produce(std::size_t writer, std::uint64_t tenure, const SimRecord& record, const EntryHead& head) {
  lines_[writer].requests.push_back({tenure, record, head});
}

SimBroker::Report SimBroker::take_report(std::size_t writer) {
  std::deque<Report>& reports = lines_[writer].reports;
  if (reports.size() > 1 && !faultless_ && random_.chance(faults_.report_late)) std::swap(reports[0], reports[1]);
  const Report first = reports.front();
  reports.pop_front();
  return first;
}

SimBroker::Fate SimBroker::draw_fate() {
  if (faultless_) return Fate::arrives;
  const std::array fates = {std::tuple{Fate::dropped, faults_.dropped, "request dropped"},
                            std::tuple{Fate::late, faults_.late, "request late"},
                            std::tuple{Fate::failed, faults_.failed, "failed and arrived"},
                            std::tuple{Fate::silent, faults_.silent, "report lost"},
                            std::tuple{Fate::doubled, faults_.doubled, "request doubled"},
                            std::tuple{Fate::overtaken, faults_.overtaken, "request overtaken"},
                            std::tuple{Fate::without_offset, faults_.without_offset, "report without offset"},
                            std::tuple{Fate::wrong_offset, faults_.wrong_offset, "report with wrong offset"}};
  std::uint64_t at = random_.below(1'000'000);
  for (const auto& [fate, ppm, name] : fates) {
    if (at >= ppm) {
      at -= ppm;
      continue;
    }
    ++counts_[name];
    return fate;
  }
  return Fate::arrives;
}

void SimBroker::deliver(std::size_t writer) {
  std::deque<Outgoing>& requests = lines_[writer].requests;
  if (!faultless_ && reachable() && random_.chance(faults_.outage)) {
    outage_ = random_.between(1, 8);
    ++counts_["leader gone"];
    trace_.line("the leader is gone");
  }
  const bool leader = reachable();
  if (!leader && --outage_ == 0) trace_.line("another leader is there");
  if (!leader && random_.coin()) return;  // tried again
  auto count =
      static_cast<std::ptrdiff_t>(random_.between<std::size_t>(1, std::min(requests.size(), request_records_max)));
  const Fate fate = leader ? draw_fate() : Fate::dropped;
  const auto behind = std::min(2 * count, std::ssize(requests));
  if (fate == Fate::overtaken) {
    std::rotate(requests.begin(), requests.begin() + count, requests.begin() + behind);
    if (behind > count) count = behind - count;
  }
  const std::vector<Outgoing> request(requests.begin(), requests.begin() + count);
  requests.erase(requests.begin(), requests.begin() + count);
  std::int64_t place = 0;
  for (const Outgoing& record : request) meet(writer, record, fate, place++);
}

/// place  of the record in its request.
void SimBroker::meet(std::size_t writer, const Outgoing& out, Fate fate, std::int64_t place) {
  switch (fate) {
    case Fate::dropped:
      trace_.line("  {} #{} epoch {} is dropped", writer_name(writer), out.head.seq, out.head.epoch);
      return report(writer, out, {false, -1});
    case Fate::late:
      trace_.line("  {} #{} epoch {} is late", writer_name(writer), out.head.seq, out.head.epoch);
      late_.push_back(out.record);
      return report(writer, out, {false, -1});
    case Fate::failed: land(writer, out.record, "and is reported as failed"); return report(writer, out, {false, -1});
    case Fate::silent: land(writer, out.record, "without a report"); return;
    case Fate::doubled: late_.push_back(out.record); break;
    case Fate::without_offset:
      land(writer, out.record, "reported without offset");
      return report(writer, out, {true, -1001});
    case Fate::wrong_offset:
      land(writer, out.record, "reported with a wrong offset");
      return report(writer, out, {true, place - 1});
    case Fate::arrives:
    case Fate::overtaken: break;
  }
  report(writer, out, {true, land(writer, out.record, fate == Fate::doubled ? "for the first time" : "")});
}

std::int64_t SimBroker::land(std::size_t writer, const SimRecord& record, std::string_view how) {
  const fb::Entry& entry = *record.view().entry;
  trace_.line("  {} #{} epoch {} arrives at {} {}", writer_name(writer), entry.seq(), entry.epoch(), log_.end(), how);
  if (log_.land(record) == Judgement::ignored) trace_.line("    and is ignored");
  return log_.end() - 1;
}

void SimBroker::report(std::size_t writer, const Outgoing& out, const Delivery& delivery) {
  lines_[writer].reports.push_back({out.tenure, out.head.hash, delivery});
}

void SimBroker::give_up(std::size_t writer) {
  for (const Outgoing& out : lines_[writer].requests) {
    late_.push_back(out.record);
    report(writer, out, {false, -1});
  }
  lines_[writer].requests.clear();
  let_late_records_land(static_cast<std::size_t>(random_.below(late_.size() + 1)));
}

void SimBroker::forget(std::size_t writer) {
  give_up(writer);
  lines_[writer].reports.clear();
}

void SimBroker::stir(std::size_t writer) {
  for (std::size_t other = 0; other < lines_.size(); ++other) {
    if (other != writer && has_requests(other) && random_.coin()) deliver(other);
  }
  if (!late_.empty() && random_.coin()) let_late_records_land(1);
}

void SimBroker::let_late_records_land(std::size_t count) {
  for (; count > 0 && !late_.empty(); --count) {
    // Mostly in the order in which they were sent: what lies in the middle of a chain counts only behind its beginning.
    const auto at = static_cast<std::ptrdiff_t>(random_.coin() ? 0 : random_.below(late_.size()));
    const SimRecord record = late_[static_cast<std::size_t>(at)];
    late_.erase(late_.begin() + at);
    const fb::Entry& entry = *record.view().entry;
    const bool counts = log_.land(record) == Judgement::counts;
    trace_.line("  late #{} epoch {} at {} {}", entry.seq(), entry.epoch(), log_.end() - 1,
                counts ? "counts" : "is ignored");
  }
}

void SimBroker::faultless(bool on) {
  faultless_ = on;
  if (!on) return;
  outage_ = 0;
  for (std::size_t writer = 0; writer < lines_.size(); ++writer) {
    while (has_requests(writer)) deliver(writer);
  }
  let_late_records_land(late_.size());
}

}  // namespace o2c::sim
