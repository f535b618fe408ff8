#include "runtime/node/frame_clock.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>

namespace qalpha {

namespace {

using std::chrono::steady_clock;

constexpr auto furthest_behind = std::chrono::seconds{1};

sigset_t stop_signals() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGTERM);
  return result;
}

} // namespace

void block_stop_signals() {
  auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

frame_clock::frame_clock(double speed)
  : speed_(speed), next_(steady_clock::now()) {
  // nop
}

bool frame_clock::wait(timespan length) {
  timespan left{0};
  if (speed_ > 0) {
    auto now = steady_clock::now();
    next_ += timespan{
      static_cast<int64_t>(static_cast<double>(length.count()) / speed_)};
    next_ = std::max(next_, now - furthest_behind);
    left = std::max(timespan{next_ - now}, timespan{0});
  }
  timespec limit{};
  limit.tv_sec = left.count() / 1'000'000'000;
  limit.tv_nsec = left.count() % 1'000'000'000;
  auto signals = stop_signals();
  if (sigtimedwait(&signals, nullptr, &limit) < 0)
    return false;
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  return true;
}

} // namespace qalpha
