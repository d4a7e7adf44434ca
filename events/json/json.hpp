#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <flatbuffers/flatbuffers.h>
#include <fmt/format.h>

#include "events/base/result.hpp"
#include "events/codec/frame.hpp"

/// The JSON form of the vocabulary, one for command line, socket, import, exports and documentation. It follows from the
/// schema (`events/schema/*.fbs`) by these rules and no others:
///
/// Names      as in the schema, snake_case. A table is an object. Text is UTF-8.
/// Absent     a field that is not there is left out; null is never written and never read. A scalar without `= null` has
///            a value always and is written always, except a flag that is false by default and the currency XXX (none):
///            they stand for "not said". So absent is never zero, and text -> bytes -> text gives the same text.
/// Union      an object with exactly one member, named as the table: "body": {"record_receipt": {...}}. No `_type` field.
/// Enum       the name of its value. Currency: the three letters of ISO 4217; XXX is refused in input.
/// Numbers    8, 16, 32 bits: JSON integers, no point, no exponent, no -0. 64 bits: decimal strings, "9007199254740993".
/// Money      {"amount":"113000.00","currency":"CNY"}, always on one line: read with at most, written with exactly the
///            currency's digits.
/// Decimals   strings. Quantity "2.5" and UnitPrice "14.00": 6 places; Percent "13": per cent, 4 places; Rate "7.1": 9.
///            Written without trailing zeros, but prices with at least two places.
/// Date       "2026-11-22". Instant: RFC 3339, written in UTC with microseconds.
/// Id16       32, Hash32 64 hexadecimal digits in lower case.
/// Structs    else an object of all their fields.
/// Strings    not empty, no blank at either end, no control and no bidirectional formatting characters. A field whose last
///            word is name, street, city, reason, description, comment, detail, reference, key or value holds free text of up
///            to 1,000 bytes; every other one is an identifier of up to 64 bytes.
namespace o2c {

/// What a document may cost before it is refused.
struct JsonLimits {
  std::size_t bytes_max = std::size_t{1} << 20;
  std::size_t depth_max = 32;
};

/// Reads one JSON document as a table of the schema, named with or without its namespace: "Command", "o2c.fb.Command".
///
/// returns  the finished FlatBuffer, its length a multiple of 8.
/// errors   invalid_input; the message begins with the JSON Pointer of the place: "/body/record_receipt/amount/amount: more
///          than 2 decimals for CNY"; for broken syntax with the byte: "byte 17: ...". Refused are unknown, doubled, missing
///          fields, other types than asked, null, values out of range, whatever is no JSON after RFC 8259, a byte order
///          mark, a second document, and documents beyond the limits.
/// cost     linear.  threads: call from anywhere; each thread keeps a parser and its buffers.
/// bug      a table name that is not in the schema.
Result<flatbuffers::DetachedBuffer> parse_table(std::string_view json, std::string_view table_name,
                                                JsonLimits limits = {});

enum class Layout {
  line,      // one line, no blanks: for machines and for comparing
  indented,  // two blanks a level: for people
};

/// Appends a table as JSON. `table` points to a verified table (any generated class) of the named type.
void append_json(fmt::memory_buffer& out, const void* table, std::string_view table_name, Layout layout = Layout::line);

/// A whole entry: the fields of Entry, `id` first in each event, and last the command it answers, if it has one.
void append_json(fmt::memory_buffer& out, const FrameView& frame, Layout layout = Layout::line);
std::string to_json(const FrameView& frame, Layout layout = Layout::line);

/// "record_receipt", "cash_applied": how a body is called in JSON, reports and documentation. Empty for NONE.
std::string_view command_name(fb::CommandBody body);
std::string_view event_name(fb::EventBody body);

}  // namespace o2c
