#pragma once
#include "engine/domain/quote/document.hpp"

namespace o2c {

/// Row 11: Draft -> Sent -> Accepted or Lost. Expired is derived (after valid_until), never stored.
enum class QuoteStatus : std::uint8_t { draft, sent, accepted, lost };

struct Quote {
  std::string id;
  std::uint32_t version = 0;   // events of the stream
  std::uint32_t revision = 1;  // 1 = as created
  QuoteStatus status = QuoteStatus::draft;
  SharedDocument document;
  std::optional<Date> valid_until;
  Date created_on, last_on;  // last_on: no later event is dated before it
  std::string order, lost_reason;
  template <class A> friend void archive(A& a, Quote& x) {
    a(x.id, x.version, x.revision, x.status, x.document, x.valid_until, x.created_on, x.last_on, x.order,
      x.lost_reason);
  }
};

}  // namespace o2c
