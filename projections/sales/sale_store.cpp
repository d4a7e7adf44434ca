#include "projections/sales/sale_store.hpp"

namespace o2c {
std::uint32_t SaleStore::intern(const fb::Dimensions& d) {
  DimensionSet set{};
  const auto put = [&](Dimension dimension, const flatbuffers::String* text) {
    set[static_cast<std::size_t>(dimension)] = names_.intern(view(text));
  };
  put(Dimension::customer, d.customer()), put(Dimension::country, d.country()), put(Dimension::region, d.region());
  put(Dimension::seller, d.seller()), put(Dimension::team, d.team()), put(Dimension::grade, d.grade());
  const auto [at, fresh] = dimension_numbers_.try_emplace(set, static_cast<std::uint32_t>(dimensions_.size()));
  if (fresh) dimensions_.push_back(set);
  return at->second;
}

void SaleStore::keep_product(const Fact& fact, const fb::ProductData& data) {
  products_[names_.intern(view(data.product()))].push_back(
      {When::of(fact), names_.intern(view(data.name())), names_.intern(view(data.category()))});
}
void SaleStore::keep_customer(const Fact& fact, const fb::CustomerData& data) {
  customers_[names_.intern(view(data.customer()))].push_back({When::of(fact), names_.intern(view(data.name())), 0});
}
std::uint32_t SaleStore::category_of(std::uint32_t product) const {
  const auto versions = products_.find(product);
  return versions == products_.end() ? 0 : versions->second.back().category;
}

const std::string& SaleStore::name_at(const Versions& versions, std::uint32_t record, const View& view) const {
  const auto found = versions.find(record);
  if (found == versions.end()) return text(0);
  for (auto at = found->second.rbegin(); at != found->second.rend(); ++at) {
    if (at->when.visible(view)) return text(at->name);
  }
  return found->second.front().when.seq <= view.known ? text(found->second.front().name) : text(0);
}

// A policy has a day of its own, from which it is in force; when it was published decides only who knows it.
bool SaleStore::knows(Dimension dimension, std::string_view value) const {
  const std::uint32_t name = names_.find(value);
  return std::ranges::any_of(dimensions_,
                             [&](const DimensionSet& set) { return set[static_cast<std::size_t>(dimension)] == name; });
}

const RatingRules* SaleStore::rating_rules(const View& view) const {
  const RatingVersion* best = nullptr;
  for (const RatingVersion& version : ratings_) {
    if (version.seq > view.known || version.effective_from > view.as_of) continue;
    if (!best || version.effective_from >= best->effective_from) best = &version;
  }
  return best ? &best->rules : nullptr;
}

std::uint32_t SaleStore::keep_document(const fb::DocumentData& data) {
  SaleDocument document;
  document.dimensions = intern(*data.dimensions());
  document.first_line = static_cast<std::uint32_t>(lines_.size());
  document.lines = static_cast<std::uint16_t>(data.lines()->size());
  document.currency = data.currency();
  document.net_minor = data.net_minor(), document.freight_minor = data.freight_minor();
  const std::uint32_t home = dimensions_[document.dimensions][static_cast<std::size_t>(Dimension::country)];
  for (const fb::PricedLine* from : *data.lines()) {
    SaleLine& line = lines_.emplace_back();
    line.product = names_.intern(view(from->product()));
    line.category = category_of(line.product);
    const bool elsewhere = data.ship_to() && from->ship_to() < data.ship_to()->size();
    line.ship_country = elsewhere ? names_.intern(view(data.ship_to()->Get(from->ship_to())->country())) : home;
    if (from->promised_on()) line.promised_on = from->promised_on()->days();
    line.base_quantity = from->base_quantity()->millionths();
    line.list_minor = from->list_minor(), line.net_minor = from->net_minor();
    if (const auto cost = from->cost_minor()) line.cost_known = true, line.cost_minor = *cost;
  }
  documents_.push_back(document);
  return static_cast<std::uint32_t>(documents_.size() - 1);
}

SaleQuote& SaleStore::quote_of(std::string_view id) {
  const auto at = quote_numbers_.find(names_.find(id));
  O2C_ASSERT(at != quote_numbers_.end());  // no history sends a quote that was never made
  return quotes_[at->second];
}
SaleOrder& SaleStore::order_of(std::string_view id) {
  const auto at = order_numbers_.find(names_.find(id));
  O2C_ASSERT(at != order_numbers_.end());  // no history changes an order that was never made
  return orders_[at->second];
}

const SaleOrder* SaleStore::find_order(std::string_view id) const {
  const auto at = order_numbers_.find(names_.find(id));
  return at == order_numbers_.end() ? nullptr : &orders_[at->second];
}
std::string_view SaleStore::order_of_invoice(std::string_view invoice) const {
  const auto at = billed_numbers_.find(names_.find(invoice));
  return at == billed_numbers_.end() ? std::string_view{} : std::string_view{text(billed_[at->second].order)};
}

OrderFact& SaleStore::add(const Fact& fact, std::string_view id, OrderStep step) {
  SaleOrder& order = order_of(id);
  const auto number = static_cast<std::uint32_t>(facts_.size());
  (order.last_fact == no_number ? order.first_fact : facts_[order.last_fact].next) = number;
  order.last_fact = number;
  touched_ = static_cast<std::uint32_t>(&order - orders_.data());
  OrderFact& added = facts_.emplace_back();
  added.when = When::of(fact);
  added.step = step;
  added.first = static_cast<std::uint32_t>(quantities_.size());
  return added;
}
void SaleStore::count_line(OrderFact& step, std::uint16_t line, std::int64_t quantity, std::int64_t from_reserved) {
  quantities_.push_back({line, quantity, from_reserved});
  ++step.count;
}

}  // namespace o2c
