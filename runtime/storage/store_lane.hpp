// One stream on its way to a server.

#pragma once

#include "runtime/storage/spool.hpp"
#include "runtime/storage/store_record.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace qalpha {

/// How much of a stream is where.
struct lane_status {
  uint64_t appended = 0;
  uint64_t dropped = 0;
  uint64_t damaged = 0;
  uint64_t pending_bytes = 0;
  /// What the disk says, empty if it works.
  std::string error;
};

/// The rows of one stream between the threads that make them and the one that
/// delivers them. Facts go to the disk at once, a system call of microseconds
/// as in the journal; market data go through memory, so that a slow disk delays
/// no feed.
class store_lane {
public:
  /// @param inbox_bytes memory for market data that are not on disk yet
  store_lane(store_stream stream, spool queue, size_t inbox_bytes);

  store_stream stream() const noexcept {
    return stream_;
  }

  /// For producers; any thread.
  void append(std::string_view row);

  /// Brings everything to the disk.
  /// @returns `true` if there was something to bring.
  bool settle();

  void read(spool_batch& out, size_t max_records, size_t max_bytes);
  void acknowledge();
  void rewind();

  /// As the member of the spool.
  uint64_t resume_after(entry_id last);

  entry_id last() const;
  lane_status status() const;

private:
  void take(std::string_view row);

  store_stream stream_;
  bool fact_;
  size_t inbox_limit_;
  mutable std::mutex disk_;
  spool queue_;
  uint64_t appended_ = 0;
  // Behind the disk in the order of locking.
  mutable std::mutex memory_;
  // Each row behind its length in four bytes.
  std::string inbox_;
  std::string emptied_;
  uint64_t overflowed_ = 0;
};

} // namespace qalpha
