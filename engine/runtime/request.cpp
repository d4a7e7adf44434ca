#include "engine/runtime/request.hpp"

#include <cstring>

namespace o2c {
namespace {

bool valid_id(const flatbuffers::String* id, std::size_t size_max) {
  if (!id || id->size() == 0 || id->size() > size_max) return false;
  for (const char c : std::string_view{id->data(), id->size()}) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return id->data()[0] != ' ' && id->data()[id->size() - 1] != ' ';
}

/// Kafka's Utils.murmur2, 32 bit, seed 0x9747b28c.
std::uint32_t murmur2(Bytes data) {
  constexpr std::uint32_t m = 0x5bd1e995;
  std::uint32_t h = 0x9747b28cU ^ static_cast<std::uint32_t>(data.size());
  std::size_t at = 0;
  for (; at + 4 <= data.size(); at += 4) {
    std::uint32_t k = 0;
    std::memcpy(&k, data.data() + at, 4);
    k *= m;
    k ^= k >> 24;
    k *= m;
    h = (h * m) ^ k;
  }
  const std::size_t rest = data.size() - at;
  if (rest >= 3) h ^= static_cast<std::uint32_t>(data[at + 2]) << 16;
  if (rest >= 2) h ^= static_cast<std::uint32_t>(data[at + 1]) << 8;
  if (rest >= 1) h ^= data[at], h *= m;
  h ^= h >> 13;
  h *= m;
  return h ^ (h >> 15);
}

}  // namespace

Result<Request> check_command(Bytes command) {
  if (command.size() > frame_limit / 2) return invalid("command: larger than 384 KiB");
  if (reinterpret_cast<std::uintptr_t>(command.data()) % 8 != 0)
    return invalid("command: its buffer is not aligned to 8 bytes");
  flatbuffers::Verifier verifier(command.data(), command.size(), 32, 10'000);
  if (!verifier.VerifyBuffer<fb::Command>(nullptr)) return invalid("command: not a valid FlatBuffer of type Command");
  Request request;
  request.command = command;
  const fb::Command& view = request.view();
  if (!valid_id(view.company(), 64)) return invalid("/company: 1 to 64 bytes without control characters");
  if (!valid_id(view.actor(), 64)) return invalid("/actor: 1 to 64 bytes without control characters");
  if (view.source_key() && !valid_id(view.source_key(), 256))
    return invalid("/source_key: 1 to 256 bytes without control characters");
  if (view.body_type() == fb::CommandBody::NONE || fb::EnumNameCommandBody(view.body_type())[0] == '\0')
    return invalid("/body: unknown command");
  request.hash = sha256(command);
  return request;
}

Result<Request> own_command(Bytes command) {
  auto words = std::make_shared<std::vector<std::uint64_t>>((command.size() + 7) / 8);
  if (!command.empty()) std::memcpy(words->data(), command.data(), command.size());
  auto request = check_command({reinterpret_cast<const std::uint8_t*>(words->data()), command.size()});
  if (request) request->owner = std::move(words);
  return request;
}

Result<void> check_is_of_people(const fb::Command& command) {
  if (command.body_type() != fb::CommandBody::TakeMessage) return {};
  return invalid("/body: take_message is brought by the engine itself, from the other company's journal");
}

LaneId lane_of(std::string_view company, std::uint32_t lanes) {
  return (murmur2(bytes_of(company)) & 0x7fffffffU) % lanes;
}

LaneId lane_of(const Request& request, std::uint32_t lanes) {
  return lane_of(request.view().company()->string_view(), lanes);
}

std::size_t run_of_lane(std::span<const Request> requests, std::uint32_t lanes) {
  const LaneId lane = lane_of(requests[0], lanes);
  std::size_t run = 1;
  while (run < requests.size() && lane_of(requests[run], lanes) == lane) ++run;
  return run;
}

}  // namespace o2c
