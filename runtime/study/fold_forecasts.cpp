#include "runtime/study/fold_forecasts.hpp"

#include "models/outlook/forecaster.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace qalpha {

namespace {

/// Keeps what a forecaster says.
class forecast_sink final : public forecaster::effects {
public:
  explicit forecast_sink(study_forecasts& to) : to_(&to) {
    // nop
  }

  void tell(const forecast_made& fact) override {
    to_->said[fact.symbol.index].push_back(fact);
  }

  void tell(const model_silent&) override {
    // Counted by what is missing.
  }

  void tell(const model_health&) override {
    // The study judges by itself.
  }

private:
  study_forecasts* to_;
};

/// @returns the log returns over `ahead` bars that follow each other.
std::vector<double> past_returns(const std::vector<bar>& bars, size_t ahead,
                                 timespan interval) {
  std::vector<double> result;
  auto span = interval * static_cast<int64_t>(ahead);
  for (size_t t = 0; t + ahead < bars.size(); ++t)
    if (bars[t + ahead].close_time - bars[t].close_time == span)
      result.push_back(std::log(static_cast<double>(bars[t + ahead].close.ticks)
                                / static_cast<double>(bars[t].close.ticks)));
  return result;
}

/// @returns the bar that closes at that time, or `nullptr`.
const bar* closing_at(const std::vector<bar>& bars, utc_time time) {
  auto found = std::ranges::lower_bound(bars, time, {}, &bar::close_time);
  return found != bars.end() && found->close_time == time ? &*found : nullptr;
}

std::vector<bar> bars_before(const std::vector<bar>& bars, utc_time time) {
  return {bars.begin(),
          std::ranges::lower_bound(bars, time, {}, &bar::open_time)};
}

/// Adds forecasts of one test with what came and what a naive one says.
void judge(forecast_record& to, std::span<const forecast_made> said,
           const std::vector<bar>& bars, timespan interval,
           const std::vector<double>& naive) {
  for (const auto& one : said) {
    auto now = closing_at(bars, one.time);
    auto then = closing_at(
      bars, one.time + interval * static_cast<int64_t>(to.horizon));
    if (now == nullptr || then == nullptr)
      continue;
    auto first = one.quantiles.begin()
                 + static_cast<ptrdiff_t>((to.horizon - 1) * one.levels.size());
    to.quantiles.insert(to.quantiles.end(), first,
                        first + static_cast<ptrdiff_t>(one.levels.size()));
    to.naive.insert(to.naive.end(), naive.begin(), naive.end());
    to.outcomes.push_back(std::log(static_cast<double>(then->close.ticks)
                                   / static_cast<double>(now->close.ticks)));
  }
}

std::optional<fault> check_shape(const quantile_model_shape& shape,
                                 const study_settings& settings,
                                 const study_forecasts& so_far) {
  auto far = settings.distances.back();
  if (shape.horizon < far)
    return fault{
      "distances: expected at most the " + std::to_string(shape.horizon)
      + " bars of the model's forecast, found " + std::to_string(far)};
  for (const auto& records : so_far.records)
    for (const auto& one : records)
      if (!one.levels.empty() && one.levels != shape.levels)
        return fault{"model: expected the same levels in all folds"};
  return std::nullopt;
}

/// Asks at each bar of a test, after all that came before it.
fallible<forecaster> ready_forecaster(const backtest_input& market,
                                      utc_time test_from,
                                      std::unique_ptr<quantile_model> model) {
  auto plan = feature_plan::make(model->shape().features);
  if (!plan)
    return plan.error();
  std::vector<std::unique_ptr<feature_source>> sources;
  for (size_t i = 0; i < market.instruments.size(); ++i) {
    if (auto wrong = columns_beside_bars(*plan); !wrong.empty())
      return fault{"model: reads the column \""
                   + std::string{market_columns[wrong.front()].name}
                   + "\", which bars do not have"};
    static const history_columns none;
    sources.push_back(
      batch_features(*plan, market.instruments[i], {market.bars[i], none}));
  }
  auto made = forecaster::make(std::move(model), market.instruments,
                               std::move(sources));
  if (made)
    for (auto& rules : market.instruments)
      made->warm_up(rules.id(),
                    bars_before(market.bars[rules.id().index], test_from));
  return made;
}

std::optional<fault> run_fold(const backtest_input& market,
                              const study_settings& settings,
                              const walk_forward_fold& times,
                              forecast_maker& maker, study_forecasts& to) {
  study_fold fold{.times = times};
  std::vector<std::vector<bar>> training;
  std::vector<market_rows> history;
  for (size_t i = 0; i < market.instruments.size(); ++i) {
    training.push_back(
      bars_between(market.bars[i], times.train_from, times.train_until));
    history.push_back(rows_of(market.instruments[i], training.back()));
    fold.training_bars += training.back().size();
  }
  auto model = maker.make(history);
  if (!model)
    return model.error();
  auto shape = (*model)->shape();
  if (auto wrong = check_shape(shape, settings, to))
    return wrong;
  auto asked = ready_forecaster(market, times.test_from, std::move(*model));
  if (!asked)
    return asked.error();
  forecast_sink sink{to};
  for (size_t i = 0; i < market.instruments.size(); ++i) {
    auto before = to.said[i].size();
    auto test = bars_between(market.bars[i], times.test_from, times.test_until);
    for (const auto& value : test)
      asked->step(bar_closed{market.instruments[i].id(), value}, sink);
    fold.test_bars += test.size();
    fold.forecasts += to.said[i].size() - before;
    for (auto& record : to.records[i]) {
      record.levels = shape.levels;
      auto past = past_returns(training[i], record.horizon,
                               market.bar_interval);
      if (past.empty())
        continue; // An instrument that is younger than the training.
      judge(record, std::span{to.said[i]}.subspan(before), market.bars[i],
            market.bar_interval, naive_quantiles(past, shape.levels));
    }
  }
  to.folds.push_back(fold);
  return std::nullopt;
}

} // namespace

