#include "connectors/kafka/public/resume.hpp"

#include <charconv>

#include <fmt/format.h>

namespace o2c::kafka {
namespace {

Result<std::uint64_t> number_of(const Headers& headers, std::string_view name) {
  const std::string_view text = find_header(headers, name);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return integrity(fmt::format("header {}: '{}' is no number", name, text));
  return number;
}

}  // namespace

Result<ResumePoint> resume_after(std::span<const Headers> tail) {
  ResumePoint point;
  for (const Headers& headers : tail) {
    const auto sequence = number_of(headers, "ce_sequence"), entry = number_of(headers, "ce_entryseq"),
               index = number_of(headers, "ce_eventindex");
    for (const auto* number : {&sequence, &entry, &index}) {
      if (!*number) return number->error();
    }
    if (*sequence < point.next_sequence) continue;
    point = {*sequence + 1, *entry, static_cast<std::uint32_t>(*index + 1)};
  }
  return point;
}

Result<std::uint64_t> row_entry_seq(const Headers& headers) { return number_of(headers, "o2c_entry_seq"); }

}  // namespace o2c::kafka
