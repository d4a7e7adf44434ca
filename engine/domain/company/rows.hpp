#pragma once
#include <functional>

#include "engine/domain/company/company.hpp"
#include "events/base/hash.hpp"

namespace o2c {

// The rows of a company's books as bytes: what a checkpoint stores and the state root covers. Compiled once, because every type of row is archived.

/// f(kind of the table, position in the order of creation, archived row). The bytes live as long as the call.
using RowSink = std::function<void(std::string_view kind, std::uint32_t row, std::string_view bytes)>;

/// Every row, table by table, in the order of creation.
void for_each_row(const CompanyState& state, const RowSink& f);
/// Each row changed since the last call; forgets that they were.
void take_changed_rows(CompanyState& state, const RowSink& f);
/// Puts a row back as it was archived; it counts as unchanged. Rows of a kind come in the order of creation; rebuild_derived follows the last.
/// errors  throws BrokenHistory: bytes of another form, or the id is there already.
void load_row(CompanyState& state, std::string_view kind, std::string_view bytes);

/// SHA-256 over the sorted (kind, business id, content) of all rows. Positions, recording times and ids of commands are not part of it: the same
/// commands in the same order give the same root anywhere.
Hash32 state_root(const CompanyState& state);

}  // namespace o2c
