#include "engine/domain/decide.hpp"
#include "engine/domain/order/confirmation.hpp"
#include "engine/domain/stock/reservation.hpp"

namespace o2c {
namespace {

/// A client may send any byte.
Verdict check_kind(fb::HoldKind kind) {
  return kind <= fb::HoldKind::MAX ? accept()
                                   : refuse(Refusal::invalid_value, "/hold", fmt::format("{}", static_cast<int>(kind)));
}

/// The limit is checked again; a person other than the one who confirmed, with the role, may let it be exceeded.
Verdict check_release_of_credit(const CompanyState& state, const Context& context, const Order& order,
                                const CreditCheck& check, bool override_limit) {
  if (check.within()) return accept();
  if (!override_limit)
    return refuse(Refusal::exceeds_credit_limit, "/order", describe(check, order.document->currency));
  if (!has_role(state, context.actor, credit_manager)) {
    return refuse(Refusal::not_authorised, "/actor",
                  fmt::format("'{}' has not the role '{}'", context.actor, credit_manager));
  }
  if (order.confirmed_by == context.actor)
    return refuse(Refusal::same_person, "/actor", fmt::format("'{}' confirmed order {}", context.actor, order.id));
  return accept();
}

struct Release {
  fb::HoldKind hold = fb::HoldKind::manual;
  std::string_view reason, released_by;
  bool override_limit = false;
  const CreditCheck* credit = nullptr;
};
void add_released(const Order& order, const Release& release, Day day, Decision& decision) {
  auto& b = decision.b;
  const auto id = b.CreateString(order.id), reason = b.CreateString(release.reason);
  const auto by = b.CreateString(release.released_by);
  const auto credit = release.credit ? credit_check_to(b, *release.credit) : 0;
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateOrderReleased(b, id, release.hold, reason, by, release.override_limit, credit));
  const bool last = order.holds == 1u << static_cast<unsigned>(release.hold);
  decision.answer(fb::StreamType::order, order.id, is_completed(order) ? "completed" : last ? "confirmed" : "on_hold");
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::HoldOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (Verdict v = check_kind(command.hold()); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  if (Verdict v = check_running(*order); !v) return v;
  if (order->on_hold(command.hold()))
    return refuse(Refusal::already_done, "/hold", fb::EnumNameHoldKind(command.hold()));
  auto& b = decision.b;
  const auto id = b.CreateString(order->id), reason = b.CreateString(view(command.reason()));
  decision.add(fb::StreamType::order, order->id, order->version, day.occurred_on, day.posted_on,
               fb::CreateOrderHeld(b, id, command.hold(), reason));
  // Whoever is not trusted with the goods should not keep them from others; every other hold leaves them set aside.
  if (command.hold() == fb::HoldKind::credit)
    release_portions(*order, reserved_portions(*order), fb::ReleaseReason::held, day, decision);
  decision.answer(fb::StreamType::order, order->id, "on_hold");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReleaseOrder& command, Decision& decision) {
  const Order* order = nullptr;
  Day day;
  if (Verdict v = find_order(state, context, command, order, day); !v) return v;
  if (Verdict v = check_kind(command.hold()); !v) return v;
  if (Verdict v = check_reason(command.reason()); !v) return v;
  if (order->status != OrderStatus::confirmed) return refuse_transition(*order);
  if (!order->on_hold(command.hold()))
    return refuse(Refusal::hold_unknown, "/hold", fb::EnumNameHoldKind(command.hold()));
  Release release{command.hold(), view(command.reason()), context.actor, false, nullptr};
  if (command.hold() != fb::HoldKind::credit) {
    if (command.override_limit())
      return refuse(Refusal::invalid_value, "/override_limit", "only a credit hold has a limit");
    add_released(*order, release, day, decision);
    return accept();
  }
  CreditCheck check;
  if (Verdict v = check_credit(state, *order, rules_on(state.policies.credit_rules, day.occurred_on), check); !v)
    return v;
  if (Verdict v = check_release_of_credit(state, context, *order, check, command.override_limit()); !v) return v;
  if (Verdict v = check_exposure_range(state, order->document->dimensions->customer, check.order_minor); !v) return v;
  release.override_limit = !check.within();
  release.credit = &check;
  add_released(*order, release, day, decision);
  return reserve_granted(state, *order, day, decision);
}

}  // namespace o2c
