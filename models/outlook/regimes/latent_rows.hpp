// Rows of a history in the latent space of a model, for pictures.

#pragma once

#include "models/outlook/regime_model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a row was to the training of the model.
enum class sample_part {
  train,
  validation,
  test,
  /// Nobody here knows.
  unknown,
};

/// @relates sample_part
constexpr std::string_view to_string(sample_part x) noexcept {
  switch (x) {
    case sample_part::train:
      return "train";
    case sample_part::validation:
      return "validation";
    case sample_part::test:
      return "test";
    case sample_part::unknown:
      return "unknown";
  }
  return "unknown";
}

/// Where the model sees one row.
struct latent_row {
  /// Close of its bar.
  int64_t time_ms = 0;
  /// Which of the instruments.
  size_t series = 0;
  sample_part part = sample_part::unknown;
  /// The most probable one, before any hysteresis.
  regime kind = regime::bull;
  /// On the two principal axes.
  std::array<double, 2> position{};

  friend bool operator==(const latent_row&, const latent_row&) = default;
};

struct latent_rows {
  /// Names of the instruments.
  std::vector<std::string> series;
  /// By time.
  std::vector<latent_row> rows;
  /// Share of the variance of the training rows that lies along each axis; 0
  /// where nobody knows.
  std::array<double, 2> explained{};
};

} // namespace qalpha
