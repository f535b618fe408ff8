#include "models/neural/torch.hpp"

#include "models/training/regimes/regime_rows.hpp"

#include "models/outlook/regimes/regime_tracker.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

window_statistics statistics_of_window(const training_set& set,
                                       training_window x, size_t bars) {
  const auto& closes = set.series()[x.series].closes;
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (size_t back = 0; back < std::min(bars, x.row); ++back) {
    auto r = std::log(closes[x.row - back] / closes[x.row - back - 1]);
    // A row that is missing its close is none of the window's.
    if (!std::isfinite(r))
      continue;
    sum += r;
    squares += r * r;
    ++count;
  }
  if (count == 0)
    return {};
  auto mean = sum / count;
  return {mean, std::sqrt(std::max(0.0, squares / count - mean * mean))};
}

} // namespace

std::vector<window_statistics> statistics_of(const training_set& set,
                                             std::span<const size_t> windows,
                                             size_t bars) {
  std::vector<window_statistics> result;
  for (auto number : windows)
    result.push_back(statistics_of_window(set, set.windows()[number], bars));
  return result;
}

latent_rows make_latent_rows(const training_set& set, const regime_map& map) {
  latent_rows result;
  for (const auto& one : set.series())
    result.series.push_back(one.name);
  for (size_t i = 0; i < result.explained.size(); ++i)
    result.explained[i] = map.axes.explained(i);
  return result;
}

void add_rows(const training_set& set, std::span<const size_t> windows,
              const points& latents, const regime_map& map, sample_part part,
              latent_rows& to) {
  for (size_t i = 0; i < windows.size(); ++i) {
    auto window = set.windows()[windows[i]];
    auto time = set.series()[window.series].times[window.row];
    auto reading = map.read(latents[i]);
    to.rows.push_back({static_cast<int64_t>(time), window.series, part,
                       most_probable(reading), reading.position});
  }
}

} // namespace qalpha
