#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

Verdict check_limit(const fb::Money& limit, Currency currency, std::string_view place) {
  if (limit.currency() != currency) {
    return refuse(Refusal::currency_mismatch, std::string(place),
                  fmt::format("{}, expected {}", currency_code(limit.currency()), currency_code(currency)));
  }
  if (limit.amount_minor() < 0) return refuse(Refusal::invalid_value, std::string(place), "a limit is not negative");
  return accept();
}

/// A member brings its exposure along; the group's sum has to hold it.
bool fits(const Exposure& sum, const Exposure& more) {
  return checked_add(sum.receivables_minor, more.receivables_minor) &&
         checked_add(sum.orders_minor, more.orders_minor) && checked_add(sum.drafts_minor, more.drafts_minor) &&
         checked_add(sum.unapplied_minor, more.unapplied_minor);
}

Verdict check_group(const CompanyState& state, const fb::CustomerData& data, const Customer* before) {
  const std::string_view id = view(data.credit_group());
  if (id.empty()) return accept();
  const CreditGroup* group = state.credit_groups.find(id);
  if (!group) return refuse(Refusal::credit_group_unknown, "/customer/credit_group", std::string(id));
  if (group->credit_limit.currency != data.currency()) {
    return refuse(Refusal::currency_mismatch, "/customer/credit_group",
                  fmt::format("the group's limit is in {}", currency_code(group->credit_limit.currency)));
  }
  if (before && before->credit_group != id && !fits(group->exposure, before->exposure))
    return refuse(Refusal::number_range, "/customer/credit_group");
  return accept();
}

Verdict check_addresses_of(const fb::CustomerData& data) {
  if (view(data.sold_to()->country()).empty())
    return refuse(Refusal::invalid_value, "/customer/sold_to/country", "an address names its country");
  if (data.bill_to() && view(data.bill_to()->country()).empty()) {
    return refuse(Refusal::invalid_value, "/customer/bill_to/country", "an address names its country");
  }
  return check_addresses(data.ship_to(), "/customer/ship_to");
}

Verdict check(const CompanyState& state, const fb::CustomerData& data, const Customer* before) {
  if (view(data.name()).empty()) return refuse(Refusal::invalid_value, "/customer/name", "a customer has a name");
  if (!is_known(data.currency())) return refuse(Refusal::currency_unknown, "/customer/currency");
  if (auto v = check_addresses_of(data); !v) return v;
  if (auto v = check_attributes(data.attributes(), "/customer/attributes"); !v) return v;
  if (data.credit_limit()) {
    if (auto v = check_limit(*data.credit_limit(), data.currency(), "/customer/credit_limit"); !v) return v;
  }
  if (auto v = check_group(state, data, before); !v) return v;
  const std::string_view payer = view(data.payer());
  if (!payer.empty() && payer != view(data.customer()) && !state.customers.contains(payer)) {
    return refuse(Refusal::customer_unknown, "/customer/payer", std::string(payer));
  }
  // In force on which day is asked by each document; here the name has to mean something at all.
  const std::string_view terms = view(data.payment_terms());
  if (!terms.empty() && !state.policies.payment_terms.contains(terms))
    return refuse(Refusal::terms_unknown, "/customer/payment_terms", std::string(terms));
  return accept();
}

/// A document or a receipt is in the customer's currency; the currency of a customer with history stays.
bool has_documents(const CompanyState& state, std::string_view customer) {
  const auto by_document = [&](const auto& row) { return row.document->dimensions->customer == customer; };
  const auto by_name = [&](const auto& row) { return row.customer == customer; };
  return std::ranges::any_of(state.quotes.rows(), by_document) ||
         std::ranges::any_of(state.orders.rows(), by_document) || std::ranges::any_of(state.invoices.rows(), by_name) ||
         std::ranges::any_of(state.receipts.rows(), by_name);
}

flatbuffers::Offset<fb::CustomerData> copy(Builder& b, const fb::CustomerData& d) {
  const auto id = b.CreateString(view(d.customer())), name = b.CreateString(view(d.name()));
  const auto terms = put(b, view(d.payment_terms())), grade = put(b, view(d.grade())),
             group = put(b, view(d.credit_group()));
  const auto seller = put(b, view(d.seller())), team = put(b, view(d.team())), region = put(b, view(d.region()));
  const auto tax_id = put(b, view(d.tax_id())), payer = put(b, view(d.payer()));
  const auto sold_to = address_to(b, address_from(*d.sold_to()));
  const auto bill_to = d.bill_to() ? address_to(b, address_from(*d.bill_to())) : flatbuffers::Offset<fb::Address>{};
  const auto ship_to = addresses_to(b, addresses_from(d.ship_to()));
  const auto attributes = attributes_to(b, attributes_from(d.attributes()));
  return fb::CreateCustomerData(b, id, name, d.currency(), terms, grade, d.credit_limit(), group, seller, team, region,
                                tax_id, sold_to, bill_to, ship_to, payer, attributes);
}

