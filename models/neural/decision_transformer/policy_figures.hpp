// What the numbers of a decision transformer mean to those who trade.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/policy_model.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// Figures of a trained policy beside the sizes of its network.
struct policy_figures {
  /// The model is told returns divided by this; positive.
  double return_scale = 1;
  /// As `policy_model_shape` has them.
  double target_return = 0;
  double cost = 0;
  /// Distance from which on a stop or a take profit is none; positive.
  double widest_exit = 0.1;

  friend bool operator==(const policy_figures&, const policy_figures&)
    = default;
};

/// @returns the figures of a manifest, checked, or a fault naming what is
///          missing or out of range.
fallible<policy_figures> policy_figures_of(const manifest& about);

/// Writes figures where the function above reads them.
void put(const policy_figures& figures, manifest& about);

/// The most entries that an action has: position, size, stop, take profit, in
/// this order. A model may know fewer of them.
inline constexpr size_t most_action_entries = 4;

/// How much nearer the nearest exit is than the widest one.
inline constexpr double exit_range = 100;

/// Writes an action as the model knows it: the position from -1 to 1, the rest
/// from 0 to 1. An exit is 0 where none is wanted or from the widest distance
/// on, 1 at a hundredth of that, and as many steps lie between 1 % and 2 % as
/// between 2 % and 4 %: log(widest / distance) / log(100). So what lies between
/// "none" and "near" is "far", and an error of the model is one in percent.
/// @pre `to.size() <= most_action_entries`
void encode_action(const policy_action& action, const policy_figures& figures,
                   std::span<float> to);

/// @returns what the model says, each entry kept within its range. The size
///          that a model does not know is 1; exits that it does not know, or
///          says zero or less of, are none.
/// @pre `0 < from.size() <= most_action_entries`
policy_action decode_action(std::span<const float> from,
                            const policy_figures& figures);

} // namespace qalpha
