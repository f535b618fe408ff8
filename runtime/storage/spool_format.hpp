// The bytes of a spool's files, apart from any file.
//
//   segment    head, record, record, ...
//   head       "qaSPOOL1", epoch, first position, gap, CRC      36 bytes
//   record     length, CRC, payload                             8 bytes +
//   payload mark       "qaMARK01", generation, epoch, position, CRC     36
//   bytes
//
// Integers are little-endian. The CRC of a record covers epoch and position
// too, so that a record is valid in its own place only.

#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qalpha {

/// Identifies a record of a spool for ever: rises from record to record. The
/// epoch is raised each time the spool is opened, so that no id is used twice
/// even if a power cut took records that were delivered.
struct entry_id {
  uint64_t epoch = 0;
  /// Counts records from 1. A position that is left out was dropped.
  uint64_t position = 0;

  friend constexpr auto operator<=>(const entry_id&, const entry_id&) = default;
};

/// What a segment says about itself.
struct spool_head {
  uint64_t epoch = 0;
  /// Position of the first record.
  uint64_t first = 0;
  /// Positions directly before the first that were given out, but dropped.
  uint64_t gap = 0;

  friend bool operator==(const spool_head&, const spool_head&) = default;
};

/// How far a spool was delivered.
struct spool_mark {
  /// The mark with the higher one is the later one.
  uint64_t generation = 0;
  entry_id delivered;

  friend bool operator==(const spool_mark&, const spool_mark&) = default;
};

inline constexpr size_t spool_head_size = 36;
inline constexpr size_t spool_mark_size = 36;
inline constexpr size_t spool_frame_size = 8;

/// A longer payload is refused, so that a damaged length is told from a long
/// record.
inline constexpr size_t longest_spool_record = 1 << 20;

std::string encode(const spool_head& head);
std::string encode(const spool_mark& mark);

/// @returns `nullopt` unless `bytes` begin with a complete, undamaged head.
std::optional<spool_head> decode_spool_head(std::string_view bytes);

/// @returns `nullopt` unless `bytes` begin with a complete, undamaged mark.
std::optional<spool_mark> decode_spool_mark(std::string_view bytes);

/// @pre `payload` is no longer than the limit
void append_spool_record(std::string& out, entry_id id,
                         std::string_view payload);

/// The outcome of reading a record.
struct spool_step {
  enum class kind : uint8_t {
    /// `payload` is a record.
    record,
    /// The record goes on behind the bytes that are there: `needed` in all.
    incomplete,
    /// What begins here is no record of this place.
    damaged,
  } what
    = kind::damaged;
  std::string_view payload;
  size_t needed = 0;
};

/// Reads the record `id` at the beginning of `bytes`.
spool_step read_spool_record(std::string_view bytes, entry_id id);

} // namespace qalpha
