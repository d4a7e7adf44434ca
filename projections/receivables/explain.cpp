#include <map>

#include "projections/receivables/aging.hpp"
#include "projections/receivables/columns.hpp"
#include "projections/receivables/invoice_life.hpp"

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

using Parts = std::map<std::pair<std::uint64_t, std::uint32_t>,
                       std::int64_t>;  // by fact: one may touch several instalments and items

std::vector<Contribution> contributions(const Parts& parts) {
  std::vector<Contribution> list;
  for (const auto& [fact, amount] : parts) {
    if (amount != 0) list.push_back({fact.first, fact.second, amount});
  }
  return list;
}

/// The filter, and within it the row.
Filter row_of(const ReceivablesCell& cell, Filter filter) {
  if (cell.group.kind == GroupKind::dimension || cell.group.kind == GroupKind::attribute)
    filter.equal.emplace_back(cell.group, cell.value);
  return filter;
}

struct OpenParts {
  bool row_exists = false;  // something is open
  Parts parts;
};
OpenParts behind_open(const ItemStore& store, const View& view, const Selection& row, Currency currency,
                      const ColumnRule& rule, const Buckets& limits) {
  OpenParts result;
  std::vector<bool> taken;
  store.visit_open(view, row, [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
    if (item.currency != currency) return;
    result.row_exists = true;
    taken.assign(open.size(), false);
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i] == 0) continue;
      taken[i] = item.is_receipt ? rule.takes_receipts()
                                 : rule.takes(bucket_of(limits, store.parts(item)[i].due_date, view.as_of));
    }
    if (std::find(taken.begin(), taken.end(), true) == taken.end()) return;
    if (rule.counts()) {
      const Movement& first = store.move(item.first_move);
      if (!item.is_receipt) result.parts[{first.seq, first.index}] = 1;
      return;
    }
    store.visit_moves(item, view, [&](const Movement& move) {
      if (taken[move.instalment]) add_to(result.parts[{move.seq, move.index}], move.amount);
    });
  });
  return result;
}

/// What a movement brings to a column of what happened in a month.
using FlowFigure = std::int64_t (*)(const Movement&);
bool is_billed(const Movement& move) { return move.kind == MoveKind::issued || move.kind == MoveKind::reversed; }
FlowFigure flow_figure(std::string_view column) {
  if (column == "invoiced") return [](const Movement& m) { return is_billed(m) ? m.amount : 0; };
  if (column == "collected") return [](const Movement& m) { return is_billed(m) ? 0 : -m.amount; };
  if (column == "invoices_issued")
    return [](const Movement& m) { return std::int64_t{m.kind == MoveKind::issued && m.instalment == 0}; };
  return nullptr;
}

/// The invoices that were paid up at the view and had a fact since `from`: each by its last fact.
Parts behind_settled(const ItemStore& store, const View& view, Date from, const Selection& row,
                     const ReceivablesCell& cell) {
  const bool late = cell.column == "late_settled_count";
  Parts parts;
  InvoiceLife life;
  std::vector<const Movement*> moves;
  store.visit(view, ever, row, [&](std::uint32_t, const Item& item) {
    if (item.is_receipt || item.currency != cell.currency) return;
    moves_by_date(store, item, view, moves);
    if (moves.empty() || moves.back()->on(view.basis) < from) return;
    life.start(store.parts(item), store.move(item.first_move).occurred_on());
    for (const Movement* move : moves) life.add(*move);
    if (life.is_settled() && (!late || life.days_late(life.settled_on()) > 0))
      parts[{moves.back()->seq, moves.back()->index}] = 1;
  });
  return parts;
}

/// The aging's column that a column of a month's first or last day is.
std::string_view balance_column(std::string_view column) {
  constexpr std::pair<std::string_view, std::string_view> columns[] = {{"opening_ar", "total_open"},
                                                                       {"closing_ar", "total_open"},
                                                                       {"open_invoices", "open_invoices"},
                                                                       {"closing_current", "current"},
                                                                       {"closing_overdue", "total_overdue"}};
  const auto at = std::ranges::find(columns, column, &std::pair<std::string_view, std::string_view>::first);
  return at == std::end(columns) ? std::string_view{} : at->second;
}

}  // namespace

