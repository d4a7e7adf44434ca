#include "engine/runtime/source_positions.hpp"

#include <algorithm>

#include "events/base/flat.hpp"

namespace o2c {

void SourcePositions::Source::skip(Skip why, Instant now) {
  if (skipped() == 0) since = now;
  switch (why) {
    case Skip::none: break;
    case Skip::repeated: ++repeated; break;
    case Skip::malformed: ++malformed; break;
    case Skip::not_allowed: ++not_allowed; break;
  }
}

const SourcePositions::Source* SourcePositions::find(std::string_view topic, std::int32_t partition) const {
  const auto at = std::find_if(sources_.begin(), sources_.end(),
                               [&](const Source& s) { return s.partition == partition && s.topic == topic; });
  return at == sources_.end() ? nullptr : &*at;
}

SourcePositions::Source& SourcePositions::of(std::string_view topic, std::int32_t partition) {
  if (const Source* found = find(topic, partition)) return const_cast<Source&>(*found);
  sources_.push_back({.topic = std::string(topic), .partition = partition});
  return sources_.back();
}

void SourcePositions::fold(const fb::Entry& entry) {
  if (entry.kind() == fb::EntryKind::seal)
    return sources_.clear();  // a copied history: its records lie in another journal's topics
  const auto cover = [this](std::string_view topic, std::int32_t partition, std::int64_t until) {
    Source& source = of(topic, partition);
    source = {.topic = std::move(source.topic),
              .partition = partition,
              .counted = std::max(source.counted, until),
              .taken = std::max(source.taken, until)};
  };
  if (const fb::SourceSkipped* skipped = entry.skipped())
    cover(view(skipped->topic()), skipped->partition(), skipped->until());
  if (const fb::Source* source = entry.source(); source && source->kind() == fb::SourceKind::topic)
    cover(view(source->name()), source->partition(), source->offset() + 1);
}

}  // namespace o2c
