#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "events/base/assert.hpp"

namespace o2c {

/// A history that cannot be: an event about something that never began. Replay stops with the position; nothing is guessed.
struct BrokenHistory : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Rows of one kind by business id. References stay valid for ever; iteration is in the order of creation, that is of the journal.
/// T has `std::string id`. Rows are never removed: history does not forget.
template <class T> class IdTable {
 public:
  const T* find(std::string_view id) const {
    const auto at = index_.find(id);
    return at == index_.end() ? nullptr : &rows_[at->second];
  }
  bool contains(std::string_view id) const { return index_.contains(id); }

  /// The row to be changed by evolve; it will be part of the next checkpoint.
  T& change(std::string_view id) {
    const auto at = index_.find(id);
    if (at == index_.end()) throw BrokenHistory("no row '" + std::string(id) + "' to change");
    return touch(at->second);
  }
  T& add(std::string_view id) {
    O2C_ASSERT(!id.empty());
    if (index_.contains(id)) throw BrokenHistory("row '" + std::string(id) + "' begins twice");
    T& row = rows_.emplace_back();
    row.id = id;
    dirty_flags_.push_back(false);
    index_.emplace(row.id, static_cast<std::uint32_t>(rows_.size() - 1));
    return touch(rows_.size() - 1);
  }
  /// A row as it was checkpointed; counts as unchanged.
  void load(T loaded) {
    if (index_.contains(loaded.id)) throw BrokenHistory("row '" + loaded.id + "' is stored twice");
    T& row = rows_.emplace_back(std::move(loaded));
    dirty_flags_.push_back(false);
    index_.emplace(row.id, static_cast<std::uint32_t>(rows_.size() - 1));
  }
  T& change_or_add(std::string_view id) { return contains(id) ? change(id) : add(id); }

  const std::deque<T>& rows() const { return rows_; }
  std::size_t size() const { return rows_.size(); }

  /// Calls f(position in the order of creation, row) for each row changed since the last call, and forgets that they were.
  template <class F> void take_changed(F&& f) {
    for (const std::uint32_t row : dirty_) {
      dirty_flags_[row] = false;
      f(row, std::as_const(rows_[row]));
    }
    dirty_.clear();
  }

 private:
  T& touch(std::size_t row) {
    if (!dirty_flags_[row]) {
      dirty_flags_[row] = true;
      dirty_.push_back(static_cast<std::uint32_t>(row));
    }
    return rows_[row];
  }

  std::deque<T> rows_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> index_;  // views into the rows' own ids
  std::vector<bool> dirty_flags_;
  std::vector<std::uint32_t> dirty_;
};

}  // namespace o2c
