#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/domain/table.hpp"
#include "events/base/hash.hpp"
#include "events/base/money.hpp"

namespace o2c {

/// State as bytes, private to one version of the program: for checkpoints (a new version replays) and for the state root.
/// A type takes part by a friend or free function `template <class A> void archive(A& a, T& t)` that hands its members to `a(...)`.
class ArchiveWriter {
 public:
  static constexpr bool reading = false;
  template <class... T> void operator()(const T&... members) { (write(members), ...); }
  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void number(std::uint64_t value) {
    while (value >= 0x80) out_.push_back(static_cast<char>(value | 0x80)), value >>= 7;
    out_.push_back(static_cast<char>(value));
  }
  template <class T> void write(const T& value) {
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) number(static_cast<std::uint64_t>(value));
    else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) number(value);
    else if constexpr (std::is_integral_v<T>)
      number((static_cast<std::uint64_t>(value) << 1) ^
             static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> 63));
    else archive(*this, const_cast<T&>(value));
  }
  void write(const std::string& text) { number(text.size()), out_.append(text); }
  void write(const Date& date) { write(days_of(date)); }
  void write(const Instant& instant) { write(instant.micros); }
  void write(const Money& money) { write(money.amount_minor), write(money.currency); }
  void write(const Id16& id) { out_.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()); }
  void write(const Hash32& hash) { out_.append(reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()); }
  template <class T> void write(const std::optional<T>& value) {
    write(value.has_value());
    if (value) write(*value);
  }
  template <class T> void write(const std::vector<T>& list) {
    number(list.size());
    for (const T& item : list) write(item);
  }
  template <class T> void write(const std::shared_ptr<const T>& shared) {
    write(shared != nullptr);
    if (shared) write(*shared);
  }
  template <class A, class B> void write(const std::pair<A, B>& pair) { write(pair.first), write(pair.second); }

  std::string out_;
};

class ArchiveReader {
 public:
  static constexpr bool reading = true;
  explicit ArchiveReader(std::string_view bytes) : in_(bytes) {}
  template <class... T> void operator()(T&... members) { (read(members), ...); }
  bool at_end() const { return in_.empty(); }

 private:
  [[noreturn]] static void damaged() { throw BrokenHistory("checkpointed state is damaged"); }
  std::string_view cut(std::size_t size) {
    if (size > in_.size()) damaged();
    const std::string_view head = in_.substr(0, size);
    in_.remove_prefix(size);
    return head;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(cut(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    damaged();
  }
  template <class T> void read(T& value) {
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) value = static_cast<T>(number());
    else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) value = static_cast<T>(number());
    else if constexpr (std::is_integral_v<T>) {
      const std::uint64_t zigzag = number();
      value = static_cast<T>(static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1));
    } else archive(*this, value);
  }
  void read(std::string& text) { text = cut(number()); }
  void read(Date& date) {
    std::int32_t days = 0;
    read(days), date = date_of(days);
  }
  void read(Instant& instant) { read(instant.micros); }
  void read(Money& money) { read(money.amount_minor), read(money.currency); }
  void read(Id16& id) {
    const auto b = cut(16);
    std::copy(b.begin(), b.end(), reinterpret_cast<char*>(id.bytes.data()));
  }
  void read(Hash32& hash) {
    const auto b = cut(32);
    std::copy(b.begin(), b.end(), reinterpret_cast<char*>(hash.bytes.data()));
  }
  template <class T> void read(std::optional<T>& value) {
    bool present = false;
    read(present);
    if (present) read(value.emplace());
    else value.reset();
  }
  template <class T> void read(std::vector<T>& list) {
    const std::uint64_t size = number();
    if (size > in_.size()) damaged();
    list.clear();
    list.resize(size);
    for (T& item : list) read(item);
  }
  template <class T> void read(std::shared_ptr<const T>& shared) {
    bool present = false;
    read(present);
    if (!present) return shared.reset();
    auto value = std::make_shared<T>();
    read(*value);
    shared = std::move(value);
  }
  template <class A, class B> void read(std::pair<A, B>& pair) { read(pair.first), read(pair.second); }

  std::string_view in_;
};

/// A shared value that is always there, stored as the value itself is.
template <class A, class T> void archive_value(A& a, std::shared_ptr<const T>& shared) {
  if constexpr (A::reading) {
    auto value = std::make_shared<T>();
    a(*value);
    shared = std::move(value);
  } else {
    a(*shared);
  }
}

}  // namespace o2c
