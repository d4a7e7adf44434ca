// What the parameters of a question may say: a word of a list, or a name that the books know.
#include <algorithm>

#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

std::string_view value_of(const Customer& customer, Dimension dimension) {
  switch (dimension) {
    case Dimension::customer: return customer.id;
    case Dimension::country: return customer.sold_to.country;
    case Dimension::region: return customer.region;
    case Dimension::seller: return customer.seller;
    case Dimension::team: return customer.team;
    case Dimension::grade: return customer.grade;
  }
  return {};
}

/// Some customer has the value now, or some document was made when one had.
template <Dimension dimension>
bool knows_dimension(const QueryContext& q, const CompanyState& state, std::string_view value) {
  return q.company.receivables.knows(dimension, value) || q.company.sales.store().knows(dimension, value) ||
         std::ranges::any_of(state.customers.rows(),
                             [&](const Customer& customer) { return value_of(customer, dimension) == value; });
}

/// Parameters that name something, whatever the question, and whether the books have ever heard of it.
struct Name {
  std::string_view parameter;
  bool (*knows)(const QueryContext& q, const CompanyState& state, std::string_view value);
};
constexpr Name names[] = {
    {"customer",
     [](const auto&, const CompanyState& state, auto value) { return state.customers.find(value) != nullptr; }},
    {"country", knows_dimension<Dimension::country>},
    {"region", knows_dimension<Dimension::region>},
    {"seller", knows_dimension<Dimension::seller>},
    {"team", knows_dimension<Dimension::team>},
    {"grade", knows_dimension<Dimension::grade>},
    {"order", [](const auto&, const CompanyState& state, auto value) { return state.orders.find(value) != nullptr; }},
    {"place",
     [](const auto&, const CompanyState& state, auto value) { return state.stock_places.find(value) != nullptr; }},
    {"account",
     [](const auto&, const CompanyState&, auto value) { return value == "total" || find_account(value) != nullptr; }},
};

Result<void> check_name(const QueryContext& q, const Name& name) {
  const std::string_view value = q.text(name.parameter);
  bool known = false;
  auto looked = q.instance.engine().inspect(q.company_id,
                                            [&](const CompanyState* state) { known = name.knows(q, *state, value); });
  // A lane that is lost for the moment cannot say; its reports go on.
  if (known || (!looked && looked.error().code == ErrorCode::unavailable)) return {};
  if (!looked) return looked;
  return Error{ErrorCode::not_found,
               fmt::format("--{} {}: the books know no such {}", name.parameter, value, name.parameter)};
}

Result<void> check_choice(const QueryContext& q, const ParameterHelp& parameter) {
  constexpr std::string_view prefix = "attribute:";
  std::string_view value = q.text(parameter.name);
  if (std::ranges::find(parameter.choices, value) != parameter.choices.end()) return {};
  if (parameter.attributes) {
    const bool prefixed = value.starts_with(prefix);
    if (q.company.receivables.knows_attribute(prefixed ? value.substr(prefix.size()) : value)) return {};
    if (prefixed)
      return Error{ErrorCode::not_found,
                   fmt::format("--{} {}: no document bears this attribute", parameter.name, value)};
  }
  const std::string hint = nearest(value, parameter.choices);
  return invalid(fmt::format("--{} {}: one of {}{}{}", parameter.name, value, fmt::join(parameter.choices, ", "),
                             parameter.attributes ? ", attribute:NAME" : "",
                             hint.empty() ? "" : "; did you mean " + hint + "?"));
}

}  // namespace

ParameterHelp one_of(std::string name, std::string help, std::vector<std::string> choices, bool attributes) {
  help += fmt::format(": {}{}", fmt::join(choices, ", "), attributes ? " or attribute:NAME" : "");
  return {std::move(name), std::move(help), std::move(choices), attributes};
}

Result<void> check_parameters(const QueryContext& q, const QueryHelp& query) {
  for (const ParameterHelp& parameter : query.parameters) {
    if (parameter.choices.empty() || !q.has(parameter.name)) continue;
    if (auto checked = check_choice(q, parameter); !checked) return checked;
  }
  for (const Name& name : names) {
    if (!q.has(name.parameter)) continue;
    if (auto checked = check_name(q, name); !checked) return checked;
  }
  return {};
}

}  // namespace o2c
