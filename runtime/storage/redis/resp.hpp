// Rows as commands in the protocol of Redis.

#pragma once

#include "runtime/storage/spool.hpp"
#include "runtime/storage/store_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Writes the entries of one stream as XADD commands, each with the id
/// "<epoch>-<position>" and each column as a name and a text. All that does not
/// change from entry to entry is formatted once.
class xadd_writer {
public:
  /// @param max_length entries the stream keeps at least
  xadd_writer(store_stream stream, std::string_view key, uint64_t max_length);

  /// Appends a transaction that adds all entries or none: were they sent one by
  /// one, a refusal in the middle (out of memory) could be followed by a
  /// success, and an id that was passed over can never be added again.
  /// @returns the number of XADD commands in it; rows that do not fit the
  ///          layout are left out.
  size_t append_transaction(std::string& out, const spool_batch& entries) const;

private:
  void append(std::string& out, entry_id id, std::string_view row,
              bool trim) const;

  const store_layout* layout_;
  // "XADD <key>", and the same with the trimming behind it.
  std::string plain_;
  std::string trimming_;
  // Name of each column as a bulk string.
  std::string names_[16];
};

/// Appends a value as people and other languages read it: decimals without
/// trailing zeros, flags as 0 and 1, times in nanoseconds.
void append_text(std::string& out, const store_value& value);

/// Inverse of "<epoch>-<position>".
std::optional<entry_id> parse_entry_id(std::string_view text);

} // namespace qalpha
