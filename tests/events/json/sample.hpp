#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <flatbuffers/reflection_generated.h>

/// Sample documents made by walking the binary schema: a second, independent account of the JSON mapping.
namespace o2c::sample {

/// The schema of this build.
const reflection::Schema& schema();

struct Sample {
  std::string name;  // "record_receipt"; "publish_policy.tax_rules" where a union lies in a union's member
  std::string json;  // one line, every field given, as append_json writes it
};

/// One sample of the table; with a union in it, one for each of its members. Same schema, same samples.
std::vector<Sample> samples(std::string_view table);

/// Names of all tables, without namespace.
std::vector<std::string> tables();

}  // namespace o2c::sample
