#pragma once
#include <string>
#include <string_view>

#include <flatbuffers/flatbuffers.h>

namespace o2c {

/// A text of a FlatBuffer; an absent one is empty.
inline std::string_view view(const flatbuffers::String* text) {
  return text ? std::string_view{text->data(), text->size()} : std::string_view{};
}
inline std::string text(const flatbuffers::String* s) { return std::string(view(s)); }

}  // namespace o2c
