// How far forecast and policy are apart.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace qalpha {

/// Half the difference of two opinions, averaged over some ten decisions, the
/// newest weighing most.
class disagreement_monitor {
public:
  /// Of the newest decision: 2 / (10 + 1).
  static constexpr double weight = 2.0 / 11.0;

  /// From here on the two do not know what they are doing.
  static constexpr double limit = 0.3;

  /// @param forecast,policy -1: as short as can be, 1: as long as can be. A
  ///        value that is not finite is for whoever counts missing answers.
  void add(double forecast, double policy) noexcept {
    if (!std::isfinite(forecast) || !std::isfinite(policy))
      return;
    auto now = std::abs(std::clamp(forecast, -1.0, 1.0)
                        - std::clamp(policy, -1.0, 1.0))
               / 2;
    average_ = average_ ? *average_ + weight * (now - *average_) : now;
    auto is_high = *average_ >= limit;
    high_in_a_row_ = is_high ? high_in_a_row_ + 1 : 0;
    low_in_a_row_ = is_high ? 0 : low_in_a_row_ + 1;
  }

  /// @returns 0 to 1; `nullopt` before the first decision.
  std::optional<double> average() const noexcept {
    return average_;
  }

  /// @returns how many decisions the average has been at its limit or beyond.
  uint32_t high_in_a_row() const noexcept {
    return high_in_a_row_;
  }

  /// @returns how many decisions it has been below.
  uint32_t low_in_a_row() const noexcept {
    return low_in_a_row_;
  }

private:
  std::optional<double> average_;
  uint32_t high_in_a_row_ = 0;
  uint32_t low_in_a_row_ = 0;
};

} // namespace qalpha
