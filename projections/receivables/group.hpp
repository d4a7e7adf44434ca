#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/money.hpp"
#include "events/base/result.hpp"

namespace o2c {

/// What a document froze about its customer and seller.
enum class Dimension : std::uint8_t { customer, country, region, seller, team, grade };
inline constexpr std::size_t dimension_count = 6;

enum class GroupKind : std::uint8_t { total, dimension, currency, attribute };

/// By what a report's rows are told apart.
struct Group {
  GroupKind kind = GroupKind::total;
  Dimension dimension = Dimension::customer;
  std::string attribute;  // name of the document's attribute
  static Group by(Dimension dimension) { return {GroupKind::dimension, dimension, {}}; }
  static Group by_attribute(std::string name) { return {GroupKind::attribute, Dimension::customer, std::move(name)}; }
};

/// total | customer | country | region | seller | team | grade | currency | attribute:NAME.
/// errors  invalid_input, listing what there is.
Result<Group> parse_group(std::string_view text);
/// The column's name: scope, customer, …, or the attribute's name.
std::string group_column(const Group& group);

/// Items that have these values, all of them.
struct Filter {
  std::vector<std::pair<Group, std::string>> equal;
  static Filter customer(std::string id) { return {{{Group::by(Dimension::customer), std::move(id)}}}; }
};

/// A group with its attribute looked up.
struct ResolvedGroup {
  GroupKind kind = GroupKind::total;
  Dimension dimension = Dimension::customer;
  std::uint32_t attribute = 0;
};
/// A filter with its texts looked up.
struct Selection {
  bool nothing = false;  // asks for a value that no item has
  std::uint32_t customer = ~std::uint32_t{0};
  std::vector<std::pair<ResolvedGroup, std::uint32_t>> equal;
};

}  // namespace o2c
