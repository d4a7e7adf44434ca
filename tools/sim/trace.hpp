#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string>

#include "events/base/hash.hpp"

namespace o2c::sim {

/// A rule that does not hold, with its figures. Ends the run.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};
template <class... T> [[noreturn]] void broken(fmt::format_string<T...> text, T&&... figures) {
  throw Broken(fmt::format(text, std::forward<T>(figures)...));
}
template <class... T> void require(bool holds, fmt::format_string<T...> text, T&&... figures) {
  if (!holds) broken(text, std::forward<T>(figures)...);
}

/// What happened, line by line: the last lines are kept, all of them are hashed, and written out when asked for.
class Trace {
 public:
  static constexpr std::size_t kept = 40;

  explicit Trace(bool print) : print_(print) {}

  void at_step(std::uint64_t step) { step_ = step; }
  template <class... T> void line(fmt::format_string<T...> text, T&&... figures) {
    std::string line = fmt::format("{:>6} ", step_);
    fmt::format_to(std::back_inserter(line), text, std::forward<T>(figures)...);
    hash_.update(line);
    hash_.update("\n");
    if (print_) fmt::print("{}\n", line);
    last_.push_back(std::move(line));
    if (last_.size() > kept) last_.pop_front();
  }
  const std::deque<std::string>& last() const { return last_; }
  /// Hash over all lines; the trace ends with it.
  std::string finish() { return to_hex(hash_.finish()).substr(0, 16); }

 private:
  bool print_;
  std::uint64_t step_ = 0;
  Sha256 hash_;
  std::deque<std::string> last_;
};

}  // namespace o2c::sim
