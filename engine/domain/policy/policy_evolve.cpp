#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

template <class Stored> void take_in(Policies& policies, const fb::PolicyPublished& body, const Stored& stored) {
  auto content = content_from(stored);
  auto& history = PolicyKind<decltype(content)>::table(policies).change_or_add(view(body.name()));
  history.versions.push_back({body.version(), from_fb(*body.effective_from()), std::move(content)});
}

}  // namespace

void evolve(CompanyState& state, const fb::Event&, const fb::PolicyPublished& body) {
  switch (body.policy_type()) {
#define O2C_CASE(Type, member, kind, names) \
  case fb::PolicyBody::Type: return take_in(state.policies, body, *body.policy_as_##Type());
    O2C_POLICIES(O2C_CASE)
#undef O2C_CASE
    case fb::PolicyBody::NONE: break;
  }
  throw BrokenHistory("policy of a kind that this version does not know");
}

}  // namespace o2c
