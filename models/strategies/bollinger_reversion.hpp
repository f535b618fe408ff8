// Back to the mean.

#pragma once

#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace qalpha {

inline constexpr parameter bollinger_reversion_parameters[] = {
  {"window", 20, 2, 100'000, "bars in mean and deviation"},
  {"deviations", 2, 0.1, 10, "half width of the band in standard deviations",
   false},
  {"short", 0, 0, 1, "1 also sells above the upper band"},
};

inline constexpr strategy_entry bollinger_reversion_entry{
  "bollinger_reversion",
  "long below the lower Bollinger band until the close is back at the middle",
  bollinger_reversion_parameters,
};

/// Goes long on a close below mean − k·σ and out on a close at the mean or
/// above; the other way round for shorts. Mean and σ (population, as TA-Lib)
/// are those of the last `window` closes, this one included. The sums of prices
/// and squares are exact integers: nothing drifts however long the run. Prices
/// times window must stay below 2^63 ticks.
class bollinger_reversion final : public strategy {
public:
  /// @pre `window > 1 && deviations > 0`
  bollinger_reversion(size_t window, double deviations, bool with_short);

  std::vector<feature_request> features() const override {
    return {};
  }

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  stance decide(int64_t close) noexcept;

  /// @returns n·close − Σ, that is n times the distance from the mean.
  int64_t distance() const noexcept;

  /// @returns n·Σx² − (Σx)², that is n² times the variance.
  __int128 spread() const noexcept;

  size_t window_;
  double squared_deviations_;
  bool with_short_;
  size_t seen_ = 0;
  stance stance_ = stance::flat;
  int64_t close_ = 0;
  int64_t sum_ = 0;
  __int128 squares_ = 0;
  // Ring of closes in ticks; zeros before the first.
  std::vector<int64_t> closes_;
  size_t mask_;
};

/// @param values in the order of `bollinger_reversion_parameters`, each in its
///               range
fallible<std::unique_ptr<strategy>>
make_bollinger_reversion(std::span<const double> values);

} // namespace qalpha
