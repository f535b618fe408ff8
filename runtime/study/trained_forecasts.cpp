#include "runtime/study/trained_forecasts.hpp"

#include "runtime/training/train_run.hpp"

#include <fmt/format.h>

namespace qalpha {

std::string trained_forecasts::describe() const {
  return fmt::format(
    "temporal fusion transformer of width {} with {} heads, {} bars back, {} "
    "ahead; at most {} epochs of batches of {}, seed {}",
    plan_.model.hidden, plan_.model.heads, plan_.windows.lookback,
    plan_.windows.horizon, plan_.training.epochs, plan_.training.batch,
    plan_.training.seed);
}

fallible<std::unique_ptr<quantile_model>>
trained_forecasts::make(std::span<const market_rows> history) {
  auto job = neural_->train_forecast(plan_, history, nullptr);
  if (!job)
    return job.error();
  auto outcome = run_training(**job, {}, {});
  if (!outcome)
    return outcome.error();
  if (!outcome->result)
    return fault{"training: stopped before its end"};
  auto& made = outcome->result->model;
  return neural_->load.forecaster(made);
}

} // namespace qalpha
