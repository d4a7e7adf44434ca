#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

/// Whoever asks with what was known at "3" or at an instant means the entry or the moment, not a mark of that name.
bool reads_like_a_position(std::string_view name) {
  return name.find_first_not_of("0123456789") == std::string_view::npos || parse_instant(name) ||
         (name.ends_with('Z') && parse_instant(fmt::format("{}:00Z", name.substr(0, name.size() - 1))));
}

}  // namespace

// The books open on a day of the past as well, so that openings and histories can be brought in. Whether the time zone exists is checked by
// the runtime, which knows the zones; a decider has no files.
Verdict decide(const CompanyState& state, const Context& context, const fb::OpenCompany& command, Decision& decision) {
  if (state.opened()) return refuse(Refusal::company_exists, "/company", state.books().id);
  if (auto v = check_id(context.company, "/company"); !v) return v;
  if (view(command.name()).empty()) return refuse(Refusal::invalid_value, "/name", "a company has a name");
  if (view(command.time_zone()).empty())
    return refuse(Refusal::invalid_value, "/time_zone", "a company has a time zone");
  if (!is_known(command.base_currency())) return refuse(Refusal::currency_unknown, "/base_currency");
  const Date opened_on = from_fb(*command.opened_on());
  if (!in_range(opened_on)) return refuse(Refusal::date_range, "/opened_on", "years are 1900 to 2999");
  auto& b = decision.b;
  const auto name = b.CreateString(view(command.name())), zone = b.CreateString(view(command.time_zone())),
             country = put(b, view(command.country()));
  decision.add(fb::StreamType::company, context.company, 0, opened_on, opened_on,
               fb::CreateCompanyOpened(b, name, command.base_currency(), zone, command.opened_on(), country));
  decision.answer(fb::StreamType::company, context.company, "open");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ClosePeriod& command, Decision& decision) {
  const Company& company = state.books();
  const Date until = from_fb(*command.until());
  // A close cannot be undone, so a day that has not come yet is not closed by a slip of the pen.
  if (until < company.opened_on || until > context.today) {
    return refuse(Refusal::date_range, "/until",
                  fmt::format("the books were opened on {}, today is {}", format_date(company.opened_on),
                              format_date(context.today)));
  }
  if (company.closed_until && until <= *company.closed_until) {
    return refuse(Refusal::period_closed, "/until", fmt::format("closed until {}", format_date(*company.closed_until)));
  }
  // The close is a fact of the last day it closes, and the last thing posted there.
  decision.add(fb::StreamType::company, company.id, company.version, until, until,
               fb::CreatePeriodClosed(decision.b, command.until()));
  decision.answer(fb::StreamType::company, company.id, "open");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::CreateMark& command, Decision& decision) {
  const std::string_view name = view(command.name());
  if (auto v = check_id(name, "/name"); !v) return v;
  if (reads_like_a_position(name))
    return refuse(Refusal::invalid_value, "/name", "a number or an instant would be taken for a position");
  if (state.marks.contains(name)) return refuse(Refusal::mark_exists, "/name", std::string(name));
  const Company& company = state.books();
  Day day;
  if (auto v = day_of(state, context, nullptr, std::nullopt, day); !v) return v;
  decision.add(fb::StreamType::company, company.id, company.version, day.occurred_on, day.posted_on,
               fb::CreateMarkCreated(decision.b, decision.b.CreateString(name)));
  decision.answer(fb::StreamType::company, company.id, "open");
  return accept();
}

}  // namespace o2c
