#pragma once
#include "engine/domain/archive.hpp"

namespace o2c {

/// Goods of a shipment to a partner whose answer has not been taken yet.
struct InTransit {
  std::string shipment;
  Currency currency = Currency::XXX;
  std::int64_t net_minor = 0;
  template <class A> friend void archive(A& a, InTransit& x) { a(x.shipment, x.currency, x.net_minor); }
};

/// Another company of the instance, and how far the messages to and from it are. It begins when it is set, or with the first message from it.
struct Partner {
  std::string id;  // the company's
  std::uint32_t version = 0;
  std::string customer;               // which customer it is here; empty: none
  std::string place;                  // where goods from it are received; empty: none are taken
  std::uint64_t sent = 0, taken = 0;  // number of the last message to it, and from it
  std::vector<InTransit> in_transit;  // in order of sending
  template <class A> friend void archive(A& a, Partner& x) {
    a(x.id, x.version, x.customer, x.place, x.sent, x.taken, x.in_transit);
  }
};

}  // namespace o2c
