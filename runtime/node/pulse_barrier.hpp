// Knows when everything that a frame caused is done.

#pragma once

#include "actors/ports/observers.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace qalpha {

/// Waits until a pulse has come out of the pipeline at every executor.
/// `passed` comes from actors, `wait` from the thread that lets time go on.
class pulse_barrier final : public pacemaker {
public:
  explicit pulse_barrier(size_t symbols) : symbols_(symbols) {
    // nop
  }

  /// Begins to count the executors of this pulse; call before it is sent.
  void expect(uint64_t sequence);

  void passed(symbol_id symbol, const pulse& fact) override;

  /// @returns `true` if all executors have passed the expected pulse within
  ///          `limit`; one of them may be on its way back from a crash.
  bool wait(std::chrono::milliseconds limit);

private:
  size_t symbols_;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t expected_ = 0;
  size_t count_ = 0;
};

} // namespace qalpha
