// How much of a server an address may use.

#pragma once

#include "models/market/time.hpp"

#include <chrono>
#include <cstdint>
#include <deque>

namespace qalpha {

/// At most so much within any window of time.
struct budget_limit {
  uint64_t amount = 0;
  timespan window{0};

  friend bool operator==(const budget_limit&, const budget_limit&) = default;
};

/// Keeps what is spent within a limit, in whatever way the server aligns its
/// windows. Callers supply the time.
class request_budget {
public:
  using moment = std::chrono::steady_clock::time_point;

  explicit request_budget(budget_limit limit) : limit_(limit) {
    // nop
  }

  /// @returns how long to wait before `amount` may be spent; zero is now. More
  ///          than the limit waits for an empty window.
  /// @pre `now` never decreases between calls
  timespan wait(moment now, uint64_t amount = 1);

  void spend(moment now, uint64_t amount = 1);

  /// The server counts more than we do, since others share our address.
  void observe(moment now, uint64_t used);

  uint64_t used() const noexcept {
    return used_;
  }

private:
  struct entry {
    moment when;
    uint64_t amount = 0;
  };

  void forget(moment now);

  budget_limit limit_;
  std::deque<entry> spent_;
  uint64_t used_ = 0;
};

/// What the server said about our use of it, apart from the answer.
struct server_verdict {
  unsigned status = 0;
  /// Of `Retry-After`; zero if it did not say.
  timespan retry_after{0};
};

/// A budget that also obeys the server's own limits: after 429 (too many) and
/// 418 (banned) nothing is asked until it allows it.
class rest_gate {
public:
  using moment = request_budget::moment;

  explicit rest_gate(budget_limit limit) : budget_(limit) {
    // nop
  }

  timespan wait(moment now, uint64_t weight);

  void spend(moment now, uint64_t weight) {
    budget_.spend(now, weight);
  }

  void observe(moment now, uint64_t used) {
    budget_.observe(now, used);
  }

  /// @returns `true` if the server told us to stop.
  bool judge(moment now, const server_verdict& verdict);

  /// @returns how often the server told us to stop.
  uint64_t alarms() const noexcept {
    return alarms_;
  }

private:
  request_budget budget_;
  moment closed_until_{};
  uint64_t alarms_ = 0;
};

} // namespace qalpha
