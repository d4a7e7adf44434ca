#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

/// Everything but id, version and exposure: those belong to the books, not to the record.
void take_over(Customer& c, const fb::CustomerData& data) {
  c.name = view(data.name());
  c.currency = data.currency();
  c.payment_terms = view(data.payment_terms());
  c.grade = view(data.grade());
  c.credit_limit = data.credit_limit() ? std::optional{Money::from(*data.credit_limit())} : std::nullopt;
  c.credit_group = view(data.credit_group());
  c.seller = view(data.seller());
  c.team = view(data.team());
  c.region = view(data.region());
  c.tax_id = view(data.tax_id());
  c.payer = view(data.payer());
  c.sold_to = address_from(*data.sold_to());
  c.bill_to = data.bill_to() ? std::optional{address_from(*data.bill_to())} : std::nullopt;
  c.ship_to = addresses_from(data.ship_to());
  c.attributes = attributes_from(data.attributes());
  c.refresh_shared();
}

/// The decider has seen that the sum fits.
void move_exposure(CompanyState& state, std::string_view group_id, const Exposure& exposure, int sign) {
  if (group_id.empty()) return;
  Exposure& sum = state.credit_groups.change(group_id).exposure;
  sum.receivables_minor += sign * exposure.receivables_minor;
  sum.orders_minor += sign * exposure.orders_minor;
  sum.drafts_minor += sign * exposure.drafts_minor;
  sum.unapplied_minor += sign * exposure.unapplied_minor;
}

void take_over(User& user, const fb::UserData& data) {
  user.name = view(data.name());
  user.roles.clear();
  if (data.roles()) {
    for (const flatbuffers::String* role : *data.roles()) user.roles.push_back(text(role));
  }
  user.approval_limit = data.approval_limit() ? std::optional{Money::from(*data.approval_limit())} : std::nullopt;
}

}  // namespace

void Customer::refresh_shared() {
  dimensions =
      std::make_shared<const Dimensions>(Dimensions{id, version, grade, seller, team, region, sold_to.country});
  delivery = std::make_shared<const std::vector<Address>>(ship_to.empty() ? std::vector{sold_to} : ship_to);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::CustomerRegistered& body) {
  Customer& customer = state.customers.add(view(body.customer()->customer()));
  customer.version = event.stream_version();
  take_over(customer, *body.customer());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::CustomerChanged& body) {
  Customer& customer = state.customers.change(view(body.customer()->customer()));
  customer.version = event.stream_version();
  const bool moves = view(body.customer()->credit_group()) != customer.credit_group;
  if (moves) move_exposure(state, customer.credit_group, customer.exposure, -1);
  take_over(customer, *body.customer());
  if (moves) move_exposure(state, customer.credit_group, customer.exposure, 1);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::CreditGroupSet& body) {
  CreditGroup& group = state.credit_groups.change_or_add(view(body.credit_group()));
  group.version = event.stream_version();
  group.credit_limit = Money::from(*body.credit_limit());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::UserRegistered& body) {
  User& user = state.users.add(view(body.user()->user()));
  user.version = event.stream_version();
  take_over(user, *body.user());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::UserChanged& body) {
  User& user = state.users.change(view(body.user()->user()));
  user.version = event.stream_version();
  take_over(user, *body.user());
}

}  // namespace o2c
