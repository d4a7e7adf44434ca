#include "connectors/kafka/public/state_rows.hpp"

#include <algorithm>

#include "connectors/kafka/public/keys.hpp"
#include "events/json/text.hpp"

namespace o2c::kafka {
namespace {

using Row = std::vector<Cell>;

/// Members of a JSON object, one after the other. Counts are numbers, every other cell is text; an empty cell is left out.
class Members {
 public:
  void add(std::string_view name, const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return;
    begin(name);
    const std::string value = cell_text(cell);
    if (std::holds_alternative<std::int64_t>(cell)) out_.append(value.data(), value.data() + value.size());
    else json::append_string(out_, value);
  }
  void add(std::string_view name, std::string_view text) { add(name, Cell{std::string(text)}); }
  void add_array(std::string_view name, const std::vector<std::string>& objects) {
    begin(name);
    fmt::format_to(std::back_inserter(out_), "[{{{}}}]", fmt::join(objects, "},{"));
  }
  std::string text() const { return fmt::to_string(out_); }

 private:
  void begin(std::string_view name) {
    if (out_.size() > 0) out_.push_back(',');
    json::append_string(out_, name);
    out_.push_back(':');
  }
  fmt::memory_buffer out_;
};

/// Cells of a report by the names of its columns.
class Columns {
 public:
  explicit Columns(const Report& report) : columns_(report.columns) {}
  const Cell& of(const Row& row, std::string_view name) const {
    const auto at = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
    O2C_ASSERT(at != columns_.end());
    return row[static_cast<std::size_t>(at - columns_.begin())];
  }
  std::string text_of(const Row& row, std::string_view name) const { return cell_text(of(row, name)); }

 private:
  const std::vector<Column>& columns_;
};

/// Each row of a report as it is, after `head`; its key is the company and the cells of these columns.
void add_whole_rows(std::string_view company, const Report& report, std::initializer_list<std::string_view> key,
                    const std::vector<std::pair<std::string_view, Cell>>& head, Rows& rows) {
  const Columns columns(report);
  for (const Row& row : report.rows) {
    std::string at = key_of({company});
    for (const std::string_view part : key) at += "/" + key_of({columns.text_of(row, part)});
    Members members;
    members.add("company", company);
    for (const auto& [name, cell] : head) members.add(name, cell);
    for (std::size_t i = 0; i < row.size(); ++i) members.add(report.columns[i].name, row[i]);
    rows.emplace(std::move(at), members.text());
  }
}

void add_orders(std::string_view company, const Report& board, Rows& rows) {
  add_whole_rows(company, board, {"order"}, {}, rows);
}

void add_aging(std::string_view company, const Report& aging, const View& view, Rows& rows) {
  add_whole_rows(company, aging, {"customer", "currency"}, {{"as_of", Cell{view.as_of}}}, rows);
}

/// The open instalments of one document, ascending by due date, as one row. Days overdue are left to the reader: they change every day.
std::string item_row(std::string_view company, const Columns& columns, std::span<const Row* const> parts) {
  const Row& first = *parts.front();
  const bool is_invoice = columns.text_of(first, "kind") == "invoice";
  Decimal open = std::get<Decimal>(columns.of(first, "open"));
  std::vector<std::string> instalments;
  for (const Row* part : parts) {
    if (part != &first) add_to(open.value, std::get<Decimal>(columns.of(*part, "open")).value);
    Members members;
    for (const auto* name : {"instalment", "due_date", "amount", "open"}) members.add(name, columns.of(*part, name));
    instalments.push_back(members.text());
  }
  Members row;
  row.add("company", company);
  for (const auto* name : {"kind", "document"}) row.add(name, columns.of(first, name));
  if (is_invoice) row.add("number", columns.of(first, "number"));  // a receipt's is the payer's bank reference
  for (const auto* name : {"customer", "currency", "date"}) row.add(name, columns.of(first, name));
  if (is_invoice) row.add("due_date", columns.of(first, "due_date"));
  row.add("open", Cell{open});
  if (is_invoice) row.add_array("instalments", instalments);
  return row.text();
}

void add_items(std::string_view company, const Report& items, Rows& rows) {
  const Columns columns(items);
  std::map<std::string, std::vector<const Row*>> documents;
  for (const Row& row : items.rows)
    documents[key_of({company, columns.text_of(row, "kind"), columns.text_of(row, "document")})].push_back(&row);
  for (const auto& [key, parts] : documents) rows.emplace(key, item_row(company, columns, parts));
}

}  // namespace

RowSets all_rows(std::string_view company, const CompanyModels& models, const View& view) {
  RowSets rows;
  add_orders(company, models.sales.orders(view, models.receivables), rows.order_status);
  add_items(company, models.receivables.open_items(view), rows.open_items);
  add_aging(company, models.receivables.aging(view, Group::by(Dimension::customer)), view, rows.aging);
  return rows;
}

RowSets touched_rows(std::string_view company, const CompanyModels& models, const View& view, const Touched& touched) {
  RowSets rows;
  for (const std::string& order : touched.orders)
    add_orders(company, models.sales.order(view, models.receivables, order), rows.order_status);
  for (const auto& [kind, id] : touched.items)
    add_items(company, models.receivables.open_item(view, kind, id), rows.open_items);
  const Group by_customer = Group::by(Dimension::customer);
  for (const std::string& customer : touched.customers) {
    const Report aging = models.receivables.aging(view, by_customer, default_buckets(), Filter::customer(customer));
    add_aging(company, aging, view, rows.aging);
  }
  return rows;
}

}  // namespace o2c::kafka
