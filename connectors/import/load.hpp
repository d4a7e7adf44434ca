#pragma once
#include "connectors/import/import.hpp"
#include "connectors/import/workbook.hpp"

/// Internal to the import: the first half of planning, which looks at each file by itself.
namespace o2c::importer {

void reject(ImportErrors& errors, RejectRow row);

/// Reads a file into its table: header, length of rows, every cell of a named column, keys.
void load_file(const Mapping& mapping, ImportFile& from, Workbook& into, ImportPlan& plan, ImportErrors& errors);

}  // namespace o2c::importer
