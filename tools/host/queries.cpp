#include "tools/host/queries.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

#include "engine/domain/decide.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

const std::vector<QueryEntry>& entries() {
  static const std::vector<QueryEntry> all = [] {
    std::vector<QueryEntry> list;
    add_receivables_queries(list);
    add_sales_queries(list);
    add_ledger_queries(list);
    add_document_queries(list);
    add_event_queries(list);
    return list;
  }();
  return all;
}

Result<const QueryEntry*> find_query(std::string_view name, const Parameters& parameters) {
  std::vector<std::string> names;
  for (const QueryEntry& entry : entries()) {
    if (entry.help.name != name) {
      names.push_back(entry.help.name);
      continue;
    }
    std::vector<std::string> known{"company"};
    for (const ParameterHelp& parameter : entry.help.parameters) known.push_back(parameter.name);
    for (const auto& [parameter, value] : parameters) {
      if (std::ranges::find(known, parameter) != known.end()) continue;
      const std::string hint = nearest(parameter, known);
      return invalid(fmt::format("{} has no parameter --{}{}", name, parameter,
                                 hint.empty() ? "" : ", did you mean --" + hint + "?"));
    }
    return &entry;
  }
  const std::string hint = nearest(name, names);
  return invalid(fmt::format("no such question: {}{}", name, hint.empty() ? "" : ", did you mean '" + hint + "'?"));
}

Result<Date> date_in(std::string_view parameter, std::string_view text) {
  if (const auto date = parse_date(text)) return *date;
  return invalid(
      fmt::format("--{} {}: a day of the calendar from 1900-01-01 to 2999-12-31 is needed, written as 2026-03-31",
                  parameter, text));
}

/// The company asked for, or the only one there is.
Result<std::string> company_of(const ReadModels& models, const Parameters& parameters) {
  const auto wanted = parameters.find("company");
  if (wanted != parameters.end()) {
    if (models.company(wanted->second)) return wanted->second;
    return Error{ErrorCode::not_found, fmt::format("no company '{}' in this instance", wanted->second)};
  }
  if (models.companies().size() == 1) return models.companies().begin()->first;
  const auto ids = models.companies() | std::views::keys;
  return which_company({ids.begin(), ids.end()});
}

/// A position (entry number), an instant, or a mark's name.
Result<std::uint64_t> known_of(const ReadModels& models, const CompanyModels& company, Instant now,
                               std::string_view text) {
  std::uint64_t seq = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (error == std::errc{} && end == text.data() + text.size()) {
    if (seq > models.position(company.lane))
      return invalid(fmt::format("--known {}: the journal ends at {}", seq, models.position(company.lane)));
    return seq;
  }
  std::string with_seconds(text);
  if (text.size() == 17 && text.ends_with('Z'))
    with_seconds = std::string(text.substr(0, 16)) + ":00Z";  // 2026-04-05T18:00Z
  if (const auto instant = parse_instant(with_seconds)) {
    if (*instant > now)  // what comes until then would change the answer
      return invalid(fmt::format("--known {}: this instant is still to come", text));
    return models.position_at(company.lane, *instant);
  }
  if (const auto mark = company.marks.find(text); mark != company.marks.end()) return mark->second;
  return invalid(fmt::format(
      "--known {}: neither an entry number, nor an instant such as 2026-04-05T18:00:00Z, nor a mark", text));
}

Result<View> view_of(Instance& instance, const ReadModels& models, const CompanyModels& company,
                     std::string_view company_id, const Parameters& parameters) {
  View view;
  view.known = models.position(company.lane);
  if (const auto known = parameters.find("known"); known != parameters.end()) {
    auto seq = known_of(models, company, instance.clock().now(), known->second);
    if (!seq) return seq.error();
    view.known = *seq;
  }
  if (const auto as_of = parameters.find("as-of"); as_of != parameters.end()) {
    const auto date = date_in("as-of", as_of->second);
    if (!date) return date.error();
    view.as_of = *date;
  } else {
    instance.engine().inspect_lane(company.lane, [&](Lane& lane) { view.as_of = lane.today(company_id); });
  }
  if (const auto basis = parameters.find("basis"); basis != parameters.end()) {
    if (basis->second == "business") view.basis = Basis::business;
  }
  return view;
}

Result<std::vector<Report>> answer_of(const QueryEntry& entry, const QueryContext& q) {
  if (auto checked = check_parameters(q, entry.help); !checked) return checked.error();
  auto answer = entry.run(q);
  if (!answer) return answer;
  if (auto fit = sums_fit(*answer); !fit) return fit.error();
  return answer;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::optional<Behind> behind(Instance& instance, LaneId lane) {
  if (!instance.options().write || instance.engine().serves(lane)) return std::nullopt;
  return Behind{lane, instance.engine().durable_seq(lane)};
}

}  // namespace

Error which_company(const std::vector<std::string>& ids) {
  if (ids.empty()) return {ErrorCode::not_found, "no company has been opened yet"};
  return invalid(fmt::format("--company is needed: this instance has {}", fmt::join(ids, ", ")));
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(word, name);
    if (distance < best_distance) best = name, best_distance = distance;
  }
  return best;
}

std::vector<ParameterHelp> with_view(std::vector<ParameterHelp> own) {
  own.push_back({"as-of", "facts dated up to this day (default: today)"});
  own.push_back({"known", "knowledge up to this entry number, instant or mark (default: head)"});
  own.push_back(
      one_of("basis", "ledger dates (default) or the days on which things happened", {"posting", "business"}));
  return own;
}

