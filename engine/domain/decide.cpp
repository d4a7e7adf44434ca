#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

/// Version of the stream that a command with expected_version means.
std::optional<std::uint32_t> version_of(const CompanyState& state, std::string_view customer, std::string_view product,
                                        std::string_view quote, std::string_view order, std::string_view invoice,
                                        std::string_view receipt) {
  if (const auto* x = customer.empty() ? nullptr : state.customers.find(customer)) return x->version;
  if (const auto* x = product.empty() ? nullptr : state.products.find(product)) return x->version;
  if (const auto* x = quote.empty() ? nullptr : state.quotes.find(quote)) return x->version;
  if (const auto* x = order.empty() ? nullptr : state.orders.find(order)) return x->version;
  if (const auto* x = receipt.empty() ? nullptr : state.receipts.find(receipt)) return x->version;
  if (const auto* x = invoice.empty() ? nullptr : state.invoices.find(invoice)) return x->version;
  return std::nullopt;
}

/// The stream that the command changes, found by the name of its key field.
template <class T> std::optional<std::uint32_t> current_version(const CompanyState& state, const T& c) {
  std::string_view customer, product, quote, order, invoice, receipt;
  if constexpr (requires { c.customer()->customer(); }) customer = view(c.customer()->customer());
  if constexpr (requires { c.product()->product(); }) product = view(c.product()->product());
  if constexpr (requires { c.quote(); }) quote = view(c.quote());
  if constexpr (requires { c.order(); }) order = view(c.order());
  if constexpr (requires { c.invoice(); }) invoice = view(c.invoice());
  if constexpr (requires { c.receipt(); }) receipt = view(c.receipt());
  return version_of(state, customer, product, quote, order, invoice, receipt);
}

template <class T>
Verdict decide_checked(const CompanyState& state, const Context& context, const fb::Command& command, const T& body,
                       Decision& decision) {
  if (command.expected_version()) {
    const auto current = current_version(state, body);
    if (current.value_or(0) != *command.expected_version()) {
      return refuse(Refusal::stale_version, "/expected_version", fmt::format("is at version {}", current.value_or(0)));
    }
  }
  return decide(state, context, body, decision);
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::Command& command, Decision& decision) {
  if (!state.opened() && command.body_type() != fb::CommandBody::OpenCompany)
    return refuse(Refusal::company_unknown, "/company", std::string(context.company));
  switch (command.body_type()) {
#define O2C_CASE(Name) \
  case fb::CommandBody::Name: return decide_checked(state, context, command, *command.body_as_##Name(), decision);
    O2C_COMMANDS(O2C_CASE)
#undef O2C_CASE
    case fb::CommandBody::NONE: break;
  }
  return refuse(Refusal::invalid_value, "/body", "unknown command");
}

void evolve(CompanyState& state, const fb::Event& event) {
  switch (event.body_type()) {
#define O2C_CASE(Name) \
  case fb::EventBody::Name: return evolve(state, event, *event.body_as_##Name());
    O2C_EVENTS(O2C_CASE)
#undef O2C_CASE
    case fb::EventBody::NONE: break;
  }
  throw BrokenHistory("event of a type that this version does not know");
}

}  // namespace o2c
