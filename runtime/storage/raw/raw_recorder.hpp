// The lossless recorder: takes records on any thread and brings them to the
// disk on its own.
//
//   network threads ── append ──> queue ──> writer thread ──> raw_disk
//                        │                      compresses, writes, rotates
//                        └──> tally             counts, in memory that outlives
//                                               the process
//
// `append` copies the record behind the others and returns; it never waits for
// the disk. When the disk does not keep up and the queue is full, records are
// dropped until it does, and a `dropped` record stands where they are missing.

#pragma once

#include "runtime/storage/raw/raw_disk.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace qalpha {

/// What a recorder did so far.
struct raw_recorder_counts {
  /// Records that were taken, those about drops included.
  uint64_t accepted = 0;
  /// Those that are in the file.
  uint64_t written = 0;
  raw_loss dropped;
  /// Encoded bytes that wait for the disk.
  uint64_t waiting_bytes = 0;
  /// Compressed bytes in the segments of this recorder.
  uint64_t file_bytes = 0;
  uint32_t segments = 0;
  /// Why the last write failed; empty while the disk is well.
  std::string trouble;
};

/// Owns a recording while it is written.
class raw_recorder final : public raw_sink {
public:
  /// @param now the time, for the header of the first segment
  /// @returns a fault of one line if the directory cannot be used: not
  ///          writable, in use, of another version, no space.
  static fallible<std::unique_ptr<raw_recorder>>
  open(std::filesystem::path directory, raw_origin origin,
       const raw_recorder_settings& settings, utc_time now);

  /// Closes the recording, whatever happens.
  ~raw_recorder() override;

  /// Any thread. A record that is larger than the format allows is dropped.
  bool append(const raw_record& record) noexcept override;

  /// Waits until everything that was accepted before is in the file.
  /// @returns `false` if that took longer than `patience`.
  bool flush(timespan patience);

  /// Brings what waits to the disk, as far as it takes it at the first attempt,
  /// and seals the last segment. Records are dropped from here on.
  /// @returns why something could not be written, and how much that is.
  std::optional<fault> close();

  raw_recorder_counts counts() const;

  /// What recorders before this one left.
  const raw_recovery& recovery() const noexcept {
    return recovery_;
  }

private:
  raw_recorder(std::unique_ptr<raw_disk> disk, raw_tally tally,
               const raw_recorder_settings& settings);

  // -- with the mutex held

  void take(const raw_record& record);
  void drop(const raw_record& record) noexcept;
  void mark_drops();

  // -- on the writer thread

  void run();
  bool collect();
  bool write_all();
  bool write_block(std::string_view records);
  bool wait_to_retry();

  const raw_recorder_settings settings_;
  const raw_recovery recovery_;
  const uint64_t first_sequence_;

  mutable std::mutex mutex_;
  /// Told to the writer: something to do.
  std::condition_variable work_;
  /// Told by the writer: a block is written.
  std::condition_variable progress_;
  /// What was appended since the writer took the last batch.
  std::string filling_;
  /// Encoded bytes that are not in the file yet.
  size_t waiting_ = 0;
  raw_tally tally_;
  raw_loss dropped_;
  /// Of `dropped_`, what no record tells of yet.
  raw_loss unmarked_;
  utc_time last_drop_;
  bool stopping_ = false;
  bool hurry_ = false;
  uint64_t written_ = 0;
  uint64_t file_bytes_ = 0;
  uint32_t segments_ = 0;
  std::string trouble_;

  // Of the writer thread.
  std::unique_ptr<raw_disk> disk_;
  std::string batch_;
  std::optional<fault> closing_fault_;
  std::thread writer_;
};

} // namespace qalpha
