#pragma once
#include "engine/domain/customer/customer.hpp"

namespace o2c {

struct DiscountShare {
  fb::DiscountStep step = fb::DiscountStep::grade;
  std::int64_t amount_minor = 0;
  template <class A> friend void archive(A& a, DiscountShare& x) { a(x.step, x.amount_minor); }
};

/// One priced line, as confirmed by the engine; quantities in millionths. I27: net = list − Σ discounts.
struct PricedLine {
  std::uint16_t line = 0;  // 1, 2, 3…, equals its index + 1
  std::string product, unit;
  std::int64_t quantity = 0, base_quantity = 0;
  std::int64_t unit_price_micros = 0;
  std::int64_t list_minor = 0, net_minor = 0, tax_minor = 0;
  std::vector<DiscountShare> discounts;
  std::string tax_category;
  std::int32_t tax_ppm = 0;
  std::optional<std::int64_t> cost_minor;
  std::string place;  // empty: any
  std::optional<Date> promised_on;
  std::uint16_t ship_to = 0;
  template <class A> friend void archive(A& a, PricedLine& x) {
    a(x.line, x.product, x.unit, x.quantity, x.base_quantity, x.unit_price_micros, x.list_minor, x.net_minor,
      x.tax_minor, x.discounts, x.tax_category, x.tax_ppm, x.cost_minor, x.place, x.promised_on, x.ship_to);
  }
};

/// The priced content of a quote or order. Immutable once made: a revision makes another one, so quote and order can share it;
/// dimensions and addresses are never null, and the customer's own where they are the same.
struct Document {
  SharedDimensions dimensions;
  Currency currency = Currency::XXX;
  std::string payment_terms;
  std::vector<PricedLine> lines;
  std::int64_t header_discount_minor = 0, freight_minor = 0, net_minor = 0, tax_minor = 0, freight_tax_minor = 0;
  std::string freight_tax_category;
  std::int32_t freight_tax_ppm = 0;
  SharedAddresses ship_to;
  std::string customer_reference;
  std::vector<Attribute> attributes;
  std::vector<std::string> policies;
  /// net + freight + tax
  std::int64_t total_minor() const { return net_minor + freight_minor + tax_minor; }
  template <class A> friend void archive(A& a, Document& x) {
    archive_value(a, x.dimensions);
    a(x.currency, x.payment_terms, x.lines, x.header_discount_minor, x.freight_minor, x.net_minor, x.tax_minor,
      x.freight_tax_minor, x.freight_tax_category, x.freight_tax_ppm);
    archive_value(a, x.ship_to);
    a(x.customer_reference, x.attributes, x.policies);
  }
};

using SharedDocument = std::shared_ptr<const Document>;

struct CompanyState;
/// Both ways between the stored form and the one in memory.
/// Dimensions and addresses are those of the state's customer where the stored ones repeat them.
Document document_from(const CompanyState& state, const fb::DocumentData& data);
flatbuffers::Offset<fb::DocumentData> document_to(flatbuffers::FlatBufferBuilder& b, const Document& document);
Address address_from(const fb::Address& address);
flatbuffers::Offset<fb::Address> address_to(flatbuffers::FlatBufferBuilder& b, const Address& address);
std::vector<Attribute> attributes_from(const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* list);
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>> attributes_to(
    flatbuffers::FlatBufferBuilder& b, const std::vector<Attribute>& list);
bool same(const Address& a, const fb::Address& b);
std::vector<Address> addresses_from(const flatbuffers::Vector<flatbuffers::Offset<fb::Address>>* list);
flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::Address>>> addresses_to(
    flatbuffers::FlatBufferBuilder& b, const std::vector<Address>& list);
/// `likely` where it says the same; null: nothing is.
SharedDimensions dimensions_from(const fb::Dimensions& dimensions, const SharedDimensions& likely);
SharedDimensions dimensions_from(const CompanyState& state, const fb::Dimensions& dimensions);
flatbuffers::Offset<fb::Dimensions> dimensions_to(flatbuffers::FlatBufferBuilder& b, const Dimensions& dimensions);

struct Verdict;
/// Each attribute has a name, no name twice, at most 64. Each address names its country, at most 1,000.
Verdict check_attributes(const flatbuffers::Vector<flatbuffers::Offset<fb::Attribute>>* list, std::string_view place);
Verdict check_addresses(const flatbuffers::Vector<flatbuffers::Offset<fb::Address>>* list, std::string_view place);

}  // namespace o2c
