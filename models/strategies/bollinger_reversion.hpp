// Back to the mean.

#pragma once

#include "models/features/feature.hpp"
#include "models/strategies/catalogue.hpp"
#include "models/strategies/stance.hpp"

#include <cstddef>
#include <string>
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

/// Goes long on a close below the lower band and out on a close at the mean or
/// above; the other way round for shorts. Mean and deviation (population, as
/// TA-Lib) are those of the last `window` closes, this one included. What lies
/// on a band or at the mean but for rounding lies on it.
class bollinger_reversion final : public strategy {
public:
  /// @pre `window > 1 && deviations > 0`
  bollinger_reversion(size_t window, double deviations, bool with_short)
    : window_(window), deviations_(deviations), with_short_(with_short) {
    // nop
  }

  std::vector<feature_request> features() const override;

  std::optional<exposure> on_bar(const bar& closed,
                                 std::span<const double> values) override;

  std::string reason() const override;

private:
  size_t window_;
  double deviations_;
  bool with_short_;
  stance stance_ = stance::flat;
  // Behind the last opinion.
  double upper_ = undefined;
  double middle_ = undefined;
  double lower_ = undefined;
};

/// @param values in the order of `bollinger_reversion_parameters`, each in its
///               range
fallible<std::unique_ptr<strategy>>
make_bollinger_reversion(std::span<const double> values);

} // namespace qalpha
