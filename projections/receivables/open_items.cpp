#include <tuple>

#include "projections/receivables/aging.hpp"
#include "projections/receivables/columns.hpp"

namespace o2c {
namespace {

struct OpenRow {
  std::string_view customer, currency;
  Date due_date;
  bool is_receipt;
  std::string_view id;
  std::size_t part;
  const Item* item;
  std::int64_t open;
  auto key() const { return std::tie(customer, currency, due_date, is_receipt, id, part); }
};

void add_rows(const ItemStore& store, const Item& item, std::span<const std::int64_t> open,
              std::vector<OpenRow>& found) {
  const std::span<const DuePart> parts = store.parts(item);
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (open[i] == 0) continue;
    found.push_back({store.dimension(item, Dimension::customer), currency_code(item.currency), parts[i].due_date,
                     item.is_receipt, store.text(item.id), i, &item, open[i]});
  }
}

Report report_of(const ItemStore& store, const View& view, std::vector<OpenRow>& found) {
  std::sort(found.begin(), found.end(), [](const OpenRow& a, const OpenRow& b) { return a.key() < b.key(); });
  Report report{"open_items", {}, {}};
  for (const auto* name : {"customer", "kind", "document", "number", "currency", "instalment", "date", "due_date",
                           "days_overdue", "amount", "open"}) {
    report.columns.push_back(column(name));
  }
  for (const OpenRow& row : found) {
    const DuePart& part = store.parts(*row.item)[row.part];
    const Currency unit = row.item->currency;
    const std::int64_t late = row.is_receipt ? 0 : std::max<std::int64_t>(0, (view.as_of - part.due_date).count());
    report.rows.push_back({text_cell(row.customer), text_cell(row.is_receipt ? "receipt" : "invoice"),
                           text_cell(row.id), text_cell(store.text(row.item->number)), text_cell(row.currency),
                           static_cast<std::int64_t>(row.part + 1), store.move(row.item->first_move).occurred_on(),
                           part.due_date, late, amount_cell(part.amount, unit), amount_cell(row.open, unit)});
  }
  return report;
}

}  // namespace

Report Receivables::open_items(const View& view, const Filter& filter) const {
  std::vector<OpenRow> found;
  store_.visit_open(view, store_.resolve(filter),
                    [&](std::uint32_t, const Item& item, std::span<const std::int64_t> open) {
                      add_rows(store_, item, open, found);
                    });
  return report_of(store_, view, found);
}

Report Receivables::open_item(const View& view, ItemKind kind, std::string_view id) const {
  std::vector<OpenRow> found;
  if (const Item* item = store_.find(kind, id)) {
    std::vector<std::int64_t> open;
    store_.open_parts(*item, view, open);
    add_rows(store_, *item, open, found);
  }
  return report_of(store_, view, found);
}

}  // namespace o2c
