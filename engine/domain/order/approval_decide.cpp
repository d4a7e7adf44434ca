#include "engine/domain/decide.hpp"
#include "engine/domain/order/confirmation.hpp"

namespace o2c {
namespace {

/// A registered user with every role that was asked for, and not the one who submitted (rows 20 and 21).
Verdict check_duty(const CompanyState& state, const Context& context, const Order& order) {
  for (const std::string& role : order.approval_roles) {
    if (!has_role(state, context.actor, role))
      return refuse(Refusal::not_authorised, "/actor", fmt::format("'{}' has not the role '{}'", context.actor, role));
  }
  if (order.submitted_by == context.actor)
    return refuse(Refusal::same_person, "/actor", fmt::format("'{}' submitted order {}", context.actor, order.id));
  return accept();
}

/// No limit registered means no authority: it is given, never assumed.
Verdict check_authority(const CompanyState& state, const Context& context, const Order& order) {
  const std::optional<Money>& limit = state.users.find(context.actor)->approval_limit;
  const Money total{order.document->total_minor(), order.document->currency};
  if (limit && limit->currency == total.currency && limit->amount_minor >= total.amount_minor) return accept();
  return refuse(Refusal::exceeds_authority, "/actor",
                fmt::format("the total is {}, '{}' may approve {}", format_money(total), context.actor,
                            limit ? format_money(*limit) : "nothing"));
}

template <class Command>
Verdict find_pending(const CompanyState& state, const Context& context, const Command& command, const Order*& order,
                     Day& day) {
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (order->status == OrderStatus::pending_approval) return accept();
  return refuse(Refusal::illegal_transition, "/order", fmt::format("order {} is {}", order->id, shown_status(*order)));
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::ApproveOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_pending(state, context, command, order, day); !v) return v;
  if (Verdict v = check_duty(state, context, *order); !v) return v;
  if (Verdict v = check_authority(state, context, *order); !v) return v;
  auto& b = decision.b;
  const auto id = b.CreateString(order->id), by = b.CreateString(context.actor);
  const auto comment = put(b, view(command.comment()));
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderApproved(b, id, by, comment));
  // The one who asked counts as the one who confirmed: a credit hold that follows is not theirs to override.
  return accept_order(state, *order, day, order->submitted_by, order->waits_for_credit, decision);
}

Verdict decide(const CompanyState& state, const Context& context, const fb::RejectOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_pending(state, context, command, order, day); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  if (Verdict v = check_duty(state, context, *order); !v) return v;
  auto& b = decision.b;
  const auto id = b.CreateString(order->id), by = b.CreateString(context.actor);
  const auto reason = b.CreateString(view(command.reason()));
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderRejected(b, id, by, reason));
  decision.answer(fb::StreamType::order, order->id, "rejected");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::WithdrawOrder& command,
               Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_pending(state, context, command, order, day); !v) return v;
  const auto id = decision.b.CreateString(order->id);
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderWithdrawn(decision.b, id));
  decision.answer(fb::StreamType::order, order->id, "draft");
  return accept();
}

}  // namespace o2c
