// Sizes of a temporal fusion transformer, without LibTorch.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace qalpha {

/// What makes one temporal fusion transformer differ from another.
///
/// A group of variables has its categories first, then its values. Variables of
/// the past are the observed ones, the known ones and the targets, in this
/// order; variables of the future are the known ones.
struct tft_settings {
  /// Number of classes of each static category, such as which series it is.
  std::vector<int64_t> static_categories;
  int64_t static_values = 0;
  /// The same of what is known beforehand, such as the time of the day.
  std::vector<int64_t> known_categories;
  int64_t known_values = 0;
  /// The same of what is only known once it has happened.
  std::vector<int64_t> observed_categories;
  int64_t observed_values = 0;
  /// Columns with the past of what is forecast.
  int64_t targets = 0;

  /// Width of everything inside; at least 2, since one value alone cannot be
  /// normalised.
  int64_t hidden = 64;
  /// Of the attention; divides `hidden`.
  int64_t heads = 4;
  /// Steps of the past and of the future.
  int64_t lookback = 168;
  int64_t horizon = 24;
  /// Quantiles to forecast, between 0 and 1, rising.
  std::vector<double> levels{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

  /// Share of the values that training leaves out.
  double dropout = 0.1;
  /// Added to the variance by each layer normalisation, as Keras has it.
  double norm_epsilon = 1e-3;

  int64_t static_variables() const noexcept;
  int64_t known_variables() const noexcept;
  int64_t past_variables() const noexcept;
  int64_t steps() const noexcept {
    return lookback + horizon;
  }

  friend bool operator==(const tft_settings&, const tft_settings&) = default;
};

/// Bounds that keep a file from asking for more memory than there is.
inline constexpr int64_t most_tft_variables = 1'024;
inline constexpr int64_t most_tft_classes = 65'536;
inline constexpr int64_t most_tft_hidden = 1'024;
inline constexpr int64_t most_tft_steps = 4'096;
inline constexpr size_t most_tft_levels = 99;

/// @returns what is wrong, naming the field, or nothing.
std::optional<fault> find_problem(const tft_settings& x);

} // namespace qalpha
