#include "connectors/kafka/commands/command_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/flat.hpp"
#include "events/json/json.hpp"

namespace o2c::kafka {
namespace {

constexpr std::array forms{CommandForm::json, CommandForm::flatbuffers};

/// The media type without its parameters; upper and lower case are the same (RFC 9110).
std::string media_type(std::string_view content_type) {
  std::string out{content_type.substr(0, content_type.find(';'))};
  while (!out.empty() && out.back() == ' ') out.pop_back();
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

Result<CommandForm, Poison> form_of(const std::optional<std::string_view>& content_type) {
  if (!content_type)
    return Poison{"no_content_type", "a header content-type is needed: application/json or application/x-flatbuffers"};
  const std::string type = media_type(*content_type);
  const auto form =
      std::find_if(forms.begin(), forms.end(), [&](CommandForm each) { return content_type_of(each) == type; });
  if (form == forms.end())
    return Poison{"unknown_content_type", "content-type: application/json or application/x-flatbuffers"};
  return *form;
}

Result<Request, Poison> read_value(Bytes value, CommandForm form) {
  if (form == CommandForm::flatbuffers) {
    auto request = own_command(value);
    if (!request) return Poison{"invalid_command", request.error().message};
    return std::move(*request);
  }
  const auto command = parse_table(text_of(value), "Command");
  if (!command) return Poison{"invalid_json", command.error().message};
  if (auto of_people = check_is_of_people(*flatbuffers::GetRoot<fb::Command>(command->data())); !of_people)
    return Poison{"invalid_command", of_people.error().message, Skip::not_allowed};
  auto request = own_command({command->data(), command->size()});
  if (!request) return Poison{"invalid_command", request.error().message};
  return std::move(*request);
}

}  // namespace

std::string_view content_type_of(CommandForm form) {
  return form == CommandForm::json ? "application/json" : "application/x-flatbuffers";
}

Result<ReadCommand, Poison> read_command(const CommandRecord& record, LaneId lane, std::uint32_t lanes) {
  if (record.key.empty()) return Poison{"no_key", "the key is the company's id"};
  if (!record.value || record.value->empty()) return Poison{"no_value", "the value is the command"};
  const auto form = form_of(record.content_type);
  if (!form) return form.error();
  auto request = read_value(*record.value, *form);
  if (!request) return request.error();
  const std::string_view company = view(request->view().company());
  if (text_of(record.key) != company)
    return Poison{"other_company", fmt::format("/company: {}, which is not the record's key", company),
                  Skip::not_allowed};
  if (const LaneId right = lane_of(company, lanes); right != lane)
    return Poison{"wrong_lane",
                  fmt::format("company {} belongs to partition {}, not {}: the sender's partitioner is not murmur2",
                              company, right, lane),
                  Skip::not_allowed};
  const std::string_view correlation = record.correlation_id.value_or(std::string_view{});
  return ReadCommand{std::move(*request), *form,
                     std::string(correlation.size() > correlation_bytes_max ? std::string_view{} : correlation)};
}

}  // namespace o2c::kafka
