#pragma once
#include "engine/domain/decision.hpp"

namespace o2c {

/// Prices what a client asks for: units, price lists (most specific party, then latest start, then highest break not above the quantity;
/// a tie is refused naming both rows), the discount steps of row 12 in order (grade, quantity break, line, header), tax by class, country
/// and date, cost snapshot. Line net = quantity * price − discounts, rounded once; each step is the difference of two rounded
/// cumulative values, so Σ steps = list − net; a header discount is spread by largest remainder over line nets (I27).
///
/// on       date of the document: price, tax and rules in force on that day.
/// returns  accepted and `document` filled, or the refusal with a place under "/document".
/// threads  pure.
Verdict price_document(const CompanyState& state, const Context& context, Date on, const fb::DocumentRequest& request,
                       Document& document);

/// For each line what list price, grade and quantity discounts come to on a day, whatever price the line bears, in minor units.
/// Nothing where no single list price is in force.  threads  pure.
std::vector<std::optional<std::int64_t>> waterfall_values(const CompanyState& state, const Document& document, Date on);

/// The customer as of now, frozen. seller: overrides the customer's when not empty.
SharedDimensions freeze_dimensions(const Customer& customer, std::string_view seller);

/// base = quantity * numerator / denominator of the product's unit, exact or refused (row 4).
Verdict to_base_quantity(const Product& product, std::string_view unit, std::int64_t quantity, std::int64_t& base);

struct TaxRate {
  std::string category;
  std::int32_t ppm = 0;
};
/// Rate of a class for buyers in a country on a day: the row of that country before the row for any country, then the latest start.
Verdict tax_rate_on(const CompanyState& state, Date on, std::string_view tax_class, std::string_view country,
                    TaxRate& rate);

struct TaxableLine {
  std::string_view category;
  std::int32_t ppm = 0;
  std::int64_t net_minor = 0;
  std::int64_t tax_minor = 0;  // out
};
struct TaxTotal {
  std::string category;
  std::int32_t ppm = 0;
  std::int64_t taxable_minor = 0, tax_minor = 0;
};
/// Fills in each line's tax and returns the breakdown, by category and rate ascending. Rounding `category`: tax of the category is rounded once
/// (EN 16931 BR-CO-17) and the lines show largest-remainder shares; `line`: each line is rounded, the category is their sum.
std::vector<TaxTotal> apply_tax(fb::TaxRounding rounding, std::span<TaxableLine> lines);

/// Splits `total` in proportion to `weights` (>= 0) by largest remainder, ties to the lowest index; Σ = total. All weights 0: all to the first.
std::vector<std::int64_t> split_by_weight(std::int64_t total, std::span<const std::int64_t> weights);

/// Row 6: due dates and amounts of published terms. Months with clamp, then days, then end of month, then days after; each percent row is
/// rounded, the balance row takes the rest; ascending by due date; Σ = total. Empty name: all due on issue.
Verdict instalments_of(const CompanyState& state, std::string_view terms, Date issued_on, Currency currency,
                       std::int64_t total_minor, std::vector<Instalment>& out);

}  // namespace o2c
