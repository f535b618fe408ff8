#include "runtime/node/pulse_barrier.hpp"

namespace qalpha {

void pulse_barrier::expect(uint64_t sequence) {
  std::lock_guard guard{mutex_};
  expected_ = sequence;
  count_ = 0;
}

void pulse_barrier::passed(symbol_id, const pulse& fact) {
  std::lock_guard guard{mutex_};
  if (fact.sequence == expected_ && ++count_ == symbols_)
    changed_.notify_one();
}

bool pulse_barrier::wait(std::chrono::milliseconds limit) {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, limit, [this] { return count_ >= symbols_; });
}

} // namespace qalpha
