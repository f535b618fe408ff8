// One flow for all levels of a book.

#pragma once

#include "models/features/order_flow/level_flow.hpp"
#include "models/machine/fallible.hpp"

#include <span>
#include <vector>

namespace qalpha {

/// Weights of the levels: the first principal component of their normalised
/// flows (Cont, Cucuringu and Zhang, 2023). The component is fitted once, on
/// the data of the training; what comes later is only weighted with it.
class integrated_flow {
public:
  /// Fits the weights.
  /// @param buckets of the training, normalised by their depth
  /// @returns a fault if there are fewer buckets than two, a value is not
  ///          finite, or the flows do not vary.
  static fallible<integrated_flow> fit(std::span<const level_flows> buckets,
                                       size_t levels);

  /// Takes weights that were fitted before.
  /// @returns a fault unless their magnitudes sum to 1.
  static fallible<integrated_flow> of(std::vector<double> weights);

  /// @returns the weighted sum of normalised flows, without taking off a mean:
  ///          no flow is zero.
  double apply(const level_flows& flows) const noexcept;

  /// One a level. Their magnitudes sum to 1, and their sum is not negative.
  const std::vector<double>& weights() const noexcept {
    return weights_;
  }

  /// @returns the share of the variance of the training that the component
  ///          explains, 0 to 1; 0 if the weights were not fitted here.
  double explained() const noexcept {
    return explained_;
  }

private:
  integrated_flow(std::vector<double> weights, double explained)
    : weights_(std::move(weights)), explained_(explained) {
    // nop
  }

  std::vector<double> weights_;
  double explained_;
};

} // namespace qalpha
