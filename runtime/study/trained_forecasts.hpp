// Models that the trainers make, for studies.

#pragma once

#include "models/outlook/forecast_maker.hpp"
#include "runtime/training/neural_support.hpp"

#include <memory>

namespace qalpha {

/// Trains a temporal fusion transformer with the loop of `qalpha train` and
/// loads its checkpoint as a node would. The plan's own split chooses among the
/// weights of the epochs; its test part is inside the training of the fold.
class trained_forecasts final : public forecast_maker {
public:
  /// @param neural outlives the object
  trained_forecasts(const neural_support& neural, forecast_plan plan)
    : neural_(&neural), plan_(std::move(plan)) {
    // nop
  }

  std::string describe() const override;

  fallible<std::unique_ptr<quantile_model>>
  make(std::span<const market_rows> history) override;

private:
  const neural_support* neural_;
  forecast_plan plan_;
};

} // namespace qalpha
