// What a manifest says about a temporal fusion transformer, without LibTorch.
//
//   settings  "hidden", "heads", "lookback", "horizon", "dropout",
//             "norm_epsilon", as in tft_settings
//   lists     "levels"; "target_means" and "target_deviations", one a series:
//             what log returns were scaled with in training
//   names     "series": the instruments, whose place is the only static
//             variable, a category; "known": columns of the plan that need the
//             time alone, in the order in which windows have them
//
// All other columns of the plan are observed variables, in its order. Every
// column is scaled by `manifest::scales`. There are no target variables: a
// column that holds past returns is an observed one.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/features/feature_plan.hpp"
#include "models/neural/tft/tft_settings.hpp"

#include <string_view>

namespace qalpha {

inline constexpr std::string_view tft_architecture
  = "temporal-fusion-transformer";

/// A forecaster keeps the last window of each series.
inline constexpr size_t most_tft_series = 1'024;

/// A manifest that has been checked.
struct tft_description {
  feature_plan plan;
  tft_settings settings;
  /// Column of the plan behind each variable of the past; the known ones last.
  std::vector<size_t> columns;
  /// One a series.
  std::vector<column_scale> targets;
};

/// @returns a fault naming what is missing, out of range or does not fit.
fallible<tft_description> read_tft_manifest(const manifest& about);

/// Sets architecture, settings and levels.
void describe_tft(manifest& about, const tft_settings& settings);

} // namespace qalpha