Verdict check(const fb::UserData& data) {
  if (view(data.name()).empty()) return refuse(Refusal::invalid_value, "/user/name", "a user has a name");
  if (data.roles()) {
    for (flatbuffers::uoffset_t i = 0; i < data.roles()->size(); ++i) {
      if (auto v = check_id(view(data.roles()->Get(i)), fmt::format("/user/roles/{}", i)); !v) return v;
    }
  }
  if (const fb::Money* limit = data.approval_limit()) {
    if (!is_known(limit->currency())) return refuse(Refusal::currency_unknown, "/user/approval_limit");
    return check_limit(*limit, limit->currency(), "/user/approval_limit");
  }
  return accept();
}

flatbuffers::Offset<fb::UserData> copy(Builder& b, const fb::UserData& d) {
  std::vector<flatbuffers::Offset<flatbuffers::String>> roles;
  if (d.roles()) {
    for (const flatbuffers::String* role : *d.roles()) roles.push_back(b.CreateString(view(role)));
  }
  const auto id = b.CreateString(view(d.user())), name = b.CreateString(view(d.name()));
  return fb::CreateUserData(b, id, name, roles.empty() ? 0 : b.CreateVector(roles), d.approval_limit());
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::RegisterCustomer& command,
               Decision& decision) {
  const std::string_view id = view(command.customer()->customer());
  if (auto v = check_id(id, "/customer/customer"); !v) return v;
  if (state.customers.contains(id)) return refuse(Refusal::customer_exists, "/customer/customer", std::string(id));
  if (auto v = check(state, *command.customer(), nullptr); !v) return v;
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::customer, id, 0, day.occurred_on, day.posted_on,
               fb::CreateCustomerRegistered(decision.b, copy(decision.b, *command.customer())));
  decision.answer(fb::StreamType::customer, id, "active");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ChangeCustomer& command,
               Decision& decision) {
  const std::string_view id = view(command.customer()->customer());
  const Customer* before = state.customers.find(id);
  if (!before) return refuse(Refusal::customer_unknown, "/customer/customer", std::string(id));
  if (auto v = check(state, *command.customer(), before); !v) return v;
  if (command.customer()->currency() != before->currency && has_documents(state, id)) {
    return refuse(Refusal::currency_mismatch, "/customer/currency",
                  fmt::format("there are documents in {}", currency_code(before->currency)));
  }
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::customer, id, before->version, day.occurred_on, day.posted_on,
               fb::CreateCustomerChanged(decision.b, copy(decision.b, *command.customer())));
  decision.answer(fb::StreamType::customer, id, "active");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::SetCreditGroup& command,
               Decision& decision) {
  const std::string_view id = view(command.credit_group());
  if (auto v = check_id(id, "/credit_group"); !v) return v;
  const Currency currency = command.credit_limit()->currency();
  if (!is_known(currency)) return refuse(Refusal::currency_unknown, "/credit_limit");
  if (auto v = check_limit(*command.credit_limit(), currency, "/credit_limit"); !v) return v;
  const CreditGroup* before = state.credit_groups.find(id);
  const auto is_member = [&](const Customer& customer) { return customer.credit_group == id; };
  if (before && before->credit_limit.currency != currency && std::ranges::any_of(state.customers.rows(), is_member)) {
    return refuse(Refusal::currency_mismatch, "/credit_limit",
                  fmt::format("the members are in {}", currency_code(before->credit_limit.currency)));
  }
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::credit_group, id, before ? before->version : 0, day.occurred_on, day.posted_on,
               fb::CreateCreditGroupSet(decision.b, decision.b.CreateString(id), command.credit_limit()));
  decision.answer(fb::StreamType::credit_group, id, "active");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::RegisterUser& command, Decision& decision) {
  const std::string_view id = view(command.user()->user());
  if (auto v = check_id(id, "/user/user"); !v) return v;
  if (state.users.contains(id)) return refuse(Refusal::user_exists, "/user/user", std::string(id));
  if (auto v = check(*command.user()); !v) return v;
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::user, id, 0, day.occurred_on, day.posted_on,
               fb::CreateUserRegistered(decision.b, copy(decision.b, *command.user())));
  decision.answer(fb::StreamType::user, id, "active");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ChangeUser& command, Decision& decision) {
  const std::string_view id = view(command.user()->user());
  const User* before = state.users.find(id);
  if (!before) return refuse(Refusal::user_unknown, "/user/user", std::string(id));
  if (auto v = check(*command.user()); !v) return v;
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::user, id, before->version, day.occurred_on, day.posted_on,
               fb::CreateUserChanged(decision.b, copy(decision.b, *command.user())));
  decision.answer(fb::StreamType::user, id, "active");
  return accept();
}

}  // namespace o2c
