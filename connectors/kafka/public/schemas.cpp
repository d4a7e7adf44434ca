#include "connectors/kafka/public/schemas.hpp"

#include <span>

#include <fmt/format.h>

namespace o2c {

std::span<const unsigned char> public_schema_bytes();  // made from public.bfbs at build time

namespace kafka {

std::string public_schema_uri() { return fmt::format("urn:o2c:schema:public:{}", public_schema_version); }

PublicRecord public_schema_record() {
  const auto bytes = public_schema_bytes();
  return {fmt::format("public/{}", public_schema_version),
          {{"content-type", "application/x-flatbuffers"}},
          std::string{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
}

}  // namespace kafka
}  // namespace o2c
