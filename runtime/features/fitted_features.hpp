// Features whose parameters are found in data.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/machine/fallible.hpp"
#include "runtime/features/market_table.hpp"

#include <cstddef>
#include <string>

namespace qalpha {

/// A feature with the parameters that were found, and how well they do.
struct fitted_feature {
  feature_request request;
  /// Rows or books that were looked at.
  size_t samples = 0;
  /// One line for a person.
  std::string quality;
};

/// Finds the weights of `order_flow_integrated` in the rows of a market: the
/// first principal component of the normalised flows.
/// @returns a fault if there are no flows, or they do not vary.
fallible<fitted_feature> fit_integrated_flow(const market_table& table);

} // namespace qalpha
