// The models that a run asks.

#pragma once

#include "models/outlook/forecaster.hpp"
#include "models/outlook/policy.hpp"
#include "models/outlook/regime_detector.hpp"

#include <chrono>
#include <functional>

namespace qalpha {

/// Makes the machines that ask models. One whose maker is missing is not asked.
struct model_set {
  /// Called once per life of an actor. Each machine has a model of its own,
  /// since models are not safe for several threads.
  std::function<forecaster()> make_forecaster;
  std::function<regime_detector()> make_regime_detector;
  std::function<policy()> make_policy;

  /// Time from the close of a bar after which an answer is late.
  timespan answer_within = std::chrono::seconds{1};

  /// The market waits for answers as it waits for everything else: where it is
  /// simulated or replayed.
  bool in_step = true;

  /// @returns who is asked.
  model_roles roles() const noexcept {
    model_roles result;
    result.set(place_of(model_role::forecaster), bool{make_forecaster});
    result.set(place_of(model_role::regimes), bool{make_regime_detector});
    result.set(place_of(model_role::policy), bool{make_policy});
    return result;
  }
};

} // namespace qalpha
