#pragma once
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/import/import.hpp"

namespace o2c::importer {

inline std::string joined(const MappingFaults& faults) { return describe(faults, "m.toml"); }

/// A mapping that must be right.
inline Mapping mapping_of(std::string_view toml) {
  auto mapping = parse_mapping(toml);
  EXPECT_TRUE(mapping.has_value()) << (mapping ? "" : joined(mapping.error()));
  return mapping ? *mapping : Mapping{};
}

/// Files given by the name of the mapping and their text.
inline Result<ImportPlan, ImportErrors> plan_of(const Mapping& mapping,
                                                const std::vector<std::pair<std::string, std::string>>& texts) {
  std::vector<ImportFile> files;
  for (const auto& [name, text] : texts) {
    std::size_t file = 0;
    while (file < mapping.files.size() && mapping.files[file].name != name) ++file;
    EXPECT_LT(file, mapping.files.size()) << name;
    files.push_back({file, name + ".csv", std::make_unique<std::istringstream>(text)});
  }
  return plan_import(mapping, files);
}

/// "file:line:column: rule" for each.
inline std::vector<std::string> told(const ImportErrors& errors) {
  std::vector<std::string> all;
  for (const RejectRow& row : errors.rows)
    all.push_back(row.file + ":" + std::to_string(row.line) + ":" + row.column + ": " + row.rule);
  return all;
}

}  // namespace o2c::importer
