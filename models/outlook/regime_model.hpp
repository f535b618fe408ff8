// What a model of market regimes offers to those who trade.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace qalpha {

/// Kinds of market, named by their statistics and not by an index that training
/// happened to give.
enum class regime {
  bull,
  bear,
  sideways,
  high_volatility,
};

inline constexpr size_t regime_count = 4;

/// @relates regime
constexpr std::string_view to_string(regime x) noexcept {
  switch (x) {
    case regime::bull:
      return "bull";
    case regime::bear:
      return "bear";
    case regime::sideways:
      return "sideways";
    case regime::high_volatility:
      return "high_volatility";
  }
  return "unknown";
}

/// What one row looks like to the model, before any hysteresis.
struct regime_reading {
  /// By `regime`, sum 1.
  std::array<double, regime_count> probabilities{};
  /// Distance to the nearest cluster as a multiple of that which 99.5 % of the
  /// training rows keep; above 1 nothing like it was seen.
  double novelty = 0;
  /// The row on the two principal axes of the latent space.
  std::array<double, 2> position{};
};

/// A trained model. Not safe for several threads at a time.
class regime_model {
public:
  virtual ~regime_model() = default;

  /// What a row holds: statistics of the bars up to now.
  virtual const feature_spec& features() const noexcept = 0;

  /// @param row one value for each column of the plan of `features`
  /// @returns a fault if the row has another size or a value that is not
  /// finite.
  virtual fallible<regime_reading> read(std::span<const double> row) = 0;
};

} // namespace qalpha
