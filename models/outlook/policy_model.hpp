// What a trained policy offers to those who trade.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace qalpha {

/// What a policy wants.
struct policy_action {
  /// Share of the allowed exposure, -1 to 1.
  double position = 0;
  /// How sure of it, 0 to 1.
  double size = 0;
  /// Distances from the price as fractions of it; zero: none wanted.
  double stop = 0;
  double take_profit = 0;
};

/// The last steps of an episode, oldest first; at most `context`.
struct policy_context {
  /// Return that is still wanted at each step.
  std::span<const double> returns_to_go;
  /// All columns of the plan at each step, as the pipeline gives them.
  std::span<const double> states;
  /// Taken at each step but the last, whose action is asked for.
  std::span<const policy_action> actions;
  /// Number of the last step in its episode, from 0.
  size_t step = 0;
};

/// Sizes of a policy.
struct policy_model_shape {
  feature_spec features;
  /// Steps that it looks at.
  size_t context = 0;
  /// Steps of an episode, at whose end the wanted return begins anew.
  size_t episode = 0;
  /// Return of an episode to ask for: a high one of those in the training data.
  double target_return = 0;
  /// Cost of a change of the position by one, as in training.
  double cost = 0;
};

/// A trained policy. Not safe for several threads at a time.
class policy_model {
public:
  virtual ~policy_model() = default;

  virtual const policy_model_shape& shape() const noexcept = 0;

  /// @returns a fault if the context has another size or a value that is not
  ///          finite, or if the answer is not finite.
  virtual fallible<policy_action> act(const policy_context& now) = 0;
};

} // namespace qalpha
