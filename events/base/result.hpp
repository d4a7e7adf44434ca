#pragma once
#include <string>
#include <utility>
#include <variant>

#include "events/base/assert.hpp"

namespace o2c {

/// What went wrong outside the trade: disk, file, network, configuration, input that is no command.
enum class ErrorCode {
  invalid_input,    // the caller's text, file or flag; exit 2
  not_found,        // exit 3
  conflict,         // same id with other content, lock held, version; exit 4
  not_allowed,      // exit 5
  unavailable,      // busy, closed, stopping; nothing happened; exit 6
  outcome_unknown,  // may or may not have happened; ask again with the same id; exit 6
  integrity,        // bytes on disk are not what was written; exit 7
};
/// What the caller can do about it.
enum class Remedy { retry, decide_again, fix_first };

struct Error {
  ErrorCode code = ErrorCode::invalid_input;
  std::string message;  // names the place and the rule, one line, no path of a secret
  Remedy remedy = Remedy::fix_first;
};

/// A value or why there is none, with the names of std::expected.
template <class T, class E = Error> class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return content_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T& operator*() & {
    O2C_ASSERT(has_value());
    return *std::get_if<0>(&content_);
  }
  const T& operator*() const& {
    O2C_ASSERT(has_value());
    return *std::get_if<0>(&content_);
  }
  T&& operator*() && {
    O2C_ASSERT(has_value());
    return std::move(*std::get_if<0>(&content_));
  }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  E& error() {
    O2C_ASSERT(!has_value());
    return *std::get_if<1>(&content_);
  }
  const E& error() const {
    O2C_ASSERT(!has_value());
    return *std::get_if<1>(&content_);
  }
  T value_or(T other) const { return has_value() ? **this : std::move(other); }

 private:
  std::variant<T, E> content_;
};

/// Result<void>: nothing, or why it failed.
template <class E> class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  Result(E error) : content_(std::move(error)) {}
  bool has_value() const { return content_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  E& error() { return *std::get_if<1>(&content_); }
  const E& error() const {
    O2C_ASSERT(!has_value());
    return *std::get_if<1>(&content_);
  }

 private:
  std::variant<std::monostate, E> content_;
};

inline Error invalid(std::string message) { return {ErrorCode::invalid_input, std::move(message), Remedy::fix_first}; }
inline Error integrity(std::string message) { return {ErrorCode::integrity, std::move(message), Remedy::fix_first}; }

}  // namespace o2c
