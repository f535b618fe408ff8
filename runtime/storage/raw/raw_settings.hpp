// What a person may tune about recording.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace qalpha {

struct raw_recorder_settings {
  /// Records wait for so many bytes before they are compressed: more compress
  /// better, fewer are lost with a process.
  size_t block_bytes = 256 * 1024;

  /// And no longer than this. It bounds what a killed process loses.
  timespan flush_every = std::chrono::milliseconds{500};

  /// What may wait for a slow disk; records beyond it are dropped and counted.
  size_t queue_bytes = size_t{64} << 20;

  /// A segment is sealed when its file has so many bytes.
  uint64_t segment_bytes = uint64_t{256} << 20;

  /// Or when it covers so much time.
  timespan segment_every = std::chrono::hours{1};

  /// Of zstd, 1 to 19. At 3 market data become a sixth, times and framing
  /// included, at 100 MB/s and more; 6 saves another eighth and is four times
  /// slower, which a flood of messages would turn into drops.
  int level = 3;

  /// A failed write is tried again after this.
  timespan retry_every = std::chrono::milliseconds{250};
};

} // namespace qalpha
