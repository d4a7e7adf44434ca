#pragma once
#include <string>
#include <string_view>

#include "events/schema/o2c_generated.h"

namespace o2c {

using Refusal = fb::RefusalCode;

enum class Language { en, zh };

/// "exceeds_credit_limit": the stable name in JSON, CLI and docs.
std::string_view refusal_name(Refusal code);
/// One sentence for people. Ends without a full stop, so that a detail can follow.
std::string_view refusal_text(Refusal code, Language language);
/// Whether the same command can succeed later without being changed (stock comes in, a hold is released).
bool refusal_may_pass_later(Refusal code);

}  // namespace o2c
