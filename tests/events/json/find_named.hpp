#pragma once
#include <algorithm>
#include <string_view>

#include <flatbuffers/reflection_generated.h>

namespace o2c {

/// The object, field or enum of that name in a list of the binary schema. LookupByKey does the same, but g++ 12 warns of its
/// strcmp under the sanitizers.
template <class Named>
const Named* find_named(const flatbuffers::Vector<flatbuffers::Offset<Named>>& all, std::string_view name) {
  const auto at =
      std::find_if(all.begin(), all.end(), [name](const Named* one) { return one->name()->string_view() == name; });
  return at == all.end() ? nullptr : *at;
}

}  // namespace o2c
