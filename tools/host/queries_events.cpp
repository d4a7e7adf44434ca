// The event browser: what lies in the journal, and which policies were published.
#include <algorithm>

#include "events/json/json.hpp"
#include "tools/host/query_context.hpp"

namespace o2c {
namespace {

using Reports = Result<std::vector<Report>>;

/// Every entry of the company from..until (positions, inclusive) up to view.known; f returns false to stop.
Result<void> each_entry(const QueryContext& q, std::uint64_t from, const std::function<bool(const FrameView&)>& f) {
  return q.instance.journal().read(q.company.lane, std::max<std::uint64_t>(from, 1), [&](const FrameView& frame) {
    if (frame.entry->seq() > q.view.known) return false;
    if (!frame.command || frame.command->company()->string_view() != q.company_id) return true;
    return f(frame);
  });
}

std::string stream_name(const fb::Event& event) {
  return fmt::format("{}/{}", fb::EnumNameStreamType(event.stream_type()), event.stream_id()->string_view());
}

bool is_of_stream(const fb::Event& event, std::string_view stream) {
  return stream_name(event) == stream || event.stream_id()->string_view() == stream;
}

/// Whether the books have ever heard of the stream and of the actor that were asked for; cost: the journal, read when nothing was found.
Result<void> check_heard_of(const QueryContext& q, std::string_view stream, std::string_view actor) {
  bool stream_known = stream.empty(), actor_known = actor.empty();
  auto read = q.instance.journal().read(q.company.lane, 1, [&](const FrameView& frame) {
    if (!frame.command || frame.command->company()->string_view() != q.company_id) return true;
    actor_known = actor_known || frame.command->actor()->string_view() == actor;
    if (!stream_known && frame.entry->events())
      stream_known =
          std::ranges::any_of(*frame.entry->events(), [&](const fb::Event* e) { return is_of_stream(*e, stream); });
    return !(stream_known && actor_known);
  });
  if (!read) return read;
  const auto unknown = [](std::string_view flag, std::string_view value, std::string_view what) {
    return Error{ErrorCode::not_found, fmt::format("--{} {}: the books know no such {}", flag, value, what)};
  };
  if (!stream_known) return unknown("stream", stream, "stream");
  if (!actor_known) return unknown("actor-is", actor, "actor");
  return {};
}

/// Names of all events, as --type takes them.
const std::vector<std::string>& event_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const fb::EventBody body : fb::EnumValuesEventBody()) {
      if (body != fb::EventBody::NONE) list.emplace_back(event_name(body));
    }
    return list;
  }();
  return names;
}

Report event_report() {
  return {"events",
          {{"position", "Position", "位置"},
           {"index", "#", "序号"},
           {"recorded_at", "Recorded", "记录时间"},
           {"actor", "Actor", "操作人"},
           {"event", "Event", "事件"},
           {"stream", "Stream", "流"},
           {"version", "Version", "版本"},
           {"occurred_on", "Occurred", "发生日"},
           {"posted_on", "Posted", "过账日"},
           {"event_id", "Id", "事件号"}},
          {}};
}

Reports list_events(const QueryContext& q) {
  const auto from = q.integer("from-position", 1), limit = q.integer("limit", rows_shown);
  if (!from) return from.error();
  if (!limit) return limit.error();
  if (*from < 0 || *limit < 0) return invalid("--from-position, --limit: not negative");
  const std::string_view stream = q.text("stream"), type = q.text("type"), actor = q.text("actor-is");
  if (q.has("type")) {
    if (auto known = q.choice("type", {}, event_names()); !known) return known.error();
  }
  Report report = event_report();
  const auto read = each_entry(q, static_cast<std::uint64_t>(*from), [&](const FrameView& frame) {
    if (!frame.entry->events()) return true;
    std::uint32_t index = 0;
    for (const fb::Event* event : *frame.entry->events()) {
      const std::uint32_t at = index++;
      if (!type.empty() && event_name(event->body_type()) != type) continue;
      if (!actor.empty() && frame.command->actor()->string_view() != actor) continue;
      if (!stream.empty() && !is_of_stream(*event, stream)) continue;
      if (static_cast<std::int64_t>(report.rows.size()) >= *limit) return false;
      report.rows.push_back({static_cast<std::int64_t>(frame.entry->seq()), std::int64_t{at},
                             format_instant(from_fb(*frame.entry->recorded_at())), frame.command->actor()->str(),
                             std::string(event_name(event->body_type())), stream_name(*event),
                             std::int64_t{event->stream_version()}, from_fb(*event->occurred_on()),
                             from_fb(*event->posted_on()),
                             to_hex(event_id(Id16::from(*frame.command->command_id()), at))});
    }
    return true;
  });
  if (!read) return read.error();
  if (report.rows.empty()) {
    if (auto heard_of = check_heard_of(q, stream, actor); !heard_of) return heard_of.error();
  }
  return std::vector{std::move(report)};
}

