#include "engine/journal/lane_writer.hpp"

#include <algorithm>

#include "events/base/result.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

Tip tip_of(const EntryHead& head) { return {head.epoch, head.seq, head.hash}; }

auto find(LaneWriter::Overlay& overlay, const Hash32& hash) {
  return std::ranges::find(overlay, hash, &EntryHead::hash);
}

}  // namespace

void LaneWriter::named(bool by_group) {
  state_.named = by_group;
  state_.asks = false;
}

bool LaneWriter::may_open() const {
  const bool mine = state_.named && !state_.asks;
  return state_.phase == Phase::reading && (mine || O2C_BUG(opens_unasked));
}

bool LaneWriter::may_send() const { return state_.phase == Phase::serving && state_.named && !state_.asks; }

Tip LaneWriter::end() const { return state_.overlay.empty() ? place().tip : tip_of(state_.overlay.back()); }

std::uint64_t LaneWriter::accepted_seq() const {
  const Tip& tip = place().tip;
  const bool taken = tip.epoch > state_.lane_opened.epoch && !O2C_BUG(foreign_opening_answers);
  return taken ? tip.seq - 1 : tip.seq;
}

std::uint64_t LaneWriter::begin_open(const EntryHead& lane_opened) {
  const Tip& tip = place().tip;
  O2C_ASSERT(may_open() && lane_opened.opens && lane_opened.epoch == tip.epoch + 1);
  O2C_ASSERT(lane_opened.seq == tip.seq + 1 && lane_opened.prev_hash == tip.hash);
  state_.phase = Phase::opening;
  state_.lane_opened = lane_opened;
  return ++state_.tenure;
}

void LaneWriter::sent(const EntryHead& head) {
  const Tip on = end();
  O2C_ASSERT(may_send() && !head.opens && head.epoch == state_.lane_opened.epoch);
  O2C_ASSERT(head.seq == on.seq + 1 && head.prev_hash == on.hash);
  state_.overlay.push_back(head);
}

std::optional<Judgement> LaneWriter::read(std::int64_t offset, const EntryHead& head) {
  O2C_ASSERT(state_.phase != Phase::lost);
  const LogPosition before = state_.log;
  const std::optional<Judgement> verdict = state_.log.read(offset, head);
  if (!verdict) return verdict;
  if (O2C_BUG(serves_in_old_epoch) && has_lane() && head.opens) {
    state_.log = LogPosition(before.place(), offset + 1, true);
    return Judgement::ignored;
  }
  if (*verdict == Judgement::alarm) {
    lose(Loss::alarm);
  } else if (head.opens) {
    read_lane_opened(head, *verdict);
  } else {
    read_entry(head, *verdict);
  }
  return verdict;
}

void LaneWriter::read_lane_opened(const EntryHead& head, Judgement verdict) {
  const bool same_epoch = O2C_BUG(opened_by_epoch) && head.epoch == state_.lane_opened.epoch;
  const bool own = state_.tenure > 0 && (head.open_id == state_.lane_opened.open_id || same_epoch);
  if (own) {
    if (state_.phase != Phase::opening) return;  // a second copy
    if (verdict == Judgement::counts || same_epoch) {
      state_.phase = Phase::serving;
    } else {
      lose(Loss::fenced);
    }
    return;
  }
  // Counted or not: an owner that appends faster than another can open would otherwise never notice that the lane was given away.
  if (verdict == Judgement::counts || !O2C_BUG(ignored_opening_unnoticed)) state_.asks = true;
  if (verdict != Judgement::counts) return;
  if (O2C_BUG(epoch_not_checked)) return state_.overlay.clear();
  if (has_lane()) lose(Loss::fenced);
  state_.other_owner = true;
}

void LaneWriter::read_entry(const EntryHead& head, Judgement verdict) {
  if (!has_lane()) return;
  if (const auto own = find(state_.overlay, head.hash); own == state_.overlay.end()) {
    if (verdict == Judgement::counts) lose(Loss::alarm);  // nobody else can continue this epoch
  } else if (verdict == Judgement::ignored) {
    lose(Loss::unknown);  // it came before the one it was decided on; a second copy may come after
  } else {
    state_.overlay.erase(own);
    if (state_.overlay.empty()) state_.phase = Phase::serving;
  }
}

void LaneWriter::reported(std::uint64_t tenure, const Hash32& entry, const Delivery& delivery) {
  if (tenure != state_.tenure && !O2C_BUG(old_reports_taken)) return;
  if (state_.phase == Phase::opening && entry == state_.lane_opened.hash) return reported_open(delivery);
  if (!has_lane()) return;
  auto own = find(state_.overlay, entry);
  if (O2C_BUG(old_reports_taken) && tenure != state_.tenure) own = state_.overlay.begin();
  if (own == state_.overlay.end()) return;  // its fate was read
  if (!delivery.ok) return lose(Loss::unknown);
  if (state_.phase == Phase::settling) return;  // reading decides
  const bool in_order = own == state_.overlay.begin() || O2C_BUG(offset_alone_accepted);
  if (in_order && state_.log.accept(delivery.offset, *own)) {
    state_.overlay.erase(own);
    return;
  }
  // Also below the next offset: that may be a duplicate's wrong number. If it is true the log was cut, and reading again from the tip's own
  // record finds that.
  state_.phase = Phase::settling;
  state_.log.read_again();
}

void LaneWriter::reported_open(const Delivery& delivery) {
  if (!delivery.ok) return lose(Loss::unknown);
  // A success says that the LaneOpened lies in the log, not that it counts there: it is always read back.
  const bool exactly_next = delivery.offset == state_.log.next();
  const bool taken = exactly_next && O2C_BUG(opened_by_next_offset);
  if (taken || O2C_BUG(opening_not_read_back)) {
    state_.log = LogPosition({tip_of(state_.lane_opened), delivery.offset}, delivery.offset + 1, true);
    state_.phase = Phase::serving;
  }
}

void LaneWriter::fail() {
  if (state_.phase == Phase::opening || has_lane()) lose(Loss::unknown);
}

void LaneWriter::follow() {
  O2C_ASSERT(state_.phase == Phase::lost && state_.loss != Loss::alarm);
  state_.phase = Phase::reading;
  state_.loss = Loss::none;
  state_.log.read_again();
}

void LaneWriter::lose(Loss loss) {
  if (has_lane()) state_.other_owner = false;
  state_.phase = Phase::lost;
  state_.loss = loss;
  state_.overlay.clear();
}

}  // namespace o2c
