// Forecasts of a model as pictures: one of them, how far they keep to their
// levels, and what they are made of.

#pragma once

#include "models/training/forecast/forecast_view.hpp"
#include "runtime/reports/picture.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Quantiles of one forecast beside what came. What is not finite is left out.
struct fan_picture {
  std::string title;
  std::vector<double> levels;
  forecast_fan fan;
};

/// @relates fan_picture
void draw(const fan_picture& x, canvas& on);

/// For each level the share of what came that did not exceed its quantile: on
/// the diagonal, if the forecasts know what they do not know.
struct calibration_picture {
  std::string title;
  std::vector<double> levels;
  std::vector<double> coverage;
};

/// Points beside the diagonal that are shaded.
inline constexpr double calibration_tolerance = 0.03;

/// @relates calibration_picture
void draw(const calibration_picture& x, canvas& on);

/// Shares of variables, the largest ones first.
struct importance_picture {
  std::string title;
  std::vector<variable_share> past;
  std::vector<variable_share> known;
};

/// Of more variables the least important ones are left out.
inline constexpr size_t most_variables_drawn = 22;

/// @relates importance_picture
void draw(const importance_picture& x, canvas& on);

} // namespace qalpha
