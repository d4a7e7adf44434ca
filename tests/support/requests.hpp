#pragma once
#include <cstring>

#include "engine/runtime/request.hpp"
#include "tests/support/books.hpp"

namespace o2c::test {

/// A command as the engine takes it; it owns its bytes. number: what the command's id is made of.
inline Request request_of(std::string_view company, std::uint64_t number, const Wish& wish) {
  flatbuffers::FlatBufferBuilder b;
  const auto body = wish.build(b);
  const auto name = b.CreateString(company), actor = b.CreateString("clerk");
  Id16 id;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  const fb::Id16 stored_id = id.to_fb();
  fb::CommandBuilder command(b);
  command.add_company(name), command.add_command_id(&stored_id), command.add_actor(actor);
  command.add_body_type(wish.type), command.add_body(body);
  b.Finish(command.Finish());
  auto request = own_command({b.GetBufferPointer(), b.GetSize()});
  if (!request) throw std::runtime_error(request.error().message);
  return std::move(*request);
}

}  // namespace o2c::test
