// The side of the recorder that touches the disk: blocks in, segments out.

#pragma once

#include "runtime/storage/raw/raw_file.hpp"
#include "runtime/storage/raw/raw_format.hpp"
#include "runtime/storage/raw/raw_recovery.hpp"
#include "runtime/storage/raw/raw_settings.hpp"
#include "runtime/storage/raw/raw_tally.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace qalpha {

/// Whole records that become one block.
struct raw_batch {
  std::string_view records;
  uint32_t count = 0;
  /// Sum of `raw_record::bytes`.
  uint64_t bytes = 0;
  utc_time first;
  utc_time last;
};

/// Owns a directory: at most one object in all processes does so at a time. One
/// thread at a time.
class raw_disk {
public:
  /// Locks the directory, created if it is missing, and begins a segment.
  static fallible<std::unique_ptr<raw_disk>>
  open(std::filesystem::path directory, raw_origin origin,
       const raw_recorder_settings& settings, utc_time now);

  /// What was there before.
  const raw_recovery& recovery() const noexcept {
    return recovery_;
  }

  /// @returns the counters of this run, which begin at its first sequence.
  fallible<raw_tally> make_tally() const;

  /// Writes a block, and begins a new segment when it is time.
  /// @returns why the block is not on the disk; the same batch may then be
  ///          tried again.
  std::optional<fault> write(const raw_batch& batch);

  /// Seals the last segment. Nothing may be written afterwards.
  std::optional<fault> close();

  uint64_t next_sequence() const noexcept {
    return next_sequence_;
  }

  /// Bytes of all segments of this run.
  uint64_t file_bytes() const noexcept {
    return earlier_bytes_ + size_;
  }

  uint32_t segments() const noexcept {
    return segments_;
  }

private:
  struct compressor_deleter {
    void operator()(ZSTD_CCtx_s* ptr) const noexcept;
  };

  raw_disk(std::filesystem::path directory, raw_origin origin,
           const raw_recorder_settings& settings);

  std::optional<fault> lock();
  std::optional<fault> begin_segment(utc_time now);
  std::optional<fault> seal();
  std::optional<fault> make_block(const raw_batch& batch);
  bool is_full(utc_time now) const noexcept;
  fault failed(int error) const;

  std::filesystem::path directory_;
  raw_origin origin_;
  raw_recorder_settings settings_;
  raw_file lock_;
  raw_recovery recovery_;
  uint64_t run_ = 0;
  std::unique_ptr<ZSTD_CCtx_s, compressor_deleter> compressor_;
  std::string block_;

  /// Of the segment that is being written, if there is one.
  raw_file file_;
  raw_manifest_entry entry_;
  sha256_sum sum_;
  uint64_t size_ = 0;
  uint64_t earlier_bytes_ = 0;
  uint32_t segments_ = 0;

  /// Why the index was not written the last time.
  std::optional<fault> index_fault_;

  raw_manifest manifest_;
  uint32_t next_number_ = 1;
  uint64_t next_sequence_ = 1;
  uint64_t run_bytes_ = 0;
};

} // namespace qalpha
