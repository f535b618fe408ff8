// Round trips of a backtest.

#pragma once

#include "actors/ports/observers.hpp"

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

namespace qalpha {

/// Keeps round trips, oldest first.
class trade_list final : public recorder {
public:
  /// Keeps all of them.
  trade_list() = default;

  /// Keeps at least the latest `limit`, for runs without an end.
  explicit trade_list(size_t limit) : limit_(limit) {
    // nop
  }

  void record(const closed_trade& fact) override {
    if (trades_.size() >= 2 * limit_)
      trades_.erase(trades_.begin(),
                    trades_.end() - static_cast<ptrdiff_t>(limit_));
    trades_.push_back(fact);
  }

  const std::vector<closed_trade>& all() const noexcept {
    return trades_;
  }

  std::vector<closed_trade> take() noexcept {
    return std::move(trades_);
  }

private:
  size_t limit_ = std::numeric_limits<size_t>::max() / 2;
  std::vector<closed_trade> trades_;
};

} // namespace qalpha
