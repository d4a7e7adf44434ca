#pragma once
#include "engine/domain/order/credit_check.hpp"

namespace o2c {

/// The order that a command names and the day of the fact; no fact of an order is dated before an earlier one.
template <class Command>
Verdict find_order(const CompanyState& state, const Context& context, const Command& command, const Order*& order,
                   Day& day) {
  order = state.orders.find(view(command.order()));
  if (!order) return refuse(Refusal::order_unknown, "/order", text(command.order()));
  return day_of(state, context, command.occurred_on(), order->last_on, day);
}

/// illegal_transition, or approval_pending where only the approval is missing; the detail names the state.
Verdict refuse_transition(const Order& order);
/// Accepts only a confirmed order that is not completed.
Verdict check_running(const Order& order);
/// A reason that a person has to give.
Verdict check_reason(const flatbuffers::String* reason);

/// Whether a registered user has a role.
bool has_role(const CompanyState& state, std::string_view user, std::string_view role);
/// Who may override a credit limit.
inline constexpr std::string_view credit_manager = "credit_manager";

/// Confirms a draft, the same wherever it begins (ConfirmOrder, CreateOrder with confirm): an approval rule that fires makes it wait for
/// approval, with nothing checked or reserved yet; otherwise accept_order follows. Sets the answer.
///
/// order   a draft; it need not be in the state yet.
Verdict confirm_order(const CompanyState& state, const Context& context, const Order& order, Day day,
                      Decision& decision);

/// Credit check and reservation of an order that needs no (further) approval by amount, discount or margin. Over the limit, the policy decides:
/// it waits for approval by a credit manager, or is confirmed with a credit hold and reserves nothing, or is refused.
///
/// override_limit  the excess was approved; it is recorded.
Verdict accept_order(const CompanyState& state, const Order& order, Day day, std::string_view confirmed_by,
                     bool override_limit, Decision& decision);

/// Puts a confirmed order on credit hold because of a check; what it has reserved goes back.
void hold_for_credit(const Order& order, const CreditCheck& check, Day day, Decision& decision);

/// Reserves for an order that was just granted, by the stock rules of the day.
Verdict reserve_granted(const CompanyState& state, const Order& order, Day day, Decision& decision);

}  // namespace o2c
