#include <array>

#include <algorithm>
#include "projections/receivables/item_store.hpp"

namespace o2c {
namespace {

constexpr std::array<std::string_view, dimension_count> dimension_names{"customer", "country", "region",
                                                                        "seller",   "team",    "grade"};
constexpr std::string_view attribute_prefix = "attribute:";

}  // namespace

Result<Group> parse_group(std::string_view text) {
  if (text == "total") return Group{};
  if (text == "currency") return Group{GroupKind::currency, {}, {}};
  for (std::size_t i = 0; i < dimension_count; ++i) {
    if (text == dimension_names[i]) return Group::by(static_cast<Dimension>(i));
  }
  if (text.starts_with(attribute_prefix) && text.size() > attribute_prefix.size()) {
    return Group::by_attribute(std::string(text.substr(attribute_prefix.size())));
  }
  return invalid(fmt::format(
      "'{}' is no group; use total, customer, country, region, seller, team, grade, currency or attribute:NAME", text));
}

std::string group_column(const Group& group) {
  switch (group.kind) {
    case GroupKind::total: return "scope";
    case GroupKind::currency: return "currency";
    case GroupKind::attribute: return group.attribute;
    case GroupKind::dimension: break;
  }
  return std::string(dimension_names[static_cast<std::size_t>(group.dimension)]);
}

ResolvedGroup ItemStore::resolve(const Group& group) const {
  ResolvedGroup resolved{group.kind, group.dimension, no_number};
  if (group.kind == GroupKind::attribute) resolved.attribute = names_.find(group.attribute);
  return resolved;
}

Selection ItemStore::resolve(const Filter& filter) const {
  Selection selection;
  for (const auto& [group, value] : filter.equal) {
    const std::uint32_t name = names_.find(value);
    if (name == no_number) selection.nothing = true;
    if (group.kind == GroupKind::dimension && group.dimension == Dimension::customer && selection.customer == no_number)
      selection.customer = name;
    else selection.equal.emplace_back(resolve(group), name);
  }
  return selection;
}

bool ItemStore::matches(const Item& item, const Selection& selection) const {
  for (const auto& [group, value] : selection.equal) {
    if (group_of(item, group) != value) return false;
  }
  return true;
}

bool ItemStore::matches(const Dimensions& dimensions, const Selection& selection) const {
  const auto has = [&](Dimension d, std::uint32_t value) { return dimensions[static_cast<std::size_t>(d)] == value; };
  if (selection.nothing) return false;
  if (selection.customer != no_number && !has(Dimension::customer, selection.customer)) return false;
  return std::ranges::all_of(selection.equal,
                             [&](const auto& equal) { return has(equal.first.dimension, equal.second); });
}

bool ItemStore::knows(Dimension dimension, std::string_view value) const {
  const std::uint32_t name = names_.find(value);
  return std::ranges::any_of(dimensions_,
                             [&](const Dimensions& set) { return set[static_cast<std::size_t>(dimension)] == name; });
}

bool ItemStore::knows_attribute(std::string_view name) const {
  const std::uint32_t number = names_.find(name);
  return number != no_number && std::any_of(attributes_.begin(), attributes_.end(),
                                            [number](const auto& attribute) { return attribute.first == number; });
}

std::uint32_t ItemStore::attribute(const Item& item, std::uint32_t name) const {
  for (const auto& [at, value] : attributes(item)) {
    if (at == name) return value;
  }
  return empty_name;
}

std::uint32_t ItemStore::group_of(const Item& item, const ResolvedGroup& group) const {
  if (group.kind == GroupKind::attribute) return attribute(item, group.attribute);
  return group_of(dimensions_[item.dimensions], item.currency, group);
}

std::uint32_t ItemStore::group_of(const Dimensions& dimensions, Currency currency, const ResolvedGroup& group) const {
  switch (group.kind) {
    case GroupKind::dimension: return dimensions[static_cast<std::size_t>(group.dimension)];
    case GroupKind::currency: return names_.find(currency_code(currency));
    case GroupKind::attribute: return empty_name;  // flows are kept by dimensions only
    case GroupKind::total: break;
  }
  return all_name;
}

}  // namespace o2c
