#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

/// Everything but id, version and stock.
void take_over(Product& p, const fb::ProductData& data) {
  p.name = view(data.name());
  p.category = view(data.category());
  p.unit = view(data.unit());
  p.decimals = data.decimals();
  p.conversions.clear();
  if (data.conversions()) {
    for (const fb::UnitConversion* c : *data.conversions())
      p.conversions.push_back({text(c->unit()), c->numerator(), c->denominator()});
  }
  p.tax_class = data.tax_class() ? view(data.tax_class()) : std::string_view{"standard"};
  p.unit_cost_micros = data.unit_cost() ? std::optional{data.unit_cost()->micros()} : std::nullopt;
  p.attributes = attributes_from(data.attributes());
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::ProductRegistered& body) {
  Product& product = state.products.add(view(body.product()->product()));
  product.version = event.stream_version();
  take_over(product, *body.product());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::ProductChanged& body) {
  Product& product = state.products.change(view(body.product()->product()));
  product.version = event.stream_version();
  take_over(product, *body.product());
}

}  // namespace o2c
