#include "engine/domain/decide.hpp"
#include "engine/domain/policy/policy_check.hpp"

namespace o2c {
namespace {

template <class Stored>
Verdict publish(const CompanyState& state, const Day& day, const fb::PublishPolicy& command, const Stored& stored,
                Decision& decision) {
  const auto content = content_from(stored);
  using Kind = PolicyKind<std::remove_const_t<decltype(content)>>;
  const std::string_view name = view(command.name());
  if (!Kind::has_names && name != "default") {
    return refuse(Refusal::policy_unreachable, "/name",
                  fmt::format("{} are looked up under 'default' only", Kind::name));
  }
  const std::string place = fmt::format("/policy/{}", Kind::name);
  if (auto v = check_policy(state, content, place); !v) return v;
  if constexpr (std::is_same_v<decltype(content), const PriceList>) {
    if (auto v = check_ties(state, name, from_fb(*command.effective_from()), content, place); !v) return v;
  }
  const auto* history = Kind::table(state.policies).find(name);
  const auto version = static_cast<std::uint32_t>(history ? history->versions.size() : 0);
  auto& b = decision.b;
  const auto body = content_to(b, content).Union();
  const std::string stream = fmt::format("{}/{}", Kind::name, name);
  decision.add(fb::StreamType::policy, stream, version, day.occurred_on, day.posted_on,
               fb::CreatePolicyPublished(b, b.CreateString(name), version + 1, command.effective_from(),
                                         command.policy_type(), body));
  decision.answer(fb::StreamType::policy, stream, "published");
  return accept();
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::PublishPolicy& command,
               Decision& decision) {
  if (auto v = check_id(view(command.name()), "/name"); !v) return v;
  if (!in_range(from_fb(*command.effective_from())))
    return refuse(Refusal::date_range, "/effective_from", "years are 1900 to 2999");
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  switch (command.policy_type()) {
#define O2C_CASE(Type, member, kind, names) \
  case fb::PolicyBody::Type: return publish(state, day, command, *command.policy_as_##Type(), decision);
    O2C_POLICIES(O2C_CASE)
#undef O2C_CASE
    case fb::PolicyBody::NONE: break;
  }
  return refuse(Refusal::invalid_value, "/policy", "unknown kind of policy");
}

}  // namespace o2c
