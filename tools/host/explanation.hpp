#pragma once
#include "tools/host/query_context.hpp"

namespace o2c {

/// How the amounts of an explanation are shown.
enum class AmountKind { money, count, quantity };

inline Cell explained_cell(Int128 amount, AmountKind kind, Currency currency) {
  if (kind == AmountKind::money) return sum_cell(amount, currency);
  if (kind == AmountKind::quantity) return quantity_sum_cell(amount);
  const auto number = narrow(amount);
  return number ? Cell{*number} : Cell{TooLarge{}};
}

/// The events behind a figure, each with its part of it, and the sum, which is the figure.
inline Result<std::vector<Report>> explanation(const QueryContext& q, const Result<std::vector<Contribution>>& parts,
                                               AmountKind kind, Currency currency) {
  if (!parts) return parts.error();
  Report report{"explanation",
                {{"position", "Position", "位置"},
                 {"index", "#", "序号"},
                 {"event", "Event", "事件"},
                 {"stream", "Stream", "流"},
                 {"occurred_on", "Occurred", "发生日"},
                 {"posted_on", "Posted", "过账日"},
                 {"amount", "Amount", "金额"}},
                {}};
  Int128 sum = 0;
  for (const Contribution& part : *parts) {
    const auto words = q.instance.read_entry(q.company.lane, part.seq);
    if (!words) return words.error();
    const FrameView frame = frame_in(*words);
    const fb::Event& event = *frame.entry->events()->Get(part.index);
    report.rows.push_back(
        {static_cast<std::int64_t>(part.seq), std::int64_t{part.index},
         std::string(fb::EnumNameEventBody(event.body_type())),
         fmt::format("{}/{}", fb::EnumNameStreamType(event.stream_type()), event.stream_id()->string_view()),
         from_fb(*event.occurred_on()), from_fb(*event.posted_on()), explained_cell(part.amount, kind, currency)});
    sum += part.amount;
  }
  std::vector<Cell> last(report.columns.size());
  last[2] = std::string("sum"), last.back() = explained_cell(sum, kind, currency);
  report.rows.push_back(std::move(last));
  return std::vector{std::move(report)};
}

}  // namespace o2c
