#pragma once
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "events/base/assert.hpp"
#include "events/base/hash.hpp"

namespace o2c {

/// A history that cannot be: an event about something that never began. Replay stops with the position; nothing is guessed.
struct BrokenHistory : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Rows of one kind by business id. References stay valid for ever; iteration is in the order of creation, that is of the journal.
/// T has `std::string id`. Rows are never removed: history does not forget.
template <class T> class IdTable {
 public:
  /// In blocks: a row is found by one step, and rows made one after another lie beside each other.
  using Rows = boost::container::deque<T, void, boost::container::deque_options_t<boost::container::block_size<64>>>;

  const T* find(std::string_view id) const {
    const auto at = index_.find(Wanted{hash_of(id), id, &rows_});
    return at == index_.end() ? nullptr : &rows_[at->row];
  }
  bool contains(std::string_view id) const { return find(id) != nullptr; }

  /// The row to be changed by evolve; it will be part of the next checkpoint.
  T& change(std::string_view id) {
    const auto at = index_.find(Wanted{hash_of(id), id, &rows_});
    if (at == index_.end()) throw BrokenHistory("no row '" + std::string(id) + "' to change");
    return touch(at->row);
  }
  T& add(std::string_view id) {
    O2C_ASSERT(!id.empty());
    T& row = rows_.emplace_back();
    row.id = id;
    if (!enter(id)) reject_newest("begins twice");
    return touch(static_cast<std::uint32_t>(rows_.size() - 1));
  }
  /// A row as it was checkpointed; counts as unchanged.
  void load(T loaded) {
    const T& row = rows_.emplace_back(std::move(loaded));
    if (!enter(row.id)) reject_newest("is stored twice");
  }
  T& change_or_add(std::string_view id) { return contains(id) ? change(id) : add(id); }

  const Rows& rows() const { return rows_; }
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
  /// The hash is kept, so that growing looks at no row.
  struct Entry {
    std::uint32_t hash;
    std::uint32_t row;
  };
  struct Wanted {
    std::uint32_t hash;
    std::string_view id;
    const Rows* rows;
  };
  struct Hash {
    using is_transparent = void;
    template <class E> std::size_t operator()(const E& e) const { return e.hash; }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Entry& a, const Entry& b) const { return a.row == b.row; }
    bool operator()(const Wanted& w, const Entry& e) const { return w.hash == e.hash && (*w.rows)[e.row].id == w.id; }
    bool operator()(const Entry& e, const Wanted& w) const { return (*this)(w, e); }
  };
  static std::uint32_t hash_of(std::string_view id) {
    const std::uint64_t hash = table_hash(id);
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }

  /// Enters the newest row under its id; false when that is known already.
  bool enter(std::string_view id) {
    const std::uint32_t hash = hash_of(id);
    const auto row = static_cast<std::uint32_t>(rows_.size() - 1);
    if (index_.contains(Wanted{hash, id, &rows_})) return false;
    index_.insert(Entry{hash, row});
    dirty_flags_.push_back(false);
    return true;
  }
  [[noreturn]] void reject_newest(const char* why) {
    const std::string id = rows_.back().id;
    rows_.pop_back();
    throw BrokenHistory("row '" + id + "' " + why);
  }
  T& touch(std::uint32_t row) {
    if (!dirty_flags_[row]) {
      dirty_flags_[row] = true;
      dirty_.push_back(row);
    }
    return rows_[row];
  }

  Rows rows_;
  boost::unordered_flat_set<Entry, Hash, Equal> index_;
  std::vector<bool> dirty_flags_;
  std::vector<std::uint32_t> dirty_;
};

}  // namespace o2c