std::vector<bar> bars_between(const std::vector<bar>& bars, utc_time from,
                              utc_time until) {
  auto first = std::ranges::lower_bound(bars, from, {}, &bar::open_time);
  auto last = std::ranges::upper_bound(bars, until, {}, &bar::close_time);
  return first < last ? std::vector<bar>{first, last} : std::vector<bar>{};
}

market_rows rows_of(const instrument& rules, const std::vector<bar>& bars) {
  market_rows result{.name = rules.name(), .columns = {}};
  auto column = [&](const char* name) -> std::vector<double>& {
    return result.columns[market_column_index(name)];
  };
  // As `source_reader`, so that a model learns from the bits that it will see.
  constexpr double e8 = 1e8;
  auto price_of = [tick = rules.rules().tick_e8](price px) {
    return static_cast<double>(px.ticks * tick) / e8;
  };
  auto lot = static_cast<__int128>(rules.rules().lot_e8);
  constexpr int64_t millisecond = 1'000'000;
  for (const auto& one : bars) {
    column("time").push_back(
      static_cast<double>(one.close_time.ns / millisecond));
    column("open").push_back(price_of(one.open));
    column("high").push_back(price_of(one.high));
    column("low").push_back(price_of(one.low));
    column("close").push_back(price_of(one.close));
    column("volume").push_back(static_cast<double>(one.volume.lots * lot) / e8);
  }
  return result;
}

fallible<study_forecasts>
forecast_folds(const backtest_input& market, const study_settings& settings,
               const std::vector<walk_forward_fold>& folds,
               forecast_maker& maker, const study_progress& progress) {
  study_forecasts result;
  result.said.resize(market.instruments.size());
  for (size_t i = 0; i < market.instruments.size(); ++i) {
    result.records.emplace_back();
    for (auto ahead : settings.distances)
      result.records.back().push_back({.horizon = ahead});
  }
  for (size_t i = 0; i < folds.size(); ++i) {
    if (auto wrong = run_fold(market, settings, folds[i], maker, result))
      return fault{"fold " + std::to_string(i + 1) + ": " + wrong->text};
    if (progress)
      progress(i + 1, folds.size());
  }
  return result;
}

} // namespace qalpha
