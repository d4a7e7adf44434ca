#include "tools/server/query_wire.hpp"

namespace o2c {
namespace {

flatbuffers::Offset<fb::CellData> cell_to_wire(flatbuffers::FlatBufferBuilder& b, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell))
    return fb::CreateCellData(b, fb::CellKind::text, b.CreateString(*text));
  if (const auto* number = std::get_if<std::int64_t>(&cell))
    return fb::CreateCellData(b, fb::CellKind::integer, 0, *number);
  if (const auto* decimal = std::get_if<Decimal>(&cell))
    return fb::CreateCellData(b, fb::CellKind::decimal, 0, decimal->value,
                              static_cast<std::uint8_t>(decimal->decimals));
  if (const auto* date = std::get_if<Date>(&cell)) return fb::CreateCellData(b, fb::CellKind::date, 0, days_of(*date));
  return fb::CreateCellData(b);
}

Cell cell_from_wire(const fb::CellData& cell) {
  switch (cell.kind()) {
    case fb::CellKind::text: return cell.text() ? cell.text()->str() : std::string{};
    case fb::CellKind::integer: return cell.number();
    case fb::CellKind::decimal: return Decimal{cell.number(), cell.decimals()};
    case fb::CellKind::date: return date_of(static_cast<std::int32_t>(cell.number()));
    case fb::CellKind::empty: break;
  }
  return std::monostate{};
}

}  // namespace

NamedQuery query_from_wire(const fb::Query& query) {
  NamedQuery named{query.name()->str(), {}};
  if (!query.parameters()) return named;
  for (const fb::Parameter* parameter : *query.parameters())
    named.parameters[parameter->name()->str()] = parameter->value()->str();
  return named;
}

void query_to_wire(flatbuffers::FlatBufferBuilder& b, std::string_view name, const Parameters& parameters) {
  std::vector<flatbuffers::Offset<fb::Parameter>> list;
  for (const auto& [parameter, value] : parameters)
    list.push_back(fb::CreateParameter(b, b.CreateString(parameter), b.CreateString(value)));
  b.Finish(fb::CreateQuery(b, b.CreateString(name.data(), name.size()), b.CreateVector(list)));
}

void answer_to_wire(flatbuffers::FlatBufferBuilder& b, const Result<Answer>& answer) {
  if (!answer) {
    b.Finish(fb::CreateQueryAnswer(b, 0, static_cast<std::uint8_t>(answer.error().code),
                                   b.CreateString(answer.error().message)));
    return;
  }
  std::vector<flatbuffers::Offset<fb::ReportData>> reports;
  for (const Report& report : answer->reports) {
    std::vector<flatbuffers::Offset<fb::ColumnData>> columns;
    columns.reserve(report.columns.size());
    for (const Column& c : report.columns)
      columns.push_back(
          fb::CreateColumnData(b, b.CreateString(c.name), b.CreateString(c.title_en), b.CreateString(c.title_zh)));
    std::vector<flatbuffers::Offset<fb::RowData>> rows;
    std::vector<flatbuffers::Offset<fb::CellData>> cells;
    for (const auto& row : report.rows) {
      cells.clear();
      for (const Cell& cell : row) cells.push_back(cell_to_wire(b, cell));
      rows.push_back(fb::CreateRowData(b, b.CreateVector(cells)));
    }
    reports.push_back(
        fb::CreateReportData(b, b.CreateString(report.name), b.CreateVector(columns), b.CreateVector(rows)));
  }
  const auto list = b.CreateVector(reports);
  const auto behind = answer->behind ? fb::CreateBehind(b, answer->behind->lane, answer->behind->seq) : 0;
  b.Finish(fb::CreateQueryAnswer(b, list, 0, 0, behind));
}

Result<Answer> answer_from_wire(const fb::QueryAnswer& answer) {
  if (answer.error()) return Error{static_cast<ErrorCode>(answer.error_code()), answer.error()->str()};
  Answer known;
  if (const fb::Behind* behind = answer.behind()) known.behind = Behind{behind->lane(), behind->seq()};
  if (!answer.reports()) return known;
  for (const fb::ReportData* data : *answer.reports()) {
    Report report{data->name()->str(), {}, {}};
    for (const fb::ColumnData* c : *data->columns())
      report.columns.push_back(
          {c->name()->str(), c->title_en() ? c->title_en()->str() : "", c->title_zh() ? c->title_zh()->str() : ""});
    for (const fb::RowData* row : *data->rows()) {
      std::vector<Cell> cells;
      for (const fb::CellData* cell : *row->cells()) cells.push_back(cell_from_wire(*cell));
      report.rows.push_back(std::move(cells));
    }
    known.reports.push_back(std::move(report));
  }
  return known;
}

}  // namespace o2c
