#include "engine/domain/quote/document.hpp"

#include <boost/container/small_vector.hpp>

#include "engine/domain/decision.hpp"

namespace o2c {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Text = flatbuffers::Offset<flatbuffers::String>;

/// Lines of a document repeat unit, tax category and place: the bytes of the line before are pointed at again.
class Repeated {
 public:
  Text put(Builder& b, const std::string& text, bool required) {
    if (text.empty() && !required) return {};
    if (!last_ || *last_ != text) last_ = &text, at_ = b.CreateString(text);
    return at_;
  }

 private:
  const std::string* last_ = nullptr;
  Text at_;
};

PricedLine line_from(const fb::PricedLine& data) {
  PricedLine line;
  line.line = data.line();
  line.product = view(data.product());
  line.unit = view(data.unit());
  line.quantity = data.quantity()->millionths();
  line.base_quantity = data.base_quantity()->millionths();
  line.unit_price_micros = data.unit_price()->micros();
  line.list_minor = data.list_minor();
  line.net_minor = data.net_minor();
  line.tax_minor = data.tax_minor();
  if (const auto* discounts = data.discounts()) {
    line.discounts.reserve(discounts->size());
    for (const fb::DiscountShare* share : *discounts) line.discounts.push_back({share->step(), share->amount_minor()});
  }
  line.tax_category = view(data.tax_category());
  line.tax_ppm = data.tax_rate()->ppm();
  line.cost_minor = data.cost_minor();
  line.place = view(data.place());
  line.promised_on = date_in(data.promised_on());
  line.ship_to = data.ship_to();
  return line;
}

bool same(const Dimensions& a, const fb::Dimensions& b) {
  return a.customer_version == b.customer_version() && a.customer == view(b.customer()) &&
         a.seller == view(b.seller()) && a.grade == view(b.grade()) && a.team == view(b.team()) &&
         a.region == view(b.region()) && a.country == view(b.country());
}

using StoredAddresses = flatbuffers::Vector<flatbuffers::Offset<fb::Address>>;

SharedAddresses shared_addresses(const StoredAddresses* list, const SharedAddresses& likely) {
  if (likely && list && list->size() == likely->size() &&
      std::equal(likely->begin(), likely->end(), list->begin(),
                 [](const Address& a, const fb::Address* b) { return same(a, *b); }))
    return likely;
  return std::make_shared<const std::vector<Address>>(addresses_from(list));
}

struct LineTexts {
  Repeated unit, category, place;
};

flatbuffers::Offset<fb::PricedLine> line_to(Builder& b, const PricedLine& line, LineTexts& texts) {
  const auto product = b.CreateString(line.product);
  const auto unit = texts.unit.put(b, line.unit, true);
  const auto category = texts.category.put(b, line.tax_category, true);
  const auto place = texts.place.put(b, line.place, false);
  flatbuffers::Offset<flatbuffers::Vector<const fb::DiscountShare*>> discounts;
  if (!line.discounts.empty()) {
    boost::container::small_vector<fb::DiscountShare, 4> shares;
    for (const DiscountShare& share : line.discounts) shares.emplace_back(share.step, share.amount_minor);
    discounts = b.CreateVectorOfStructs(shares.data(), shares.size());
  }
  const fb::Quantity quantity{line.quantity}, base{line.base_quantity};
  const fb::UnitPrice price{line.unit_price_micros};
  const fb::Percent rate{line.tax_ppm};
  fb::PricedLineBuilder out(b);
  out.add_line(line.line);
  out.add_product(product);
  out.add_quantity(&quantity);
  out.add_base_quantity(&base);
  out.add_unit(unit);
  out.add_unit_price(&price);
  out.add_list_minor(line.list_minor);
  out.add_discounts(discounts);
  out.add_net_minor(line.net_minor);
  out.add_tax_category(category);
  out.add_tax_rate(&rate);
  out.add_tax_minor(line.tax_minor);
  if (line.cost_minor) out.add_cost_minor(*line.cost_minor);
  out.add_place(place);
  if (line.promised_on) {
    const fb::Date promised = to_fb(*line.promised_on);
    out.add_promised_on(&promised);
  }
  out.add_ship_to(line.ship_to);
  return out.Finish();
}

}  // namespace

