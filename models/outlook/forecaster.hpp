// The machine behind a FORECASTER: bars in, distributions of returns out.

#pragma once

#include "models/machine/sink.hpp"
#include "models/market/instrument.hpp"
#include "models/outlook/known_columns.hpp"
#include "models/outlook/model_rows.hpp"
#include "models/outlook/model_watch.hpp"
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
  using effects = sink<forecast_made, model_silent, model_health>;

  /// Columns named in a forecast as its reasons.
  static constexpr size_t most_reasons = 3;

  /// @param sources one for each instrument, of the features of the model
  /// @param who for those who watch it
  /// @param last_use bars that close later have no forecast
  /// @returns a fault if the model's known columns are none.
  static fallible<forecaster>
  make(std::unique_ptr<quantile_model> model, const universe& instruments,
       std::vector<std::unique_ptr<feature_source>> sources,
       model_identity who = {}, utc_time last_use = no_last_use);

  void step(const bar_context_known& fact, effects&) {
    slots_[fact.symbol.index].source.expect(fact);
  }

  void step(const bar_closed& fact, effects& out);

  /// Shows bars from before the start, oldest first; causes no effect. Bars
  /// that were seen already are skipped.
  /// @param contexts one for each bar, or none at all
  void warm_up(symbol_id symbol, const std::vector<bar>& past,
               const std::vector<bar_context>& contexts = {});

  /// Takes a bar that it is too late to ask the model about: only its features
  /// are computed. Causes no effect.
  void pass_over(const bar_closed& fact);

  /// The last answer took that long.
  void took(timespan time) {
    watch_.took(time);
  }

  const quantile_model& model() const noexcept {
    return *model_;
  }

private:
  struct slot {
    model_rows source;
    row_window rows;
    std::optional<size_t> series;
    // Of the last bar; no quantiles if there was no forecast.
    utc_time last_close_time;
    double last_close = 0;
    std::vector<double> next_quantiles;
  };

  forecaster(std::unique_ptr<quantile_model> model, known_columns known,
             std::vector<slot> slots, std::vector<std::string> columns,
             model_identity who);

  void keep(slot& where, const model_row& row);
  void judge_last(slot& where, const bar& closed);
  std::optional<silence> answer(const bar_closed& fact, slot& where,
                                const model_row& row, effects& out);
  forecast_made compose(const bar_closed& fact, quantile_forecast answer) const;

  std::unique_ptr<quantile_model> model_;
  known_columns known_;
  std::vector<slot> slots_;
  std::vector<std::string> columns_;
  model_watch watch_;
};

} // namespace qalpha
