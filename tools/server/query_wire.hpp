#pragma once
#include "tools/host/queries.hpp"

namespace o2c {

struct NamedQuery {
  std::string name;
  Parameters parameters;
};

// Questions and answers as FlatBuffers and back.
NamedQuery query_from_wire(const fb::Query& query);
void query_to_wire(flatbuffers::FlatBufferBuilder& b, std::string_view name, const Parameters& parameters);
void answer_to_wire(flatbuffers::FlatBufferBuilder& b, const Result<Answer>& answer);
Result<Answer> answer_from_wire(const fb::QueryAnswer& answer);

}  // namespace o2c
