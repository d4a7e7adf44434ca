#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "events/codec/frame.hpp"

namespace o2c::sim {

/// What companies told each other and what goods went between them, kept from the events alone.
///
/// rules  Messages of a pair are numbered without holes, each is taken once, in order, and none that was not sent. What the buyer received of a
///        shipment is what the seller sent. I42: goods sent = arrived + not taken + on the way; nothing arrives that was not received; and when
///        every message is taken, nothing is on the way and both books agree.
class OwnTraffic {
 public:
  struct Sent {
    std::uint64_t seq = 0;  // of its entry
    std::uint32_t index = 0;
  };
  struct Channel {
    std::vector<Sent> sent;  // message n is at n − 1
    std::uint64_t taken = 0;
  };
  using Pair = std::pair<std::string, std::string>;  // sender, receiver

  void fold(const std::string& company, std::uint64_t seq, std::uint32_t index, const fb::Event& event);
  const std::map<Pair, Channel>& channels() const { return channels_; }
  /// Every message to one of these companies is taken, and so are the answers.
  void expect_drained(const std::set<std::string>& opened) const;

 private:
  struct Goods {
    std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> lines;  // product, quantity, net
    fb::Currency currency = fb::Currency::XXX;
    std::string stage = "sent";  // received, arrived; or refused, returned
  };
  using Shipment = std::pair<Pair, std::string>;  // seller, buyer; its id

  void sent(const std::string& company, const Sent& at, const fb::MessageSent& message);
  void taken(const std::string& company, const fb::MessageTaken& message);
  void received(const std::string& company, const fb::PurchaseReceived& purchase);
  void move_on(const Shipment& shipment, std::string_view from, std::string_view to);

  std::map<Pair, Channel> channels_;
  std::map<Shipment, Goods> goods_;
};

}  // namespace o2c::sim
