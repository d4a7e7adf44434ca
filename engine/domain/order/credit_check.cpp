#include "engine/domain/order/credit_check.hpp"

#include "events/base/seeded_bug.hpp"

namespace o2c {
namespace {

/// Row 76: cash not matched yet lowers it, drafts count where the policy says so.
Int128 counted(const Exposure& e, const CreditRules& rules) {
  return static_cast<Int128>(e.receivables_minor) + (O2C_BUG(credit_ignores_orders) ? 0 : e.orders_minor) -
         e.unapplied_minor + (rules.drafts_count ? e.drafts_minor : 0);
}

/// What of the order is inside `counted` already.
std::int64_t own_part(const Order& order, const CreditRules& rules) {
  return order.counts_as_draft && !rules.drafts_count ? 0 : order.exposure_minor;
}

Verdict compare(const Exposure& exposure, const Order& order, const CreditRules& rules, std::optional<Money> limit,
                std::string_view group, CreditCheck& check) {
  const auto others = narrow(counted(exposure, rules) - own_part(order, rules));
  if (!others) return refuse(Refusal::number_range, "/order", "the exposure does not fit into 64 bits");
  check = {*others, open_value_minor(order), std::nullopt, group};
  if (limit) check.limit_minor = limit->amount_minor;
  return accept();
}

Int128 room(const CreditCheck& check) {
  return static_cast<Int128>(*check.limit_minor) - check.exposure_minor - check.order_minor;
}

Int128 magnitude(std::int64_t value) { return value < 0 ? -static_cast<Int128>(value) : value; }

bool has_room(const Exposure& e, std::int64_t added) {
  // A quarter of the range is left for parts in which the same money is counted for a moment while it moves from one to the other.
  constexpr Int128 most = std::numeric_limits<std::int64_t>::max() / 4;
  return magnitude(e.receivables_minor) + magnitude(e.orders_minor) + magnitude(e.drafts_minor) +
             magnitude(e.unapplied_minor) + magnitude(added) <=
         most;
}

}  // namespace

Verdict check_credit(const CompanyState& state, const Order& order, const CreditRules& rules, CreditCheck& check) {
  const Customer* customer = state.customers.find(order.document->dimensions->customer);
  if (!customer) return refuse(Refusal::customer_unknown, "/order", order.document->dimensions->customer);
  if (Verdict v = compare(customer->exposure, order, rules, customer->credit_limit, {}, check); !v) return v;
  const CreditGroup* group =
      customer->credit_group.empty() ? nullptr : state.credit_groups.find(customer->credit_group);
  if (!group) return accept();
  CreditCheck shared;
  if (Verdict v = compare(group->exposure, order, rules, group->credit_limit, group->id, shared); !v) return v;
  if (!check.limit_minor || room(shared) < room(check)) check = shared;
  return accept();
}

Verdict check_exposure_range(const CompanyState& state, std::string_view customer, std::int64_t added_minor) {
  const Customer* c = state.customers.find(customer);
  if (!c) return accept();
  const CreditGroup* group = c->credit_group.empty() ? nullptr : state.credit_groups.find(c->credit_group);
  if (has_room(c->exposure, added_minor) && (!group || has_room(group->exposure, added_minor))) return accept();
  return refuse(Refusal::number_range, "/document",
                fmt::format("the exposure of customer {} would not fit into 64 bits", customer));
}

flatbuffers::Offset<fb::CreditCheck> credit_check_to(flatbuffers::FlatBufferBuilder& b, const CreditCheck& check) {
  const auto group = put(b, check.credit_group);
  fb::CreditCheckBuilder out(b);
  out.add_exposure_minor(check.exposure_minor);
  out.add_order_minor(check.order_minor);
  if (check.limit_minor) out.add_limit_minor(*check.limit_minor);
  out.add_credit_group(group);
  return out.Finish();
}

std::string describe(const CreditCheck& check, Currency currency) {
  return fmt::format("exposure {} + order {} exceeds the limit {}{}{}", format_amount(check.exposure_minor, currency),
                     format_amount(check.order_minor, currency),
                     format_money({check.limit_minor.value_or(0), currency}),
                     check.credit_group.empty() ? "" : " of group ", check.credit_group);
}

}  // namespace o2c
