// Two moving averages.

#pragma once

#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

inline constexpr parameter sma_cross_parameters[] = {
  {"fast", 20, 1, 100'000, "bars in the fast average"},
  {"slow", 100, 2, 100'000, "bars in the slow average, more than fast"},
  {"short", 0, 0, 1, "1 goes short where 0 stays flat"},
};

inline constexpr strategy_entry sma_cross_entry{
  "sma_cross",
  "long while the fast average of the close is above the slow one",
  sma_cross_parameters,
};

/// Long if and only if SMA(fast) > SMA(slow) of the closes, both ending with
/// the bar at hand; else flat or short. Equal averages are not above. The
/// averages are compared as integers, so that no rounding decides.
class sma_cross final : public strategy {
public:
  /// @param otherwise stance while the fast average is not above
  /// @pre `0 < fast < slow`
  sma_cross(size_t fast, size_t slow, stance otherwise);

  std::optional<exposure> on_bar(const bar& closed) override;

  std::string reason() const override;

  size_t warm_up() const noexcept override {
    return slow_;
  }

private:
  stance decide(int64_t close) noexcept;

  size_t fast_;
  size_t slow_;
  stance otherwise_;
  size_t seen_ = 0;
  int64_t fast_sum_ = 0;
  int64_t slow_sum_ = 0;
  // Ring of closes in ticks; zeros before the first, which the sums can take.
  std::vector<int64_t> closes_;
  size_t mask_;
};

/// @param values in the order of `sma_cross_parameters`, each in its range
fallible<std::unique_ptr<strategy>>
make_sma_cross(std::span<const double> values);

} // namespace qalpha
