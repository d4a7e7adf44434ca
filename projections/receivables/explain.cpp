#include <map>

#include "projections/receivables/aging.hpp"

namespace o2c {
namespace {

/// Which part of the aging a column shows.
struct ColumnRule {
  enum class Kind { bucket, unapplied, open, overdue, balance, open_count, overdue_count } kind = Kind::balance;
  std::size_t bucket = 0;

  bool counts() const { return kind == Kind::open_count || kind == Kind::overdue_count; }
  bool takes_receipts() const { return kind == Kind::unapplied || kind == Kind::balance; }
  bool takes(std::size_t at) const {  // an open instalment in this bucket
    switch (kind) {
      case Kind::bucket: return at == bucket;
      case Kind::overdue:
      case Kind::overdue_count: return at > 0;
      case Kind::unapplied: return false;
      case Kind::open:
      case Kind::balance:
      case Kind::open_count: break;
    }
    return true;
  }
};

std::optional<ColumnRule> parse_column(std::string_view column, const Buckets& limits) {
  using Kind = ColumnRule::Kind;
  const std::vector<std::string> names = bucket_names(limits);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == column) return ColumnRule{Kind::bucket, i};
  }
  constexpr std::pair<std::string_view, Kind> others[] = {
      {"unapplied", Kind::unapplied}, {"total_open", Kind::open},          {"total_overdue", Kind::overdue},
      {"balance", Kind::balance},     {"open_invoices", Kind::open_count}, {"overdue_invoices", Kind::overdue_count}};
  for (const auto& [name, kind] : others) {
    if (name == column) return ColumnRule{kind, 0};
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<Contribution>> Receivables::explain_aging(const View& view, const AgingCell& cell,
                                                             const Buckets& limits, const Filter& filter) const {
  const std::optional<ColumnRule> rule = parse_column(cell.column, limits);
  if (!rule)
    return Error{ErrorCode::not_found, fmt::format("the aging has no column '{}'", cell.column), Remedy::fix_first};
  const bool by_value = cell.group.kind == GroupKind::dimension || cell.group.kind == GroupKind::attribute;
  Filter narrowed = filter;
  if (by_value) narrowed.equal.emplace_back(cell.group, cell.value);

  bool row_exists = false;
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::int64_t>
      parts;  // by fact: one may touch several instalments and items
  std::vector<bool> taken;
  store_.visit_open(
      view, store_.resolve(narrowed), [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
        if (item.currency != cell.currency) return;
        row_exists = true;
        taken.assign(open.size(), false);
        for (std::size_t i = 0; i < open.size(); ++i) {
          if (open[i] == 0) continue;
          taken[i] = item.is_receipt ? rule->takes_receipts()
                                     : rule->takes(bucket_of(limits, store_.parts(item)[i].due_date, view.as_of));
        }
        if (std::find(taken.begin(), taken.end(), true) == taken.end()) return;
        if (rule->counts()) {
          const Movement& first = store_.move(item.first_move);
          if (!item.is_receipt) parts[{first.seq, first.index}] = 1;
          return;
        }
        store_.visit_moves(item, view, [&](const Movement& move) {
          if (taken[move.instalment]) add_to(parts[{move.seq, move.index}], move.amount);
        });
      });
  if (!row_exists) {
    return Error{ErrorCode::not_found,
                 fmt::format("nothing is open for '{}' in {} on {}", cell.value, currency_code(cell.currency),
                             format_date(view.as_of)),
                 Remedy::fix_first};
  }
  std::vector<Contribution> contributions;
  for (const auto& [fact, amount] : parts) {
    if (amount != 0) contributions.push_back({fact.first, fact.second, amount});
  }
  return contributions;
}

}  // namespace o2c