Reports list_refusals(const QueryContext& q) {
  const auto from = q.integer("from-position", 1), limit = q.integer("limit", rows_shown);
  if (!from) return from.error();
  if (!limit) return limit.error();
  Report report{"refusals",
                {{"position", "Position", "位置"},
                 {"recorded_at", "Recorded", "记录时间"},
                 {"actor", "Actor", "操作人"},
                 {"command", "Command", "命令"},
                 {"code", "Code", "代码"},
                 {"reason", "Reason", "原因"},
                 {"place", "Place", "字段"},
                 {"detail", "Detail", "明细"}},
                {}};
  const auto read =
      each_entry(q, static_cast<std::uint64_t>(std::max<std::int64_t>(*from, 1)), [&](const FrameView& frame) {
        const fb::Refused* refused = frame.entry->refused();
        if (!refused) return true;
        if (static_cast<std::int64_t>(report.rows.size()) >= *limit) return false;
        report.rows.push_back(
            {static_cast<std::int64_t>(frame.entry->seq()), format_instant(from_fb(*frame.entry->recorded_at())),
             frame.command->actor()->str(), std::string(command_name(frame.command->body_type())),
             static_cast<std::int64_t>(refused->code()), std::string(fb::EnumNameRefusalCode(refused->code())),
             refused->place() ? refused->place()->str() : "", refused->detail() ? refused->detail()->str() : ""});
        return true;
      });
  if (!read) return read.error();
  return std::vector{std::move(report)};
}

/// Published policies, with their content as JSON when one is named.
Reports show_policies(const QueryContext& q) {
  const std::string_view wanted = q.text("id");
  Report report{"policies",
                {{"policy", "Policy", "政策"},
                 {"version", "Version", "版本"},
                 {"effective_from", "From", "生效日"},
                 {"position", "Position", "位置"},
                 {"published_by", "By", "发布人"}},
                {}};
  if (!wanted.empty()) report.columns.push_back({"content", "Content", "内容"});
  const auto read = each_entry(q, 1, [&](const FrameView& frame) {
    if (!frame.entry->events()) return true;
    for (const fb::Event* event : *frame.entry->events()) {
      const fb::PolicyPublished* published = event->body_as_PolicyPublished();
      if (!published || (!wanted.empty() && event->stream_id()->string_view() != wanted)) continue;
      std::vector<Cell> row{event->stream_id()->str(), std::int64_t{published->version()},
                            from_fb(*published->effective_from()), static_cast<std::int64_t>(frame.entry->seq()),
                            frame.command->actor()->str()};
      if (!wanted.empty()) {
        fmt::memory_buffer json;
        append_json(json, published, "o2c.fb.PolicyPublished");
        row.push_back(fmt::to_string(json));
      }
      report.rows.push_back(std::move(row));
    }
    return true;
  });
  if (!read) return read.error();
  if (!wanted.empty() && report.rows.empty())
    return Error{ErrorCode::not_found, fmt::format("no policy '{}'; o2c policy list shows them", wanted)};
  return std::vector{std::move(report)};
}

const ParameterHelp from_position{"from-position", "first entry"},
    limit{"limit", fmt::format("at most so many rows (default {})", rows_shown)};

}  // namespace

void add_event_queries(std::vector<QueryEntry>& queries) {
  queries.push_back({{"event list",
                      "events in the order of the journal",
                      {{"stream", "only of this stream: order/SO-1 or SO-1"},
                       {"type", "only of this type: invoice_issued"},
                       {"actor-is", "only by this actor"},
                       from_position,
                       limit,
                       help_known}},
                     list_events});
  queries.push_back(
      {{"event refusals", "commands that were refused, with number and reason", {from_position, limit, help_known}},
       list_refusals});
  queries.push_back({{"policy list", "published policies and their versions", {help_known}}, show_policies});
  queries.push_back({{"policy show",
                      "versions of one policy with their content",
                      {{"id", "kind/name: tax_rules/default"}, help_known}},
                     show_policies});
}

}  // namespace o2c
