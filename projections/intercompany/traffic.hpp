#pragma once
#include <deque>
#include <map>
#include <string>

#include "events/base/checked.hpp"
#include "projections/runtime/fact.hpp"
#include "projections/runtime/report.hpp"

namespace o2c {

/// The messages and goods between the companies of an instance, over all lanes.
///
/// Figures  net values in minor units of the order's currency; currencies are never added up.
/// Order    lanes are folded independently: a message may be seen as taken before it is seen as sent.
/// Threads  fold by one; the rest by any number while nobody folds.
class Traffic {
 public:
  /// A message that its receiver's journal does not show yet, and where it lies in its sender's.
  struct Waiting {
    std::uint64_t number = 0, seq = 0;
    std::uint32_t index = 0;
  };
  /// Goods of one pair of companies in one currency, by the seller's books and, received, by the buyer's.
  struct Goods {
    Int128 sent = 0, arrived = 0, returned = 0, received = 0;
    Int128 on_the_way() const { return sent - arrived - returned; }
  };
  struct Channel {
    LaneIndex lane = 0;  // the sender's
    std::uint64_t sent = 0, taken = 0;
    std::deque<Waiting> waiting;  // ascending by number
    std::map<Currency, Goods> goods;
  };
  using Pair = std::pair<std::string, std::string>;  // sender, receiver

  void fold(std::string_view company, LaneIndex lane, const Fact& fact);

  const std::map<Pair, Channel>& channels() const { return channels_; }
  /// cost  O(1).
  bool anything_waits() const { return waiting_ > 0; }

  /// One row for each pair and currency: messages and goods both ways of looking at them. `difference` is what the seller's books say arrived
  /// less what the buyer's say came in: zero whenever nothing is on the way (I42).
  Report report() const;
  Hash32 content_hash() const;

 private:
  Channel& channel(std::string_view from, std::string_view to);
  void sent(std::string_view company, LaneIndex lane, const Fact& fact, const fb::MessageSent& message);
  void taken(Channel& channel, std::uint64_t number);

  std::map<Pair, Channel> channels_;
  std::size_t waiting_ = 0;  // over all channels
};

}  // namespace o2c
