// A training as pictures.

#pragma once

#include "models/training/event_log.hpp"
#include "models/training/training_job.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Draws what there is: the latent space of regimes; quantiles, calibration and
/// importances of forecasts.
/// @param when stands in the titles, for example "epoch 3"
/// @param prefix of the tags, for example "epoch/"
std::vector<event_image> draw_view(const training_view& view,
                                   const std::string& when,
                                   const std::string& prefix);

/// The same at the end of a training, and the returns that a policy achieved.
std::vector<event_image> draw_result(const training_result& result);

} // namespace qalpha