Address address_from(const fb::Address& a) {
  return {text(a.name()), text(a.street()), text(a.city()), text(a.region()), text(a.postal_code()), text(a.country())};
}

bool same(const Address& a, const fb::Address& b) {
  return a.country == view(b.country()) && a.postal_code == view(b.postal_code()) && a.city == view(b.city()) &&
         a.street == view(b.street()) && a.name == view(b.name()) && a.region == view(b.region());
}

flatbuffers::Offset<fb::Address> address_to(Builder& b, const Address& a) {
  const auto name = put(b, a.name), street = put(b, a.street), city = put(b, a.city), region = put(b, a.region),
             postal_code = put(b, a.postal_code);
  return fb::CreateAddress(b, name, street, city, region, postal_code, b.CreateString(a.country));
}

std::vector<Address> addresses_from(const flatbuffers::Vector<flatbuffers::Offset<fb::Address>>* list) {
  std::vector<Address> out;
  if (!list) return out;
  out.reserve(list->size());
  for (const fb::Address* address : *list) out.push_back(address_from(*address));
  return out;
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Address>>> addresses_to(
    Builder& b, const std::vector<Address>& list) {
  if (list.empty()) return {};
  boost::container::small_vector<flatbuffers::Offset<fb::Address>, 8> offsets;
  for (const Address& address : list) offsets.push_back(address_to(b, address));
  return b.CreateVector(offsets.data(), offsets.size());
}

std::vector<Attribute> attributes_from(const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* list) {
  std::vector<Attribute> out;
  if (!list) return out;
  out.reserve(list->size());
  for (const fb::Attribute* attribute : *list) out.push_back({text(attribute->name()), text(attribute->value())});
  return out;
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>> attributes_to(
    Builder& b, const std::vector<Attribute>& list) {
  if (list.empty()) return {};
  boost::container::small_vector<flatbuffers::Offset<fb::Attribute>, 16> offsets;
  for (const Attribute& attribute : list) {
    const auto name = b.CreateString(attribute.name), value = b.CreateString(attribute.value);
    offsets.push_back(fb::CreateAttribute(b, name, value));
  }
  return b.CreateVector(offsets.data(), offsets.size());
}

Verdict check_attributes(const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* list, std::string_view place) {
  constexpr flatbuffers::uoffset_t count_max = 64;
  if (!list) return accept();
  if (list->size() > count_max)
    return refuse(Refusal::invalid_value, std::string(place),
                  fmt::format("{} attributes, at most {} are kept", list->size(), count_max));
  for (flatbuffers::uoffset_t i = 0; i < list->size(); ++i) {
    const std::string_view name = view(list->Get(i)->name());
    if (name.empty())
      return refuse(Refusal::invalid_value, fmt::format("{}/{}/name", place, i), "an attribute has a name");
    for (flatbuffers::uoffset_t k = 0; k < i; ++k) {
      if (view(list->Get(k)->name()) == name)
        return refuse(Refusal::invalid_value, fmt::format("{}/{}/name", place, i),
                      fmt::format("'{}' stands at {} already", name, k));
    }
  }
  return accept();
}

Verdict check_addresses(const flatbuffers::Vector<flatbuffers::Offset<fb::Address>>* list, std::string_view place) {
  constexpr flatbuffers::uoffset_t count_max = 1000;
  if (!list) return accept();
  if (list->size() > count_max)
    return refuse(Refusal::invalid_value, std::string(place),
                  fmt::format("{} addresses, at most {} are kept", list->size(), count_max));
  for (flatbuffers::uoffset_t i = 0; i < list->size(); ++i) {
    if (view(list->Get(i)->country()).empty())
      return refuse(Refusal::invalid_value, fmt::format("{}/{}/country", place, i), "an address names its country");
  }
  return accept();
}

SharedDimensions dimensions_from(const fb::Dimensions& d, const SharedDimensions& likely) {
  if (likely && same(*likely, d)) return likely;
  return std::make_shared<const Dimensions>(Dimensions{text(d.customer()), d.customer_version(), text(d.grade()),
                                                       text(d.seller()), text(d.team()), text(d.region()),
                                                       text(d.country())});
}

flatbuffers::Offset<fb::Dimensions> dimensions_to(Builder& b, const Dimensions& d) {
  const auto customer = b.CreateString(d.customer);
  const auto grade = put(b, d.grade), seller = put(b, d.seller), team = put(b, d.team), region = put(b, d.region),
             country = put(b, d.country);
  return fb::CreateDimensions(b, customer, d.customer_version, grade, seller, team, region, country);
}

SharedDimensions dimensions_from(const CompanyState& state, const fb::Dimensions& d) {
  const Customer* now = state.customers.find(view(d.customer()));
  return dimensions_from(d, now ? now->dimensions : nullptr);
}

Document document_from(const CompanyState& state, const fb::DocumentData& data) {
  const Customer* now = state.customers.find(view(data.dimensions()->customer()));
  Document document;
  document.dimensions = dimensions_from(*data.dimensions(), now ? now->dimensions : nullptr);
  document.currency = data.currency();
  document.payment_terms = view(data.payment_terms());
  document.lines.reserve(data.lines()->size());
  for (const fb::PricedLine* line : *data.lines()) document.lines.push_back(line_from(*line));
  document.header_discount_minor = data.header_discount_minor();
  document.freight_minor = data.freight_minor();
  document.net_minor = data.net_minor();
  document.tax_minor = data.tax_minor();
  document.freight_tax_minor = data.freight_tax_minor();
  document.freight_tax_category = view(data.freight_tax_category());
  if (const fb::Percent* rate = data.freight_tax_rate()) document.freight_tax_ppm = rate->ppm();
  document.ship_to = shared_addresses(data.ship_to(), now ? now->delivery : nullptr);
  document.customer_reference = view(data.customer_reference());
  document.attributes = attributes_from(data.attributes());
  if (const auto* policies = data.policies()) {
    document.policies.reserve(policies->size());
    for (const flatbuffers::String* policy : *policies) document.policies.push_back(text(policy));
  }
  return document;
}

flatbuffers::Offset<fb::DocumentData> document_to(Builder& b, const Document& document) {
  LineTexts texts;
  boost::container::small_vector<flatbuffers::Offset<fb::PricedLine>, 32> lines;
  for (const PricedLine& line : document.lines) lines.push_back(line_to(b, line, texts));
  const auto line_list = b.CreateVector(lines.data(), lines.size());
  const auto dimensions = dimensions_to(b, *document.dimensions);
  const auto terms = put(b, document.payment_terms);
  const auto ship_to = addresses_to(b, *document.ship_to);
  const auto reference = put(b, document.customer_reference);
  const auto attributes = attributes_to(b, document.attributes);
  const auto freight_category = put(b, document.freight_tax_category);
  boost::container::small_vector<Text, 8> names;
  for (const std::string& policy : document.policies) names.push_back(b.CreateString(policy));
  const auto policies =
      names.empty() ? flatbuffers::Offset<flatbuffers::Vector<Text>>{} : b.CreateVector(names.data(), names.size());
  const fb::Percent freight_rate{document.freight_tax_ppm};
  fb::DocumentDataBuilder out(b);
  out.add_dimensions(dimensions);
  out.add_currency(document.currency);
  out.add_payment_terms(terms);
  out.add_lines(line_list);
  out.add_header_discount_minor(document.header_discount_minor);
  out.add_freight_minor(document.freight_minor);
  out.add_net_minor(document.net_minor);
  out.add_tax_minor(document.tax_minor);
  out.add_ship_to(ship_to);
  out.add_customer_reference(reference);
  out.add_attributes(attributes);
  if (!document.freight_tax_category.empty()) {
    out.add_freight_tax_category(freight_category);
    out.add_freight_tax_rate(&freight_rate);
    out.add_freight_tax_minor(document.freight_tax_minor);
  }
  out.add_policies(policies);
  return out.Finish();
}

}  // namespace o2c
