// Records on disk that wait for a server.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/file_handle.hpp"
#include "runtime/storage/spool_format.hpp"
#include "runtime/storage/spool_policy.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

struct spool_settings {
  spool_policy when_full = spool_policy::keep_all;

  /// Bytes of records that wait for delivery. With `keep_all` no more than a
  /// figure to warn at.
  uint64_t limit_bytes = uint64_t{1} << 30;

  /// Bytes of delivered records that are kept, to send them again to a server
  /// that lost them.
  uint64_t tail_bytes = uint64_t{64} << 20;

  /// Bytes of memory for records that the disk does not take.
  size_t buffer_bytes = size_t{16} << 20;

  /// Lower bound of the epoch: milliseconds since 1970, so that a spool that
  /// begins anew does not repeat the ids of the old one.
  uint64_t epoch = 1;
};

/// What a spool has seen.
struct spool_counts {
  /// Records without a place because of the policy, or since neither the disk
  /// nor the memory took them.
  uint64_t dropped = 0;
  /// Records that were stored, but are damaged.
  uint64_t damaged = 0;
  /// Bytes behind the last complete record that the last life left.
  uint64_t cut_bytes = 0;
};

/// Records in their order, with the bytes that they refer to.
struct spool_batch {
  struct entry {
    entry_id id;
    size_t offset = 0;
    size_t size = 0;
  };

  std::string bytes;
  std::vector<entry> entries;

  std::string_view payload(const entry& x) const {
    return std::string_view{bytes}.substr(x.offset, x.size);
  }

  void clear() {
    bytes.clear();
    entries.clear();
  }
};

/// A queue of byte records in a directory: first in, first out.
///
///   segments   [delivered tail][ in flight ][ waiting ]   buffer
///              ^ removed       ^ delivered  ^ cursor  ^   ^ append
///                beyond
///                tail_bytes
///
/// A record survives the death of the process once `flush` has returned `true`;
/// it is not synced, so that a power cut may take the last ones. A cut or
/// damaged file costs the records behind the damage in the same segment, never
/// more, and they are counted.
///
/// Not thread-safe.
class spool {
public:
  /// Opens the spool in `directory`, which is created if it is missing.
  /// @returns a fault if the directory cannot be used or is in use.
  static fallible<spool> open(std::filesystem::path directory,
                              const spool_settings& settings);

  /// Adds a record to the buffer. Writes only when a segment is full.
  /// @returns `false` if the record was dropped; the counts say so too.
  /// @pre `payload` is no longer than `longest_spool_record`
  bool append(std::string_view payload);

  /// Writes the buffer.
  /// @returns `false` if the disk does not take it; it stays in memory and
  ///          `error` says why.
  bool flush();

  /// Fills `out` with flushed records behind the cursor and moves it: at least
  /// one if there is one, then as many as both limits allow.
  void read(spool_batch& out, size_t max_records, size_t max_bytes);

  /// All that was read is delivered.
  void acknowledge();

  /// Nothing of what was read since the last `acknowledge` is delivered.
  void rewind() noexcept {
    cursor_ = delivered_;
  }

  /// Moves the cursor behind the record `last`, the last one that the server
  /// has; `{}` if it has none.
  /// @returns how many records the server has not and the spool has no more.
  uint64_t resume_after(entry_id last);

  /// @returns the id of the last record that was given out; position 0 if none
  ///          was.
  entry_id last() const noexcept {
    return {epoch_, next_ - 1};
  }

  /// @returns bytes of records that wait for delivery, on disk and in memory.
  uint64_t pending_bytes() const noexcept;

  /// @returns `true` if all that was flushed was read.
  bool drained() const noexcept {
    return cursor_.segment + 1 >= segments_.size()
           && (segments_.empty() || cursor_.offset >= segments_.back().bytes);
  }

  size_t buffered_bytes() const noexcept {
    return buffer_.size();
  }

  const spool_counts& counts() const noexcept {
    return counts_;
  }

  /// @returns why the last `flush` failed, empty if it did not.
  const std::string& error() const noexcept {
    return error_;
  }

private:
  struct segment {
    spool_head head;
    /// Bytes that were written; zero before the first flush.
    uint64_t bytes = 0;
  };

  struct place {
    // Index in `segments_`.
    size_t segment = 0;
    uint64_t offset = spool_head_size;
    uint64_t position = 1;
  };

  spool(std::filesystem::path directory, const spool_settings& settings);

  // -- opening
  std::optional<fault> lock();
  std::optional<fault> recover();
  std::optional<fault> find_segments();
  std::optional<fault> adopt(const std::filesystem::path& file);
  void load_mark();
  std::optional<fault> cut_last_segment();

  // -- writing
  bool make_room(size_t size);
  bool drop();
  void begin_segment();

  // -- reading
  enum class progress : uint8_t { records, end, damage, failure };
  progress read_segment(spool_batch& out, size_t max_records, size_t max_bytes);
  bool load(size_t size);
  void enter(size_t index);
  void skip_damage();
  void trim();
  void remove_segment(size_t index);
  void save_mark();

  std::filesystem::path file_of(const segment& x) const;

  std::filesystem::path directory_;
  spool_settings settings_;
  uint64_t segment_bytes_;
  file_handle mark_;
  file_handle writer_;
  file_handle reader_;
  // First position of the segment that `reader_` has open.
  uint64_t reading_ = 0;
  std::deque<segment> segments_;
  // Not written yet; belongs to the last segment.
  std::string buffer_;
  std::string chunk_;
  uint64_t epoch_ = 1;
  uint64_t next_ = 1;
  // Position behind the last record that is on disk.
  uint64_t flushed_ = 1;
  uint64_t gap_ = 0;
  // No segment takes records.
  bool sealed_ = true;
  // The limit was met.
  bool full_ = false;
  place cursor_;
  place delivered_;
  spool_mark saved_;
  spool_counts counts_;
  std::string error_;
};

} // namespace qalpha
