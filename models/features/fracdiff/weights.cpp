#include "models/features/fracdiff/weights.hpp"

#include "models/machine/parameter.hpp"

#include <cmath>

namespace qalpha {

fallible<std::vector<double>> fracdiff_weights(double d, double threshold) {
  // Written so that NaN fails.
  if (!(d >= 0 && d <= highest_fracdiff_order))
    return fault{"d must be 0 to " + parameter_text(highest_fracdiff_order)
                 + ", was " + parameter_text(d)};
  if (!(threshold >= lowest_fracdiff_threshold && threshold < 1))
    return fault{"threshold must be "
                 + parameter_text(lowest_fracdiff_threshold)
                 + " to below 1, was " + parameter_text(threshold)};
  std::vector<double> result{1.0};
  for (double k = 1;; ++k) {
    auto next = -result.back() * (d - k + 1) / k;
    if (std::abs(next) < threshold)
      return result;
    result.push_back(next);
  }
}

} // namespace qalpha
