#include "engine/domain/decide.hpp"
#include "engine/domain/order/confirmation.hpp"
#include "engine/domain/pricing/pricing.hpp"
#include "engine/domain/stock/reservation.hpp"
#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

Verdict price_order(const CompanyState& state, const Context& context, Day day, const fb::DocumentRequest& request,
                    Document& document) {
  if (Verdict v = price_document(state, context, day.occurred_on, request, document); !v) return v;
  return check_exposure_range(state, document.dimensions->customer, document.total_minor());
}

struct ClosedLine {
  std::uint16_t line = 0;
  std::int64_t quantity = 0;
};

/// The lines to be closed: those that are named, each with something open, or all that have something open.
Verdict lines_to_close(const Order& order, const flatbuffers::Vector<std::uint16_t>* named,
                       std::vector<ClosedLine>& closed) {
  if (named && named->size() == 0) return refuse(Refusal::line_count, "/lines", "an empty list closes nothing");
  std::vector<bool> wanted(order.lines.size(), !named);
  for (flatbuffers::uoffset_t i = 0; named && i < named->size(); ++i) {
    const std::uint16_t line = named->Get(i);
    const std::string place = fmt::format("/lines/{}", i);
    if (line == 0 || line > order.lines.size())
      return refuse(Refusal::line_unknown, place, fmt::format("line {}", line));
    if (wanted[line - 1u]) return refuse(Refusal::invalid_value, place, fmt::format("line {} is named twice", line));
    if (order.open(line - 1u) == 0)
      return refuse(Refusal::nothing_to_do, place, fmt::format("nothing of line {} is open", line));
    wanted[line - 1u] = true;
  }
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const std::int64_t open = order.open(i), ahead = order.lines[i].invoiced - order.lines[i].shipped;
    if (!wanted[i] || open == 0) continue;
    if (ahead > 0) {
      return refuse(Refusal::illegal_transition, "/order",
                    fmt::format("{} of line {} are billed and not shipped: reverse the invoice first",
                                format_trimmed(ahead, quantity_decimals), i + 1));
    }
    closed.push_back({static_cast<std::uint16_t>(i + 1), open});
  }
  return closed.empty() ? refuse(Refusal::nothing_to_do, "/order", "nothing is open") : accept();
}

/// The part of the reservations that closed lines hold.
Portions reserved_of(const Order& order, const std::vector<ClosedLine>& closed) {
  Portions portions = reserved_portions(order);
  const auto stays = [&](const Portion& p) {
    return std::none_of(closed.begin(), closed.end(), [&](const ClosedLine& c) { return c.line == p.line; });
  };
  portions.erase(std::remove_if(portions.begin(), portions.end(), stays), portions.end());
  return portions;
}

bool closes_all(const Order& order, const std::vector<ClosedLine>& closed) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < order.lines.size(); ++i) open += order.open(i) > 0;
  return open == closed.size();
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::CreateOrder& command, Decision& decision) {
  Order order;
  Day day;
  if (Verdict v = new_id(state, command.order(), "SO", "/order", order.id); !v) return v;
  if (state.orders.contains(order.id)) return refuse(Refusal::order_exists, "/order", order.id);
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  const auto document = std::make_shared<Document>();
  if (Verdict v = price_order(state, context, day, *command.document(), *document); !v) return v;

  auto& b = decision.b;
  const auto data = document_to(b, *document);
  const auto id = b.CreateString(order.id);
  decision.add(fb::StreamType::order, order.id, 0, day.occurred_on, day.posted_on, fb::CreateOrderCreated(b, id, data));
  decision.answer(fb::StreamType::order, order.id, "draft");
  if (!command.confirm()) return accept();
  order.document = document;
  order.lines.resize(document->lines.size());
  Verdict confirmed = confirm_order(state, context, order, day, decision);
  if (!confirmed && confirmed.place == "/order")
    confirmed.place = "/document";  // the order is not named in this command
  return confirmed;
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReviseOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (order->status != OrderStatus::draft && order->status != OrderStatus::rejected) return refuse_transition(*order);
  Document document;
  if (Verdict v = price_order(state, context, day, *command.document(), document); !v) return v;
  if (document.dimensions->customer != order->document->dimensions->customer) {
    return refuse(Refusal::invalid_value, "/document/customer",
                  fmt::format("order {} is of customer {}", order->id, order->document->dimensions->customer));
  }
  auto& b = decision.b;
  const auto data = document_to(b, document);
  const auto id = b.CreateString(order->id);
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderRevised(b, id, data, order->revision + 1));
  decision.answer(fb::StreamType::order, order->id, "draft");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ConfirmOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (order->status != OrderStatus::draft) return refuse_transition(*order);
  return confirm_order(state, context, *order, day, decision);
}

Verdict decide(const CompanyState& state, const Context& context, const fb::CancelOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  const bool before = order->status == OrderStatus::draft || order->status == OrderStatus::pending_approval;
  if (!before && order->status != OrderStatus::confirmed) return refuse_transition(*order);
  if (fulfilment_status(*order) != Progress::none || billing_status(*order) != Progress::none ||
      order->freight_invoiced) {
    return refuse(Refusal::illegal_transition, "/order",
                  fmt::format("order {} is shipped or billed in part: close the rest instead", order->id));
  }
  auto& b = decision.b;
  const auto id = b.CreateString(order->id), reason = b.CreateString(view(command.reason()));
  if (!O2C_BUG(cancel_keeps_reservation))
    release_portions(*order, reserved_portions(*order), fb::ReleaseReason::cancelled, day, decision);
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderCancelled(b, id, reason));
  decision.answer(fb::StreamType::order, order->id, "cancelled");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ShortCloseOrder& command,
               Decision& decision) {
  const Order* order = nullptr;
  Day day;
  std::vector<ClosedLine> closed;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  if (Verdict v = check_running(*order); !v) return v;
  if (Verdict v = lines_to_close(*order, command.lines(), closed); !v) return v;

  auto& b = decision.b;
  if (!O2C_BUG(short_close_keeps_reservation))
    release_portions(*order, reserved_of(*order, closed), fb::ReleaseReason::short_closed, day, decision);
  std::vector<flatbuffers::Offset<fb::ClosedLine>> lines;
  for (const ClosedLine& c : closed) {
    const fb::Quantity quantity{c.quantity};
    lines.push_back(fb::CreateClosedLine(b, c.line, &quantity));
  }
  const auto id = b.CreateString(order->id), reason = b.CreateString(view(command.reason()));
  const auto list = b.CreateVector(lines);
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderShortClosed(b, id, list, reason));
  decision.answer(fb::StreamType::order, order->id, closes_all(*order, closed) ? "short_closed" : shown_status(*order));
  return accept();
}

}  // namespace o2c
