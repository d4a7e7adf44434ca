#include "engine/domain/order/confirmation.hpp"

#include "engine/domain/pricing/pricing.hpp"
#include "engine/domain/stock/reservation.hpp"

namespace o2c {
namespace {

using Names = boost::container::small_vector<flatbuffers::Offset<flatbuffers::String>, 4>;

/// Absent when there are none.
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>> names_to(
    flatbuffers::FlatBufferBuilder& b, const Names& names) {
  if (names.empty()) return 0;
  return b.CreateVector(names.data(), names.size());
}

/// The rules in force, and their version's name among those that the decision used.
template <class T>
const T& use_rules(const IdTable<PolicyHistory<T>>& table, Date day, flatbuffers::FlatBufferBuilder& b, Names& used) {
  const PolicyHistory<T>* history = table.find("default");
  const PolicyVersion<T>* version = history ? history->on(day) : nullptr;
  if (version) used.push_back(b.CreateString(version_name(*history, *version)));
  return version ? version->content : rules_on(table, day);
}

/// Who has to approve, and why: for each reason the most demanding of the rules that fire.
struct Approval {
  std::vector<std::string_view> roles;
  std::vector<fb::ApprovalReason> reasons;
  Names policies;
  bool needed() const { return !reasons.empty(); }
  void require(fb::ApprovalReason reason, std::string_view role) {
    reasons.push_back(reason);
    if (std::find(roles.begin(), roles.end(), role) == roles.end()) roles.push_back(role);
  }
};

/// A threshold in another currency says nothing about this total; when none is in its own, a person has to look.
bool reaches_amount(const Document& d, const ApprovalRules& rules, bool other_currencies) {
  if (!rules.total_from) return false;
  return rules.total_from->currency == d.currency ? d.total_minor() >= rules.total_from->amount_minor
                                                  : other_currencies;
}
bool has_amount_in(const CompanyState& state, Currency currency, Date day) {
  return std::ranges::any_of(state.policies.approval_rules.rows(), [&](const PolicyHistory<ApprovalRules>& level) {
    const PolicyVersion<ApprovalRules>* version = level.on(day);
    return version && version->content.total_from && version->content.total_from->currency == currency;
  });
}

/// What the lines would come to without a concession: their own price, or the waterfall's where a price was named below it. Lists change; what
/// counts is the lower of the waterfall on the day the document was begun and on this day, so a price from a list is no concession.
Int128 full_value(const CompanyState& state, const Order& order, Date day) {
  const Quote* quote = order.quote.empty() ? nullptr : state.quotes.find(order.quote);
  const Document& d = *order.document;
  const auto begun = waterfall_values(state, d, quote ? quote->created_on : order.created_on),
             now = waterfall_values(state, d, day);
  Int128 full = 0;
  for (std::size_t i = 0; i < d.lines.size(); ++i) {
    const std::int64_t own = d.lines[i].list_minor;
    full += begun[i] && now[i] ? std::max(own, std::min(*begun[i], *now[i])) : own;
  }
  return full;
}
/// Σ discounts / Σ list, cross-multiplied: no quotient is rounded.
bool reaches_discount(Int128 full, Int128 net, const ApprovalRules& rules) {
  return rules.discount_from_ppm && full > 0 && (full - net) * one_ppm >= full * *rules.discount_from_ppm;
}

/// (net − cost) / net, likewise. A margin that is not known, because the cost of a line is not, may lie below.
bool falls_below_margin(const Document& d, const ApprovalRules& rules) {
  if (!rules.margin_below_ppm) return false;
  Int128 cost = 0;
  for (const PricedLine& line : d.lines) {
    if (!line.cost_minor) return true;
    cost += *line.cost_minor;
  }
  return (d.net_minor - cost) * one_ppm < static_cast<Int128>(d.net_minor) * *rules.margin_below_ppm;
}

Approval approval_of(const CompanyState& state, const Order& order, Date day, flatbuffers::FlatBufferBuilder& b) {
  Approval approval;
  const Document& document = *order.document;
  std::optional<Int128> full;  // looked up when a rule asks
  const ApprovalRules *amount = nullptr, *discount = nullptr, *margin = nullptr;
  const bool other_currencies = !has_amount_in(state, document.currency, day);
  for (const PolicyHistory<ApprovalRules>& level : state.policies.approval_rules.rows()) {
    const PolicyVersion<ApprovalRules>* version = level.on(day);
    if (!version) continue;
    const ApprovalRules& rules = version->content;
    if (rules.discount_from_ppm && !full) full = full_value(state, order, day);
    const bool by_amount = reaches_amount(document, rules, other_currencies),
               by_discount = full && reaches_discount(*full, document.net_minor, rules),
               by_margin = falls_below_margin(document, rules);
    if (by_amount && (!amount || rules.total_from->amount_minor > amount->total_from->amount_minor)) amount = &rules;
    if (by_discount && (!discount || *rules.discount_from_ppm > *discount->discount_from_ppm)) discount = &rules;
    if (by_margin && (!margin || *rules.margin_below_ppm < *margin->margin_below_ppm)) margin = &rules;
    if (by_amount || by_discount || by_margin)
      approval.policies.push_back(b.CreateString(version_name(level, *version)));
  }
  if (amount) approval.require(fb::ApprovalReason::amount, amount->role);
  if (discount) approval.require(fb::ApprovalReason::discount, discount->role);
  if (margin) approval.require(fb::ApprovalReason::margin, margin->role);
  return approval;
}

void submit(const Order& order, const Approval& approval, std::string_view submitted_by, Day day, Decision& decision) {
  auto& b = decision.b;
  Names further;
  for (std::size_t i = 1; i < approval.roles.size(); ++i) further.push_back(b.CreateString(approval.roles[i]));
  const auto id = b.CreateString(order.id), role = b.CreateString(approval.roles[0]);
  const auto reasons = b.CreateVector(approval.reasons);
  const auto by = b.CreateString(submitted_by);
  const auto roles = names_to(b, further);
  const auto policies = names_to(b, approval.policies);
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateOrderSubmitted(b, id, role, reasons, by, roles, policies));
  decision.answer(fb::StreamType::order, order.id, "pending_approval");
}

}  // namespace

