#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.hpp"

namespace o2c {

/// One changed row. `value` absent: the row is removed.
struct StateWrite {
  std::string key;
  std::optional<std::string> value;
};

/// Checkpointed state: a cache of the journal's fold, never a source. Keys sort bytewise.
///
/// threads  commit from one thread at a time; get and scan from any.
class StateStore {
 public:
  using RowSink = std::function<bool(std::string_view key, std::string_view value)>;  // false stops

  virtual ~StateStore() = default;
  /// All rows or none; durable when it returns.
  virtual Result<void> commit(const std::vector<StateWrite>& writes) = 0;
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  /// Rows whose key begins with `prefix`, ascending.
  virtual Result<void> scan(std::string_view prefix, const RowSink& sink) = 0;
  /// Forgets everything: a state of another version is rebuilt from the journal.
  virtual Result<void> clear() = 0;
};

}  // namespace o2c
