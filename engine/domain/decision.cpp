#include "engine/domain/decision.hpp"

#include <algorithm>
#include <charconv>

#include "events/base/seeded_bug.hpp"

namespace o2c {

std::uint32_t Decision::version_after(fb::StreamType stream, std::string_view id, std::uint32_t version) const {
  for (auto added = added_.rbegin(); added != added_.rend(); ++added) {
    if (added->stream == stream && added->id == id) return added->version;
  }
  return version;
}

std::uint32_t Decision::answer_version() const { return version_after(answer_stream_, answer_id_, 0); }

void Decision::clear() {
  events_.clear();
  added_.clear();
  answer_stream_ = fb::StreamType::none;
  answer_id_.clear();
  answer_status_.clear();
}

void Decision::add_union(fb::StreamType stream, std::string_view id, std::uint32_t version, Date occurred_on,
                         Date posted_on, fb::EventBody type, flatbuffers::Offset<void> body) {
  const std::uint32_t next = version_after(stream, id, version) + 1;
  const auto stream_id = b.CreateString(id.data(), id.size());
  const fb::Date occurred = to_fb(occurred_on), posted = to_fb(posted_on);
  events_.push_back(fb::CreateEvent(b, stream, stream_id, next, 1, &occurred, &posted, type, body));
  added_.push_back({stream, std::string(id), next});
}

bool is_known(Currency currency) { return currency != Currency::XXX && *fb::EnumNameCurrency(currency) != '\0'; }

bool lies_ahead(Date day, Date document) {
  return in_range(day) && day >= document && day - document <= std::chrono::days{36'525};
}

Verdict day_of(const CompanyState& state, const Context& context, const fb::Date* wanted, std::optional<Date> earliest,
               Day& day) {
  // Without a wish the fact is of today, or of the day of its cause when that one is later (documents dated ahead).
  const Date occurred = wanted ? from_fb(*wanted) : earliest ? std::max(*earliest, context.today) : context.today;
  if (!in_range(occurred) || occurred > context.today + std::chrono::days{3660})
    return refuse(Refusal::date_range, "/occurred_on",
                  fmt::format("{}: from 1900-01-01 to ten years from today", format_date(occurred)));
  if (earliest && occurred < *earliest) {
    return refuse(Refusal::dated_before_its_cause, "/occurred_on",
                  fmt::format("{} is before {}", format_date(occurred), format_date(*earliest)));
  }
  day = {occurred, O2C_BUG(posts_into_closed_period) ? occurred : state.posting_day(occurred)};
  return accept();
}

Verdict check_id(std::string_view id, std::string_view place, std::string_view series) {
  constexpr std::size_t size_max = 64;
  if (id.empty() || id.size() > size_max) {
    return refuse(Refusal::invalid_value, std::string(place),
                  fmt::format("an id has 1 to {} bytes, this one has {}", size_max, id.size()));
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(id.begin(), id.end(), is_control))
    return refuse(Refusal::invalid_value, std::string(place), "an id holds no control characters");
  if (!series.empty() && id.size() > series.size() + 1 && id.starts_with(series) && id[series.size()] == '-' &&
      id.find_first_not_of("0123456789", series.size() + 1) == std::string_view::npos) {
    return refuse(Refusal::invalid_value, std::string(place),
                  fmt::format("'{}' is kept for the numbers of the series {}", id, series));
  }
  return accept();
}

Verdict new_id(const CompanyState& state, const flatbuffers::String* given, std::string_view series,
               std::string_view place, std::string& id) {
  if (!given) {
    id = next_number(state, series);
    return accept();
  }
  id = view(given);
  return check_id(id, place, series);
}

std::string next_number(const CompanyState& state, std::string_view series) {
  const Series* s = state.series.find(series);
  return fmt::format("{}-{}", series, (s ? s->last : 0) + 1);
}

void count_number(CompanyState& state, std::string_view series, std::string_view id) {
  if (id.size() <= series.size() + 1 || !id.starts_with(series) || id[series.size()] != '-') return;
  const std::string_view digits = id.substr(series.size() + 1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const Series* s = state.series.find(series);
  if (error != std::errc{} || end != digits.data() + digits.size() || number != (s ? s->last : 0) + 1) return;
  state.series.change_or_add(series).last = number;
}

}  // namespace o2c