Verdict refuse_transition(const Order& order) {
  const bool pending = order.status == OrderStatus::pending_approval;
  return refuse(pending ? Refusal::approval_pending : Refusal::illegal_transition, "/order",
                fmt::format("order {} is {}", order.id, shown_status(order)));
}

Verdict check_running(const Order& order) {
  return order.status == OrderStatus::confirmed && !is_completed(order) ? accept() : refuse_transition(order);
}

Verdict check_reason(const flatbuffers::String* reason) {
  return view(reason).empty() ? refuse(Refusal::invalid_value, "/reason", "a reason is needed") : accept();
}

bool has_role(const CompanyState& state, std::string_view user, std::string_view role) {
  const User* u = state.users.find(user);
  return u && std::find(u->roles.begin(), u->roles.end(), role) != u->roles.end();
}

Verdict confirm_order(const CompanyState& state, const Context& context, const Order& order, Day day,
                      Decision& decision) {
  const Approval approval = approval_of(state, order, day.occurred_on, decision.b);
  if (!approval.needed()) return accept_order(state, order, day, context.actor, false, decision);
  submit(order, approval, context.actor, day, decision);
  return accept();
}

Verdict accept_order(const CompanyState& state, const Order& order, Day day, std::string_view confirmed_by,
                     bool override_limit, Decision& decision) {
  auto& b = decision.b;
  Names policies;
  const CreditRules& rules = use_rules(state.policies.credit_rules, day.occurred_on, b, policies);
  CreditCheck check;
  if (Verdict v = check_credit(state, order, rules, check); !v) return v;
  const bool over = !check.within();
  if (over && !override_limit && rules.over_limit == fb::OverLimit::refuse) {
    return refuse(Refusal::exceeds_credit_limit, "/order", describe(check, order.document->currency));
  }
  if (over && !override_limit && rules.over_limit == fb::OverLimit::approve) {
    submit(order, {{credit_manager}, {fb::ApprovalReason::credit}, policies}, confirmed_by, day, decision);
    return accept();
  }
  const bool held = over && !override_limit;
  if (!held) use_rules(state.policies.stock_rules, day.occurred_on, b, policies);
  const auto id = b.CreateString(order.id), by = b.CreateString(confirmed_by);
  const auto credit = credit_check_to(b, check);
  const auto used = names_to(b, policies);
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateOrderConfirmed(b, id, credit, by, over && override_limit, used));
  decision.answer(fb::StreamType::order, order.id, held ? "on_hold" : "confirmed");
  if (!held) return reserve_granted(state, order, day, decision);
  hold_for_credit(order, check, day, decision);
  return accept();
}

void hold_for_credit(const Order& order, const CreditCheck& check, Day day, Decision& decision) {
  auto& b = decision.b;
  const auto id = b.CreateString(order.id), reason = b.CreateString(describe(check, order.document->currency));
  const auto credit = credit_check_to(b, check);
  decision.add(fb::StreamType::order, order.id, order.version, day.occurred_on, day.posted_on,
               fb::CreateOrderHeld(b, id, fb::HoldKind::credit, reason, credit));
  release_portions(order, reserved_portions(order), fb::ReleaseReason::held, day, decision);
  decision.answer(fb::StreamType::order, order.id, "on_hold");
}

Verdict reserve_granted(const CompanyState& state, const Order& order, Day day, Decision& decision) {
  const StockRules& rules = rules_on(state.policies.stock_rules, day.occurred_on);
  const Shortage shortage =
      rules.when_short == fb::WhenShort::refuse ? Shortage::refuse : Shortage::reserve_what_is_free;
  return reserve_missing(state, order, rules, shortage, day, decision);
}

}  // namespace o2c
