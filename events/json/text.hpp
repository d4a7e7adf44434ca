#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

/// Rules for text that comes from outside, and text made safe to be shown.
namespace o2c::json {

inline constexpr std::size_t identifier_bytes_max = 64;
inline constexpr std::size_t free_text_bytes_max = 1000;

/// Which rule of a string field the text (valid UTF-8 but for surrogates) breaks; empty: none.
std::string text_fault(std::string_view text, std::size_t bytes_max);

/// Appends a JSON string; control characters become \u00XX, all else stays as it is.
void append_string(fmt::memory_buffer& out, std::string_view text);

/// An unknown name for an error message: safe on a terminal, at most 64 bytes.
std::string shown(std::string_view name);

/// One segment of a JSON Pointer: ~ and / escaped (RFC 6901).
void append_segment(std::string& pointer, std::string_view name);

/// Edit distance of two short names, with neighbours swapped as one step; for "did you mean".
std::size_t distance(std::string_view a, std::string_view b);

/// Offset of the byte at which `text` stops being a sequence of UTF-8 characters and closed strings without control
/// characters: where a syntax error lies that the parser does not place. The size of the text if there is none.
std::size_t find_broken_text(std::string_view text);

}  // namespace o2c::json
