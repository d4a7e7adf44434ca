#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace o2c::kafka {

/// Parts joined by '/': "ACME/invoice/INV-1". Within a part '%' and '/' are written %25 and %2F, all else as it is, so two lists of
/// parts never make one key. The company comes first: a lane holds several, and each numbers its documents as it likes.
std::string key_of(std::initializer_list<std::string_view> parts);

/// "/companies/ACME": whose fact it is, as a URI reference (RFC 3986; every byte that is not unreserved is percent-encoded).
std::string source_of(std::string_view company);

}  // namespace o2c::kafka
