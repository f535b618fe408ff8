// Counters of a running recorder that outlive its death.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace qalpha {

/// What a recorder had taken when it last counted.
struct raw_tally_state {
  /// Of the recorder, see `raw_segment_header`.
  uint64_t run = 0;
  /// Sequence of the record that it would have taken next.
  uint64_t next_sequence = 0;
  /// Sum of `raw_record::bytes` since it was opened.
  uint64_t bytes = 0;
  /// False if the machine was started again meanwhile: memory that had not
  /// reached the disk is gone, and these numbers may be too small.
  bool same_boot = true;

  friend bool operator==(const raw_tally_state&, const raw_tally_state&)
    = default;
};

/// A small file that is mapped into memory. Counting is a few plain writes to
/// memory; the kernel keeps them when the process is killed, so that whoever
/// comes next knows to the record what had been taken.
class raw_tally {
public:
  /// Replaces the file by one that starts at `first_sequence`. Its space is
  /// allocated, since a full disk must not show itself as a signal later.
  static fallible<raw_tally> create(const std::filesystem::path& file,
                                    uint64_t run, uint64_t first_sequence);

  /// @returns `nullopt` if there is no such file or it is damaged.
  static std::optional<raw_tally_state> read(const std::filesystem::path& file);

  raw_tally(raw_tally&& other) noexcept;
  raw_tally& operator=(raw_tally&& other) noexcept;
  ~raw_tally();

  /// Counts one record. A process that dies in the middle has not counted it.
  /// @pre one thread at a time
  void count(uint64_t bytes) noexcept;

  uint64_t next_sequence() const noexcept {
    return next_sequence_;
  }

private:
  struct layout;

  raw_tally(layout* memory, uint64_t first_sequence) noexcept;

  layout* memory_;
  uint64_t next_sequence_;
  uint64_t bytes_ = 0;
};

} // namespace qalpha
