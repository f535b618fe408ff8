#include "models/outlook/forecaster.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace qalpha {

namespace {

/// A model of no series is one for all.
std::optional<size_t> series_of(const quantile_model_shape& shape,
                                const std::string& name) {
  if (shape.series.empty())
    return 0;
  auto found = std::find(shape.series.begin(), shape.series.end(), name);
  if (found == shape.series.end())
    return std::nullopt;
  return static_cast<size_t>(found - shape.series.begin());
}

} // namespace

fallible<forecaster>
forecaster::make(std::unique_ptr<quantile_model> model,
                 const universe& instruments,
                 std::vector<std::unique_ptr<feature_source>> sources,
                 model_identity who, utc_time last_use) {
  auto& shape = model->shape();
  auto plan = feature_plan::make(shape.features);
  if (!plan)
    return plan.error();
  auto known = known_columns::make(shape.features, shape.known, shape.horizon);
  if (!known)
    return known.error();
  std::vector<slot> slots;
  for (size_t i = 0; i < instruments.size(); ++i)
    slots.push_back({.source = model_rows{std::move(sources.at(i)), last_use},
                     .rows = {shape.lookback, plan->columns.size()},
                     .series = series_of(shape, instruments[i].name()),
                     .last_close_time = {},
                     .next_quantiles = {}});
  std::vector<std::string> columns;
  for (auto& column : plan->columns)
    columns.push_back(column.name);
  who.levels = shape.levels;
  return forecaster{std::move(model), std::move(*known), std::move(slots),
                    std::move(columns), std::move(who)};
}

forecaster::forecaster(std::unique_ptr<quantile_model> model,
                       known_columns known, std::vector<slot> slots,
                       std::vector<std::string> columns, model_identity who)
  : model_(std::move(model)), known_(std::move(known)),
    slots_(std::move(slots)), columns_(std::move(columns)),
    watch_(std::move(who), slots_.size()) {
  // nop
}

void forecaster::keep(slot& where, const model_row& row) {
  // A window has no holes.
  if (row.missing) {
    where.rows.clear();
    return;
  }
  where.rows.push(row.values);
  watch_.saw(row.values);
}

/// Compares the return of this bar with what was forecast for it.
void forecaster::judge_last(slot& where, const bar& closed) {
  auto close = static_cast<double>(closed.close.ticks);
  auto follows = closed.open_time == where.last_close_time;
  if (follows && !where.next_quantiles.empty())
    watch_.came(where.next_quantiles, std::log(close / where.last_close));
  where.next_quantiles.clear();
  where.last_close_time = closed.close_time;
  where.last_close = close;
}

void forecaster::warm_up(symbol_id symbol, const std::vector<bar>& past,
                         const std::vector<bar_context>& contexts) {
  auto& where = slots_.at(symbol.index);
  for (size_t i = 0; i < past.size(); ++i) {
    auto& around = i < contexts.size() ? contexts[i] : nothing_known;
    if (auto row = where.source.next(past[i], around))
      keep(where, *row);
  }
}

void forecaster::pass_over(const bar_closed& fact) {
  auto& where = slots_[fact.symbol.index];
  auto row = where.source.next(fact.value);
  if (!row)
    return;
  keep(where, *row);
  judge_last(where, fact.value);
  watch_.passed_over();
}

void forecaster::step(const bar_closed& fact, effects& out) {
  auto& where = slots_[fact.symbol.index];
  auto row = where.source.next(fact.value);
  if (!row)
    return;
  keep(where, *row);
  judge_last(where, fact.value);
  auto time = fact.value.close_time;
  if (auto why = answer(fact, where, *row, out)) {
    watch_.silent(fact.symbol, *why);
    out.tell(model_silent{fact.symbol, time, model_role::forecaster, *why});
  } else {
    watch_.answered(fact.symbol);
  }
  if (auto health = watch_.news(time))
    out.tell(*health);
}

/// @returns why there is no forecast.
std::optional<silence> forecaster::answer(const bar_closed& fact, slot& where,
                                          const model_row& row, effects& out) {
  if (!where.series)
    return silence::unknown_symbol;
  if (row.missing)
    return row.missing;
  if (!where.rows.full())
    return silence::warming_up;
  constexpr int64_t millisecond = 1'000'000;
  auto result = model_->predict(
    {.past = where.rows.rows(),
     .known = known_.ahead(fact.value.close_time.ns / millisecond),
     .series = *where.series});
  if (!result)
    return silence::failed;
  auto width = static_cast<ptrdiff_t>(model_->shape().levels.size());
  where.next_quantiles.assign(result->quantiles.begin(),
                              result->quantiles.begin() + width);
  out.tell(compose(fact, std::move(*result)));
  return std::nullopt;
}

forecast_made forecaster::compose(const bar_closed& fact,
                                  quantile_forecast answer) const {
  forecast_made result{.symbol = fact.symbol,
                       .time = fact.value.close_time,
                       .levels = model_->shape().levels,
                       .quantiles = std::move(answer.quantiles),
                       .because = {}};
  auto& shares = answer.importance;
  std::vector<size_t> order(std::min(shares.size(), columns_.size()));
  std::iota(order.begin(), order.end(), size_t{0});
  auto count = std::min(most_reasons, order.size());
  std::partial_sort(
    order.begin(), order.begin() + static_cast<ptrdiff_t>(count), order.end(),
    [&](size_t a, size_t b) {
      return std::pair{-shares[a], a} < std::pair{-shares[b], b};
    });
  for (size_t i = 0; i < count; ++i)
    result.because.push_back({columns_[order[i]], shares[order[i]]});
  return result;
}

} // namespace qalpha
