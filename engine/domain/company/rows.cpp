#include "engine/domain/company/rows.hpp"

#include "engine/domain/archive.hpp"

namespace o2c {
namespace {

template <class Table> using RowOf = typename std::remove_cvref_t<Table>::Rows::value_type;

template <class Row> std::string archived(const Row& row) {
  ArchiveWriter writer;
  writer(row);
  return writer.take();
}

}  // namespace

void for_each_row(const CompanyState& state, const RowSink& f) {
  for_each_table(state, [&](std::string_view kind, const auto& table) {
    std::uint32_t position = 0;
    for (const auto& row : table.rows()) f(kind, position++, archived(row));
  });
}

void take_changed_rows(CompanyState& state, const RowSink& f) {
  for_each_table(state, [&](std::string_view kind, auto& table) {
    table.take_changed([&](std::uint32_t position, const auto& row) { f(kind, position, archived(row)); });
  });
}

void load_row(CompanyState& state, std::string_view kind, std::string_view bytes) {
  bool known = false;
  for_each_table(state, [&](std::string_view name, auto& table) {
    if (name != kind) return;
    known = true;
    RowOf<decltype(table)> row;
    ArchiveReader reader(bytes);
    reader(row);
    if (!reader.at_end()) throw BrokenHistory("row '" + row.id + "' is longer than its type");
    table.load(std::move(row));
  });
  if (!known) throw BrokenHistory("rows of the unknown kind '" + std::string(kind) + "'");
}

Hash32 state_root(const CompanyState& state) {
  Sha256 root;
  for_each_table(state, [&](std::string_view kind, const auto& table) {
    std::vector<const RowOf<decltype(table)>*> rows;
    rows.reserve(table.size());
    for (const auto& row : table.rows()) rows.push_back(&row);
    std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    for (const auto* row : rows) {
      ArchiveWriter head;
      head(kind.size(), std::string(kind));
      root.update(head.bytes());
      root.update(archived(*row));
    }
  });
  return root.finish();
}

}  // namespace o2c
