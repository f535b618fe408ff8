#include "runtime/outlook/latent_reading.hpp"

#include "models/datasets/training_set.hpp"
#include "models/outlook/regimes/regime_tracker.hpp"

namespace qalpha {

fallible<latent_rows> read_latents(regime_model& model,
                                   std::span<const market_rows> history) {
  // Holes in a history are holes in its picture, however many there are.
  auto set = training_set::make({model.features(), 1, 0, 1}, history);
  if (!set)
    return set.error();
  latent_rows result;
  for (const auto& one : set->series())
    result.series.push_back(one.name);
  for (auto window : set->windows()) {
    auto reading = model.read(set->row(window.series, window.row));
    if (!reading)
      return fault{set->series()[window.series].name + ": "
                   + reading.error().text};
    auto time = set->series()[window.series].times[window.row];
    result.rows.push_back({static_cast<int64_t>(time), window.series,
                           sample_part::unknown, most_probable(*reading),
                           reading->position});
  }
  return result;
}

} // namespace qalpha
