// Rows in PostgreSQL's binary COPY format.

#pragma once

#include "runtime/storage/spool.hpp"
#include "runtime/storage/store_record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

/// Appends what stands before the first row, and behind the last.
void append_copy_begin(std::string& out);
void append_copy_end(std::string& out);

/// Appends one row: epoch, position, then the columns of the layout.
/// @pre the row fits the layout
void append_copy_row(std::string& out, entry_id id, const store_layout& layout,
                     std::string_view row);

/// Appends the binary form of a `numeric`, exact and without trailing zeros.
void append_numeric_e8(std::string& out, int64_t e8);

/// @returns the binary form of a `timestamptz`: microseconds since 2000,
/// rounded
///          down.
int64_t to_timestamptz(int64_t ns);

} // namespace qalpha
