#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/domain/company/company.hpp"
#include "events/base/flat.hpp"
#include "events/base/refusal.hpp"

namespace o2c {

/// What a decider may know besides state and command. Time is data: the same entry folded again gives the same result.
struct Context {
  std::string_view company;
  std::string_view actor;
  Instant recorded_at;
  Date today;  // business date of recorded_at in the company's time zone
};

/// Accepted, or the numbered reason. `place` points at the field, `detail` gives the figures.
struct [[nodiscard]] Verdict {
  Refusal code = Refusal::none;
  std::string place, detail;
  explicit operator bool() const { return code == Refusal::none; }
};
inline Verdict accept() { return {}; }
inline Verdict refuse(Refusal code, std::string place = {}, std::string detail = {}) {
  return {code, std::move(place), std::move(detail)};
}

/// The events of one decision, built straight into the entry's buffer. Nothing here has happened until the entry is in the journal:
/// a decider that refuses after adding events leaves nothing behind.
class Decision {
 public:
  explicit Decision(flatbuffers::FlatBufferBuilder& builder) : b(builder) {}

  flatbuffers::FlatBufferBuilder& b;

  /// One event. `version` is the stream's version in the state; further events of the same stream in this decision count on from it.
  template <class T>
  void add(fb::StreamType stream, std::string_view id, std::uint32_t version, Date occurred_on, Date posted_on,
           flatbuffers::Offset<T> body) {
    add_union(stream, id, version, occurred_on, posted_on, fb::EventBodyTraits<T>::enum_value, body.Union());
  }

  /// What the caller is told: the document that came of it.
  void answer(fb::StreamType stream, std::string_view id, std::string_view status) {
    answer_stream_ = stream, answer_id_ = id, answer_status_ = status;
  }

  std::size_t size() const { return events_.size(); }
  const std::vector<flatbuffers::Offset<fb::Event>>& events() const { return events_; }
  fb::StreamType answer_stream() const { return answer_stream_; }
  const std::string& answer_id() const { return answer_id_; }
  const std::string& answer_status() const { return answer_status_; }
  /// Version that the stream will have after this decision; `version` as in add.
  std::uint32_t version_after(fb::StreamType stream, std::string_view id, std::uint32_t version) const;
  std::uint32_t answer_version() const;
  void clear();

 private:
  struct Added {
    fb::StreamType stream;
    std::string id;
    std::uint32_t version;
  };
  void add_union(fb::StreamType stream, std::string_view id, std::uint32_t version, Date occurred_on, Date posted_on,
                 fb::EventBody type, flatbuffers::Offset<void> body);

  std::vector<flatbuffers::Offset<fb::Event>> events_;
  std::vector<Added> added_;
  fb::StreamType answer_stream_ = fb::StreamType::none;
  std::string answer_id_, answer_status_;
};

/// Absent stays absent: an empty text is not stored.
inline flatbuffers::Offset<flatbuffers::String> put(flatbuffers::FlatBufferBuilder& b, std::string_view text) {
  return text.empty() ? flatbuffers::Offset<flatbuffers::String>{} : b.CreateString(text.data(), text.size());
}
inline std::optional<Date> date_in(const fb::Date* date) { return date ? std::optional{from_fb(*date)} : std::nullopt; }

/// A currency that may carry money: of the table of ISO 4217, not XXX. What comes over a socket may hold any number.
bool is_known(Currency currency);

/// Whether a document may name this day ahead of its own (due, promised, valid until): not before it, at most a hundred years after it.
bool lies_ahead(Date day, Date document);

/// The day of a fact: the command's, else today. Refused when outside 1900..2999, before `earliest` (no fact is dated before the facts it
/// refers to) or more than ten years after today.
struct Day {
  Date occurred_on, posted_on;
};
Verdict day_of(const CompanyState& state, const Context& context, const fb::Date* wanted, std::optional<Date> earliest,
               Day& day);

/// A business id given by a client: 1..64 bytes, no control characters. With a series, an id that reads like one of its numbers ("SO-17") is
/// refused too, so that drawn and given ids never meet.
Verdict check_id(std::string_view id, std::string_view place, std::string_view series = {});
/// The id of a new document: the client's, checked, or the next number of the series when none is given.
Verdict new_id(const CompanyState& state, const flatbuffers::String* given, std::string_view series,
               std::string_view place, std::string& id);

/// The next number of a series, as an id: "INV-17". Draws nothing: evolve counts when an event bears the number.
std::string next_number(const CompanyState& state, std::string_view series);
/// Counts a series up when `id` is its next number. Used by evolve.
void count_number(CompanyState& state, std::string_view series, std::string_view id);

}  // namespace o2c
