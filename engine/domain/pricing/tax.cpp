#include <algorithm>
#include <numeric>

#include <boost/container/small_vector.hpp>

#include "engine/domain/pricing/pricing.hpp"

namespace o2c {
namespace {

template <class T> using Few = boost::container::small_vector<T, 16>;

/// out[i] = the share of weights[i] in total; total and weights >= 0.
void split(std::int64_t total, std::span<const std::int64_t> weights, std::span<std::int64_t> out) {
  Int128 sum = 0;
  for (const std::int64_t weight : weights) sum += weight;
  if (sum == 0 || weights.size() == 1) {
    std::ranges::fill(out, 0);
    if (!out.empty()) out[0] = total;
    return;
  }
  Few<Int128> remainders;
  std::int64_t rest = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Int128 exact = static_cast<Int128>(total) * weights[i];
    out[i] = static_cast<std::int64_t>(exact / sum);
    remainders.push_back(exact % sum);
    rest -= out[i];
  }
  // Fewer units are left than there are parts: one each to the largest remainders, the lower index first.
  if (rest == 0) return;
  Few<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto by_remainder = [&](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + rest, order.end(), by_remainder);
  for (std::int64_t i = 0; i < rest; ++i) ++out[order[static_cast<std::size_t>(i)]];
}

std::int64_t tax_on(std::int64_t net_minor, std::int32_t ppm) {
  return *scale(net_minor, ppm, one_ppm);
}  // at most the net: always fits

TaxTotal& total_of(std::vector<TaxTotal>& totals, const TaxableLine& line) {
  for (TaxTotal& total : totals) {
    if (total.ppm == line.ppm && total.category == line.category) return total;
  }
  return totals.emplace_back(TaxTotal{std::string(line.category), line.ppm, 0, 0});
}

/// The tax of a category spread over its lines, in proportion to their nets.
void share_out(const TaxTotal& total, std::span<TaxableLine> lines) {
  Few<std::int64_t> nets, shares;
  const auto is_of = [&](const TaxableLine& line) { return line.ppm == total.ppm && line.category == total.category; };
  for (const TaxableLine& line : lines) {
    if (is_of(line)) nets.push_back(line.net_minor);
  }
  shares.resize(nets.size());
  split(total.tax_minor, nets, shares);
  auto share = shares.begin();
  for (TaxableLine& line : lines) {
    if (is_of(line)) line.tax_minor = *share++;
  }
}

}  // namespace

std::vector<std::int64_t> split_by_weight(std::int64_t total, std::span<const std::int64_t> weights) {
  std::vector<std::int64_t> shares(weights.size());
  O2C_ASSERT(total > std::numeric_limits<std::int64_t>::min());
  split(total < 0 ? -total : total, weights, shares);
  if (total < 0) {
    for (std::int64_t& share : shares) share = -share;
  }
  return shares;
}

std::vector<TaxTotal> apply_tax(fb::TaxRounding rounding, std::span<TaxableLine> lines) {
  std::vector<TaxTotal> totals;
  for (TaxableLine& line : lines) {
    TaxTotal& total = total_of(totals, line);
    total.taxable_minor += line.net_minor;
    if (rounding != fb::TaxRounding::line) continue;
    line.tax_minor = tax_on(line.net_minor, line.ppm);
    total.tax_minor += line.tax_minor;
  }
  if (rounding == fb::TaxRounding::category) {
    for (TaxTotal& total : totals) {
      total.tax_minor = tax_on(total.taxable_minor, total.ppm);
      share_out(total, lines);
    }
  }
  std::ranges::sort(totals, [](const TaxTotal& a, const TaxTotal& b) {
    return std::tie(a.category, a.ppm) < std::tie(b.category, b.ppm);
  });
  return totals;
}

Verdict tax_rate_on(const CompanyState& state, Date on, std::string_view tax_class, std::string_view country,
                    TaxRate& rate) {
  const TaxRow* best = nullptr;
  const auto start = [](const TaxRow& row) { return row.from.value_or(Date::min()); };
  for (const TaxRow& row : rules_on(state.policies.tax_rules, on).rows) {
    if (row.tax_class != tax_class || start(row) > on || !(row.country.empty() || row.country == country)) continue;
    const bool better =
        !best || (row.country.empty() == best->country.empty() ? start(row) > start(*best) : best->country.empty());
    if (better) best = &row;
  }
  if (!best)
    return refuse(Refusal::no_tax_rule, {},
                  fmt::format("class '{}' in '{}' on {}", tax_class, country, format_date(on)));
  rate.category = best->category;
  rate.ppm = best->ppm;
  return accept();
}

}  // namespace o2c
