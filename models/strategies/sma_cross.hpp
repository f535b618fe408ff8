// Two moving averages.

#pragma once

#include "models/features/feature.hpp"
#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <string>
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

/// Long if and only if SMA(fast) of the closes is above SMA(slow), both ending
/// with the bar at hand; else flat or short. Averages that differ by no more
/// than sums may be rounded are equal, and equal averages are not above.
class sma_cross final : public strategy {
public:
  /// @param otherwise stance while the fast average is not above
  /// @pre `0 < fast < slow`
  sma_cross(size_t fast, size_t slow, stance otherwise)
    : fast_(fast), slow_(slow), otherwise_(otherwise) {
    // nop
  }

  std::vector<feature_request> features() const override;

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  size_t fast_;
  size_t slow_;
  stance otherwise_;
  double fast_mean_ = undefined;
  double slow_mean_ = undefined;
};

/// @param values in the order of `sma_cross_parameters`, each in its range
fallible<std::unique_ptr<strategy>>
make_sma_cross(std::span<const double> values);

} // namespace qalpha
