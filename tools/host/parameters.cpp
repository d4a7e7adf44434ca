// What the parameters of a question may say: a word of a list, or a name that the books know.
#include <algorithm>

#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

/// Some customer has the value now, or some document was made when one had.
bool knows_dimension(const QueryContext& q, const CompanyState& state, Dimension dimension, std::string_view value) {
  if (q.company.receivables.knows(dimension, value) || q.company.sales.store().knows(dimension, value)) return true;
  return std::ranges::any_of(state.customers.rows(), [&](const Customer& c) {
    switch (dimension) {
      case Dimension::customer: return c.id == value;
      case Dimension::country: return c.sold_to.country == value;
      case Dimension::region: return c.region == value;
      case Dimension::seller: return c.seller == value;
      case Dimension::team: return c.team == value;
      case Dimension::grade: return c.grade == value;
    }
    return false;
  });
}

bool knows(const QueryContext& q, const CompanyState& state, Named named, std::string_view value) {
  switch (named) {
    case Named::customer: return state.customers.find(value) != nullptr;
    case Named::country: return knows_dimension(q, state, Dimension::country, value);
    case Named::region: return knows_dimension(q, state, Dimension::region, value);
    case Named::seller: return knows_dimension(q, state, Dimension::seller, value);
    case Named::team: return knows_dimension(q, state, Dimension::team, value);
    case Named::grade: return knows_dimension(q, state, Dimension::grade, value);
    case Named::order: return state.orders.find(value) != nullptr;
    case Named::place: return state.stock_places.find(value) != nullptr;
    case Named::account: return find_account(value) != nullptr;
    case Named::nothing: break;
  }
  return true;
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
    if (!q.has(parameter.name)) continue;
    if (!parameter.choices.empty()) {
      if (auto checked = check_choice(q, parameter); !checked) return checked;
    }
    if (parameter.named == Named::nothing) continue;
    const std::string_view value = q.text(parameter.name);
    bool known = false;
    auto looked = q.instance.engine().inspect(
        q.company_id, [&](const CompanyState* state) { known = knows(q, *state, parameter.named, value); });
    if (!looked) return looked;
    if (!known)
      return Error{ErrorCode::not_found,
                   fmt::format("--{} {}: the books know no such {}", parameter.name, value, parameter.name)};
  }
  return {};
}

}  // namespace o2c
