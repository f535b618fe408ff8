// Sizes of a decision transformer.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"

#include <cstdint>
#include <optional>

namespace qalpha {

/// How a decision transformer is built. The weights that go with it have
/// shapes that follow from it.
struct decision_transformer_settings {
  /// Columns of a state.
  int64_t states = 1;
  /// Entries of an action.
  int64_t actions = 4;
  /// Width of a token; a multiple of `heads`.
  int64_t hidden = 128;
  int64_t layers = 3;
  int64_t heads = 1;
  /// Steps that it looks at, three tokens each.
  int64_t context = 20;
  /// Steps of an episode, each with a learned vector; later ones count as the
  /// last.
  int64_t episode = 1'000;
  /// The activation of the blocks: GELU by its tanh formula, or ReLU.
  bool gelu = false;
  /// Whether actions go through tanh, which keeps them between -1 and 1.
  bool bounded_actions = true;
  double dropout = 0.1;

  friend bool operator==(const decision_transformer_settings&,
                         const decision_transformer_settings&)
    = default;
};

/// @returns a fault naming what is out of range.
std::optional<fault> check(const decision_transformer_settings& settings);

/// @returns how many weights such a model has.
/// @pre `!check(settings)`
uint64_t weight_count(const decision_transformer_settings& settings) noexcept;

/// @returns the settings of a manifest, checked, or a fault naming what is
///          missing or out of range.
/// @param states columns of its plan
fallible<decision_transformer_settings>
decision_transformer_settings_of(const manifest& about, size_t states);

/// Writes settings where the function above reads them.
void put(const decision_transformer_settings& settings, manifest& about);

} // namespace qalpha
