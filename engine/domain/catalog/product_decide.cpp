#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

Verdict check_conversions(const fb::ProductData& data) {
  constexpr flatbuffers::uoffset_t count_max = 64;
  const auto* list = data.conversions();
  if (!list) return accept();
  if (list->size() > count_max)
    return refuse(Refusal::invalid_value, "/product/conversions", fmt::format("at most {} units", count_max));
  for (flatbuffers::uoffset_t i = 0; i < list->size(); ++i) {
    const fb::UnitConversion& c = *list->Get(i);
    const std::string place = fmt::format("/product/conversions/{}", i);
    const std::string_view unit = view(c.unit());
    if (auto v = check_id(unit, place + "/unit"); !v) return v;
    if (unit == view(data.unit()))
      return refuse(Refusal::invalid_value, place + "/unit", "the base unit needs no conversion");
    for (flatbuffers::uoffset_t k = 0; k < i; ++k) {
      if (view(list->Get(k)->unit()) == unit)
        return refuse(Refusal::invalid_value, place + "/unit", fmt::format("'{}' stands at {} already", unit, k));
    }
    if (c.numerator() == 0)
      return refuse(Refusal::invalid_value, place + "/numerator", "a conversion is by whole numbers above zero");
    if (c.denominator() == 0)
      return refuse(Refusal::invalid_value, place + "/denominator", "a conversion is by whole numbers above zero");
  }
  return accept();
}

Verdict check(const fb::ProductData& data) {
  if (view(data.name()).empty()) return refuse(Refusal::invalid_value, "/product/name", "a product has a name");
  if (auto v = check_id(view(data.unit()), "/product/unit"); !v) return v;
  if (data.decimals() > quantity_decimals) {
    return refuse(Refusal::invalid_value, "/product/decimals",
                  fmt::format("{} decimals, at most {} are kept", data.decimals(), quantity_decimals));
  }
  if (auto v = check_conversions(data); !v) return v;
  if (data.tax_class()) {
    if (auto v = check_id(view(data.tax_class()), "/product/tax_class"); !v) return v;
  }
  if (data.unit_cost() && data.unit_cost()->micros() < 0)
    return refuse(Refusal::invalid_value, "/product/unit_cost", "a cost is not negative");
  return check_attributes(data.attributes(), "/product/attributes");
}

/// Stock and documents hold quantities in the base unit; it must go on meaning the same.
bool is_counted(const CompanyState& state, const Product& product) {
  const auto names_it = [&](const auto& row) {
    return std::ranges::any_of(row.document->lines, [&](const PricedLine& line) { return line.product == product.id; });
  };
  return !product.stock.empty() || std::ranges::any_of(state.quotes.rows(), names_it) ||
         std::ranges::any_of(state.orders.rows(), names_it);
}

flatbuffers::Offset<fb::ProductData> copy(Builder& b, const fb::ProductData& d) {
  std::vector<flatbuffers::Offset<fb::UnitConversion>> conversions;
  if (d.conversions()) {
    for (const fb::UnitConversion* c : *d.conversions()) {
      conversions.push_back(
          fb::CreateUnitConversion(b, b.CreateString(view(c->unit())), c->numerator(), c->denominator()));
    }
  }
  const auto id = b.CreateString(view(d.product())), name = b.CreateString(view(d.name())),
             category = put(b, view(d.category()));
  const auto unit = b.CreateString(view(d.unit())), tax_class = put(b, view(d.tax_class()));
  const auto attributes = attributes_to(b, attributes_from(d.attributes()));
  return fb::CreateProductData(b, id, name, category, unit, d.decimals(),
                               conversions.empty() ? 0 : b.CreateVector(conversions), tax_class, d.unit_cost(),
                               attributes);
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::RegisterProduct& command,
               Decision& decision) {
  const std::string_view id = view(command.product()->product());
  if (auto v = check_id(id, "/product/product"); !v) return v;
  if (state.products.contains(id)) return refuse(Refusal::product_exists, "/product/product", std::string(id));
  if (auto v = check(*command.product()); !v) return v;
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::product, id, 0, day.occurred_on, day.posted_on,
               fb::CreateProductRegistered(decision.b, copy(decision.b, *command.product())));
  decision.answer(fb::StreamType::product, id, "active");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ChangeProduct& command,
               Decision& decision) {
  const fb::ProductData& data = *command.product();
  const std::string_view id = view(data.product());
  const Product* before = state.products.find(id);
  if (!before) return refuse(Refusal::product_unknown, "/product/product", std::string(id));
  if (auto v = check(data); !v) return v;
  const bool other_unit = view(data.unit()) != before->unit;
  if ((other_unit || data.decimals() != before->decimals) && is_counted(state, *before)) {
    return refuse(Refusal::illegal_transition, other_unit ? "/product/unit" : "/product/decimals",
                  fmt::format("stock or documents are in '{}' with {} decimals", before->unit, before->decimals));
  }
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::product, id, before->version, day.occurred_on, day.posted_on,
               fb::CreateProductChanged(decision.b, copy(decision.b, data)));
  decision.answer(fb::StreamType::product, id, "active");
  return accept();
}

}  // namespace o2c