Result<std::vector<Contribution>> Receivables::explain_aging(const View& view, const ReceivablesCell& cell,
                                                             const Buckets& limits, const Filter& filter) const {
  const std::optional<ColumnRule> rule = parse_column(cell.column, limits);
  if (!rule) return not_explained(cell.column);
  const OpenParts open = behind_open(store_, view, store_.resolve(row_of(cell, filter)), cell.currency, *rule, limits);
  if (!open.row_exists) {
    return Error{ErrorCode::not_found,
                 fmt::format("nothing is open for '{}' in {} on {}", cell.value, currency_code(cell.currency),
                             format_date(view.as_of)),
                 Remedy::fix_first};
  }
  return contributions(open.parts);
}

Result<std::vector<Contribution>> Receivables::explain_month(const View& view, Date from, const ReceivablesCell& cell,
                                                             const Filter& filter) const {
  const Selection row = store_.resolve(row_of(cell, filter));
  if (cell.column == "invoices_settled" || cell.column == "late_settled_count")
    return contributions(behind_settled(store_, view, from, row, cell));
  if (const std::string_view column = balance_column(cell.column); !column.empty()) {
    View at = view;
    if (cell.column == "opening_ar") at.as_of = from - std::chrono::days{1};
    const Buckets limits = default_buckets();
    return contributions(behind_open(store_, at, row, cell.currency, *parse_column(column, limits), limits).parts);
  }
  const FlowFigure figure = flow_figure(cell.column);
  if (!figure) return not_explained(cell.column);
  Parts parts;
  store_.visit(view, ever, row, [&](std::uint32_t, const Item& item) {
    if (item.is_receipt || item.currency != cell.currency) return;
    store_.visit_moves(item, view, [&](const Movement& move) {
      if (move.on(view.basis) >= from) add_to(parts[{move.seq, move.index}], figure(move));
    });
  });
  return contributions(parts);
}

Result<std::vector<Contribution>> Receivables::explain_behaviour(const View& view, const Period& period,
                                                                 const ReceivablesCell& cell,
                                                                 const Filter& filter) const {
  const Report report = payment_behaviour(view, cell.group, period, default_count_columns(), filter);
  if (const auto shown = find_cell(report, row_key(report, cell), cell.column); !shown) return shown.error();
  const bool late = cell.column == "late_invoices" || cell.column == "late_amount";
  const bool amounts = cell.column == "invoiced" || cell.column == "late_amount";
  const std::vector<CountColumn> counted = default_count_columns();
  const auto marked = std::ranges::find(counted, cell.column, &CountColumn::name);
  if (!late && !amounts && marked == counted.end() && cell.column != "invoices") return not_explained(cell.column);
  const auto rule = marked == counted.end() ? std::nullopt : std::optional{CountRule(store_, *marked)};
  Parts parts;
  visit_lives(store_, view, period, store_.resolve(row_of(cell, filter)),
              [&](const Item& item, const InvoiceLife& life) {
                if (item.currency != cell.currency || (late && life.days_late(view.as_of) <= 0)) return;
                if (rule && !rule->takes(store_, item)) return;
                const Movement& first = store_.move(item.first_move);
                parts[{first.seq, first.index}] = amounts ? life.invoiced() : 1;
              });
  return contributions(parts);
}

Result<std::vector<Contribution>> Receivables::explain_peak(const View& view, const ReceivablesCell& cell,
                                                            const Filter& filter) const {
  if (cell.column != "peak_open_balance") return not_explained(cell.column);
  const Report report = exposure_peak(view, cell.group, filter);
  const auto day = find_cell(report, row_key(report, cell), "first_date_of_peak");
  if (!day) return day.error();
  View peak = view;
  peak.as_of = std::get<Date>(*day);
  return explain_aging(peak, {cell.group, cell.value, cell.currency, "total_open"}, default_buckets(), filter);
}

}  // namespace o2c
