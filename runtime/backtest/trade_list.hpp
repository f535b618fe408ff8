// Round trips of a backtest.

#pragma once

#include "actors/ports/observers.hpp"

#include <vector>

namespace qalpha {

/// Keeps every round trip.
class trade_list final : public recorder {
public:
  void record(const closed_trade& fact) override {
    trades_.push_back(fact);
  }

  std::vector<closed_trade> take() noexcept {
    return std::move(trades_);
  }

private:
  std::vector<closed_trade> trades_;
};

} // namespace qalpha
