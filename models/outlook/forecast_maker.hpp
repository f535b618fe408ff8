// Where a forecasting model comes from.

#pragma once

#include "models/datasets/market_rows.hpp"
#include "models/machine/fallible.hpp"
#include "models/outlook/quantile_model.hpp"

#include <memory>
#include <span>
#include <string>

namespace qalpha {

/// Trains a model on a history. Equal histories give equal models.
class forecast_maker {
public:
  virtual ~forecast_maker() = default;

  /// @returns what kind of model, one line for people.
  virtual std::string describe() const = 0;

  /// @param history all that is known: one object an instrument. Labels of the
  ///                training end with it.
  virtual fallible<std::unique_ptr<quantile_model>>
  make(std::span<const market_rows> history) = 0;
};

} // namespace qalpha
