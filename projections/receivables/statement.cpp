#include <map>
#include <tuple>

#include "projections/receivables/columns.hpp"
#include "projections/receivables/receivables.hpp"

namespace o2c {
namespace {

/// One fact's effect on the customer's balance in one currency.
struct Line {
  std::string_view kind;
  std::string_view document, number;
  std::int64_t amount = 0;
};
using Lines = std::map<std::tuple<Date, std::uint64_t, std::uint32_t>, Line>;  // in order of date, then of the journal

std::string_view kind_name(MoveKind kind) {
  switch (kind) {
    case MoveKind::issued: return "invoice";
    case MoveKind::reversed: return "credit_note";
    case MoveKind::received: return "receipt";
    case MoveKind::applied:
    case MoveKind::unapplied: return "transfer";  // only what is left when payer and debtor differ
    case MoveKind::returned: return "return";
    case MoveKind::refunded: return "refund";
  }
  return {};
}

}  // namespace

Report Receivables::statement(const View& view, const Period& period, std::string_view customer) const {
  View until = view;
  if (period.until) until.as_of = std::min(view.as_of, *period.until - std::chrono::days{1});
  std::map<std::string_view, Lines> accounts;  // by currency
  store_.visit(until, ever, store_.resolve(Filter::customer(std::string(customer))),
               [&](std::uint32_t, const Item& item) {
                 store_.visit_moves(item, until, [&](const Movement& move) {
                   Line& line = accounts[currency_code(item.currency)][{move.on(view.basis), move.seq, move.index}];
                   const std::uint32_t number = move.kind == MoveKind::reversed ? item.credit_note : item.number;
                   if (line.kind.empty()) line = {kind_name(move.kind), store_.text(item.id), store_.text(number), 0};
                   add_to(line.amount, move.amount);
                 });
               });

  Report report{"statement", {}, {}};
  for (const auto* name : {"currency", "date", "kind", "document", "number", "debit", "credit", "balance"})
    report.columns.push_back(column(name));
  for (const auto& [code, lines] : accounts) {
    const Currency unit = *parse_currency(code);
    const Date from = period.from.value_or(std::get<0>(lines.begin()->first));
    std::int64_t balance = 0;
    auto line = lines.begin();
    for (; line != lines.end() && std::get<0>(line->first) < from; ++line) add_to(balance, line->second.amount);
    const Cell nothing = std::monostate{};
    report.rows.push_back(
        {text_cell(code), from, text_cell("opening"), nothing, nothing, nothing, nothing, amount_cell(balance, unit)});
    for (; line != lines.end(); ++line) {
      const auto& [kind, document, number, amount] = line->second;
      if (amount == 0) continue;
      add_to(balance, amount);
      report.rows.push_back({text_cell(code), std::get<0>(line->first), text_cell(kind), text_cell(document),
                             text_cell(number), amount > 0 ? amount_cell(amount, unit) : nothing,
                             amount < 0 ? amount_cell(-amount, unit) : nothing, amount_cell(balance, unit)});
    }
    report.rows.push_back({text_cell(code), until.as_of, text_cell("closing"), nothing, nothing, nothing, nothing,
                           amount_cell(balance, unit)});
  }
  return report;
}

}  // namespace o2c
