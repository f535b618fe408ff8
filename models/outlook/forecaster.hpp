// The machine behind a FORECASTER: bars in, distributions of returns out.

#pragma once

#include "models/features/feature_source.hpp"
#include "models/machine/sink.hpp"
#include "models/market/bar.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/known_columns.hpp"
#include "models/outlook/outlook.hpp"
#include "models/outlook/quantile_model.hpp"
#include "models/outlook/row_window.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace qalpha {

/// Computes the features of each symbol, keeps as many rows as the model looks
/// back and asks it at the close of each bar. Tells either a forecast or why
/// there is none, once for each bar. A model is never asked with a value
/// missing.
class forecaster {
public:
  using effects = sink<forecast_made, model_silent>;

  /// Columns named in a forecast as its reasons.
  static constexpr size_t most_reasons = 3;

  /// @param sources one for each instrument, of the features of the model
  /// @returns a fault if the model's known columns are none.
  static fallible<forecaster>
  make(std::unique_ptr<quantile_model> model, const universe& instruments,
       std::vector<std::unique_ptr<feature_source>> sources);

  void step(const bar_closed& fact, effects& out);

  /// Shows bars from before the start, oldest first; causes no effect. Bars
  /// that were seen already are skipped.
  void warm_up(symbol_id symbol, const std::vector<bar>& past);

  const quantile_model& model() const noexcept {
    return *model_;
  }

private:
  struct slot {
    std::unique_ptr<feature_source> source;
    row_window rows;
    std::optional<size_t> series;
    utc_time seen;
    // The last row has a value missing; there was one that has none missing.
    bool dirty = false;
    bool complete = false;
  };

  forecaster(std::unique_ptr<quantile_model> model, known_columns known,
             std::vector<slot> slots, std::vector<std::string> columns);

  bool take(slot& where, const bar& closed);
  forecast_made compose(const bar_closed& fact, quantile_forecast answer) const;

  std::unique_ptr<quantile_model> model_;
  known_columns known_;
  std::vector<slot> slots_;
  std::vector<std::string> columns_;
};

} // namespace qalpha
