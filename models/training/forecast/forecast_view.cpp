#include "models/neural/torch.hpp"

#include "models/training/forecast/forecast_view.hpp"

#include <cmath>

namespace qalpha {

forecast_fan make_fan(const training_set& set, training_window x) {
  const auto& one = set.series()[x.series];
  forecast_fan result;
  result.series = one.name;
  result.time_ms = static_cast<int64_t>(one.times[x.row]);
  for (auto row = x.row + 1 - set.spec().lookback; row <= x.row; ++row)
    result.past.push_back(std::log(one.closes[row] / one.closes[x.row]));
  for (size_t ahead = 1; ahead <= set.spec().horizon; ++ahead)
    result.came.push_back(set.target(x, ahead));
  return result;
}

} // namespace qalpha