const std::vector<QueryHelp>& all_queries() {
  static const std::vector<QueryHelp> help = [] {
    std::vector<QueryHelp> list;
    for (const QueryEntry& entry : entries()) list.push_back(entry.help);
    return list;
  }();
  return help;
}

Result<Answer> run_query(Instance& instance, std::string_view name, const Parameters& parameters) {
  if (auto reports = run_instance_query(instance, name)) {
    if (!*reports) return reports->error();
    return Answer{std::move(**reports), {}};
  }
  const auto entry = find_query(name, parameters);
  if (!entry) return entry.error();
  // A caller who got an answer reads its own write: the models first catch up with what is durable now.
  if (instance.options().write) {
    for (LaneId lane = 0; lane < instance.engine().lanes(); ++lane) {
      if (!instance.follower().wait_for(lane, instance.engine().durable_seq(lane), std::chrono::seconds{10})) {
        return Error{ErrorCode::unavailable, "the read models are behind the journal, try again", Remedy::retry};
      }
    }
  }
  Result<Answer> answer = Answer{};
  instance.follower().with([&](const ReadModels& models) {
    const auto company_id = company_of(models, parameters);
    if (!company_id) {
      answer = company_id.error();
      return;
    }
    const CompanyModels& company = *models.company(*company_id);
    const auto view = view_of(instance, models, company, *company_id, parameters);
    if (!view) {
      answer = view.error();
      return;
    }
    try {
      auto reports = answer_of(**entry, {instance, models, company, *company_id, *view, parameters});
      if (!reports) answer = reports.error();
      else answer = Answer{std::move(*reports), behind(instance, company.lane)};
    } catch (const std::range_error& beyond) {
      answer = invalid(fmt::format("{}: {}", name, beyond.what()));
    }
  });
  return answer;
}

Result<Currency> QueryContext::currency() const {
  if (!has("currency")) return invalid("--currency is needed: the ISO 4217 code of the cell's row");
  const auto currency = parse_currency(text("currency"));
  if (!currency) return invalid(fmt::format("--currency {}: an ISO 4217 code such as CNY is needed", text("currency")));
  return *currency;
}

std::string_view QueryContext::text(std::string_view name, std::string_view otherwise) const {
  const auto at = parameters.find(name);
  return at == parameters.end() ? otherwise : std::string_view{at->second};
}

Result<Date> QueryContext::date(std::string_view name, Date otherwise) const {
  if (!has(name)) return otherwise;
  return date_in(name, text(name));
}

Result<Period> QueryContext::period() const {
  Period period;
  for (const auto& [name, day] : {std::pair{"from", &period.from}, std::pair{"until", &period.until}}) {
    if (!has(name)) continue;
    const auto given = date(name, {});
    if (!given) return given.error();
    *day = *given;
  }
  if (period.from && period.until && *period.until <= *period.from)
    return invalid("--until: must be after --from, it is the first day that does not count");
  return period;
}

Result<std::int64_t> QueryContext::integer(std::string_view name, std::int64_t otherwise) const {
  if (!has(name)) return otherwise;
  const auto number = parse_decimal(text(name), 0);
  if (!number) return invalid(fmt::format("--{} {}: a whole number is needed", name, text(name)));
  return *number;
}

Result<std::string> QueryContext::choice(std::string_view name, std::string_view otherwise,
                                         const std::vector<std::string>& allowed) const {
  const std::string word(text(name, otherwise));
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return word;
  std::string list;
  for (const std::string& a : allowed) list += (list.empty() ? "" : ", ") + a;
  const std::string hint = nearest(word, allowed);
  return invalid(
      fmt::format("--{} {}: one of {}{}", name, word, list, hint.empty() ? "" : "; did you mean " + hint + "?"));
}

Result<void> QueryContext::with_state(const std::function<void(const CompanyState&)>& f) const {
  if (view.known >= models.position(company.lane)) {
    return instance.engine().inspect(company_id, [&](const CompanyState* state) { f(*state); });
  }
  CompanyState past;
  const auto read = instance.journal().read(company.lane, 1, [&](const FrameView& frame) {
    if (frame.entry->seq() > view.known) return false;
    if (frame.command && frame.entry->events() && frame.command->company()->string_view() == company_id) {
      for (const fb::Event* event : *frame.entry->events()) evolve(past, *event);
    }
    return true;
  });
  if (!read) return read.error();
  if (!past.opened())
    return Error{ErrorCode::not_found, fmt::format("the company was not open yet at entry {}", view.known)};
  f(past);
  return {};
}

std::vector<Report> root_reports(const ReadModels& models, std::string_view company_id) {
  std::vector<Report> reports;
  const CompanyModels* company = models.company(company_id);
  if (!company) return reports;
  // Head is every entry, and a day behind all facts: the root does not change with the day it is asked on.
  View view;
  view.as_of = date_of(days_of(parse_date("2999-12-31").value()));
  reports.push_back(company->receivables.aging(view, Group::by(Dimension::customer)));
  reports.push_back(company->receivables.open_items(view));
  reports.push_back(company->ledger.trial_balance(view));
  reports.push_back(company->sales.sales(view, {.group = SalesGroup::customer}));
  reports.push_back(company->sales.sales(view, {.group = SalesGroup::month, .measure = SalesMeasure::invoices}));
  return reports;
}

}  // namespace o2c
