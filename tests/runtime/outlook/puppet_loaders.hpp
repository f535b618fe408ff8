// Loaders of models that answer the same to everything.

#pragma once

#include "runtime/outlook/model_loading.hpp"
#include "tests/models/outlook/play.hpp"

namespace qalpha::test {

/// What the models were asked.
inline std::vector<asked_forecast> asked;

inline fallible<std::unique_ptr<quantile_model>>
load_puppet(const checkpoint& from) {
  quantile_model_shape shape{.features = from.about.features,
                             .known = {},
                             .lookback = 1,
                             .horizon = 1,
                             .levels = {0.1, 0.5, 0.9},
                             .series = {}};
  return std::unique_ptr<quantile_model>{std::make_unique<quantile_puppet>(
    shape, quantile_forecast{.quantiles = {-1, 0, 1}, .importance = {1}},
    asked)};
}

} // namespace qalpha::test
