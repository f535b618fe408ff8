#include "runtime/study/study.hpp"

#include "models/strategies/recorded_outlook.hpp"
#include "runtime/backtest/engines.hpp"
#include "runtime/study/fold_forecasts.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace qalpha {

namespace {

constexpr auto benchmark_name = "buy_and_hold";

std::optional<fault> check(const backtest_input& market,
                           const study_settings& settings) {
  auto& distances = settings.distances;
  auto rising = std::adjacent_find(distances.begin(), distances.end(),
                                   std::greater_equal<>{})
                == distances.end();
  if (distances.empty() || !rising || distances.front() == 0)
    return fault{"distances: expected numbers of bars above zero, rising"};
  auto& lengths = settings.lengths;
  for (auto x : {lengths.first_training, lengths.test, lengths.embargo,
                 lengths.longest_training})
    if (x % market.bar_interval != timespan{0})
      return fault{"walk_forward: expected lengths of whole bars"};
  return std::nullopt;
}

/// @returns the times that all instruments have: a model of several has to see
///          all of them.
std::pair<utc_time, utc_time> common_times(const backtest_input& market) {
  std::pair<utc_time, utc_time> result{};
  for (size_t i = 0; i < market.bars.size(); ++i) {
    const auto& bars = market.bars[i];
    if (bars.empty())
      return {};
    auto from = bars.front().open_time;
    auto until = bars.back().close_time;
    result.first = i == 0 ? from : std::max(result.first, from);
    result.second = i == 0 ? until : std::min(result.second, until);
  }
  return result;
}

/// @returns the input of a backtest over all tests.
backtest_input out_of_sample(const backtest_input& market,
                             const std::vector<study_fold>& folds) {
  auto result = market;
  result.columns.clear();
  result.features.clear();
  result.keep_facts = true;
  for (auto& bars : result.bars)
    bars = bars_between(bars, folds.front().times.test_from,
                        folds.back().times.test_until);
  return result;
}

std::string name_of(const strategy_choice& which) {
  std::string result = which.name;
  for (const auto& [key, value] : which.parameters) {
    auto digits = std::to_string(value);
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.')
      digits.pop_back();
    result += " " + key + "=" + digits;
  }
  return result;
}

figure monthly_of(const return_statistics& daily) {
  if (!daily.total)
    return daily.total;
  if (*daily.total <= -1)
    return -1.0;
  constexpr auto days = days_per_year / 12;
  return std::pow(1 + *daily.total, days / static_cast<double>(daily.count))
         - 1;
}

study_run measure(const backtest_input& input, const backtest_result& result) {
  study_run run{.name = name_of(input.strategy),
                .report = make_report({.input = input,
                                       .result = result,
                                       .data = {},
                                       .engine = "fused",
                                       .config_file = {},
                                       .config_hash = {}}),
                .daily = returns_of(result.account.curve.daily())};
  run.monthly = monthly_of(run.report.figures.daily);
  return run;
}

/// Adds what the number of trials leaves of each run.
void deflate(study_result& to) {
  std::vector<std::vector<double>> trials;
  for (const auto& run : to.runs)
    if (run.is_trial && measure_moments(run.daily))
      trials.push_back(run.daily);
  if (auto summary = summarise_trials(trials))
    to.trials = *summary;
  to.trials.count += to.earlier_trials;
  for (auto& run : to.runs) {
    auto moments = measure_moments(run.daily);
    if (!moments) {
      run.certainty = run.deflated = run.days_needed = moments.error();
      continue;
    }
    run.certainty = probabilistic_sharpe(*moments);
    run.days_needed = minimum_track_record(*moments);
    if (run.is_trial)
      run.deflated = deflated_sharpe(*moments, to.trials);
    else
      run.deflated = fault{"it was not chosen from several"};
  }
}

/// Compares the trials with each other and with buying and holding.
void compare(study_result& to) {
  std::vector<std::vector<double>> trials;
  std::vector<std::vector<double>> advantages;
  const auto& benchmark = to.runs.back().daily;
  for (const auto& run : to.runs) {
    if (!run.is_trial)
      continue;
    trials.push_back(run.daily);
    advantages.push_back(run.daily);
    for (size_t i = 0; i < run.daily.size(); ++i)
      advantages.back()[i] -= benchmark[i];
  }
  constexpr size_t days_per_block = 8;
  constexpr size_t most_blocks = 16;
  auto blocks = std::min(most_blocks,
                         benchmark.size() / days_per_block / 2 * 2);
  to.chosen = cross_validate_trials(trials, {.blocks = blocks});
  constexpr auto block = 10.0;
  constexpr size_t repetitions = 1'000;
  random_stream random{1, 0};
  std::vector<std::vector<size_t>> samples;
  for (size_t i = 0; i < repetitions; ++i)
    samples.push_back(stationary_rows(benchmark.size(), block, random));
  to.superior = test_superior_ability(advantages, samples, block);
}

/// Trades the forecasts and runs the rules, each over all tests.
std::optional<fault> trade(const backtest_input& market,
                           const study_settings& settings,
                           const study_forecasts& forecasts, study_result& to) {
  auto input = out_of_sample(market, forecasts.folds);
  for (const auto& parameters : settings.trades) {
    input.strategy = {"trinity", parameters};
    std::vector<std::unique_ptr<strategy>> rules;
    for (const auto& said : forecasts.said) {
      auto rule = make_strategy(input.strategy);
      if (!rule)
        return rule.error();
      rules.push_back(
        std::make_unique<recorded_outlook>(std::move(*rule), said));
    }
    auto result = run_fused(input, std::move(rules));
    if (!result)
      return result.error();
    to.runs.push_back(measure(input, *result));
    to.runs.back().learns = true;
  }
  auto others = settings.rules;
  std::erase_if(others, [](auto& x) { return x.name == benchmark_name; });
  others.push_back({benchmark_name, {}});
  for (const auto& rule : others) {
    input.strategy = rule;
    auto result = run_fused(input);
    if (!result)
      return result.error();
    to.runs.push_back(measure(input, *result));
    to.runs.back().is_trial = rule.name != benchmark_name;
  }
  for (const auto& run : to.runs)
    if (run.daily.size() != to.runs.back().daily.size())
      return fault{run.name + ": expected as many days as of the others"};
  return std::nullopt;
}

} // namespace

fallible<study_result>
run_study(const backtest_input& market, const study_settings& settings,
          forecast_maker& maker, const study_progress& progress) {
  if (auto wrong = check(market, settings))
    return *wrong;
  auto [from, until] = common_times(market);
  auto folds = plan_folds(from, until, settings.lengths);
  if (!folds)
    return folds.error();
  auto forecasts = forecast_folds(market, settings, *folds, maker, progress);
  if (!forecasts)
    return forecasts.error();
  study_result result{.model = maker.describe(),
                      .earlier_trials = settings.earlier_trials};
  result.folds = forecasts->folds;
  for (size_t i = 0; i < market.instruments.size(); ++i) {
    result.series.push_back(market.instruments[i].name());
    for (const auto& record : forecasts->records[i])
      result.skills.push_back(
        {result.series.back(), record.horizon, measure_forecasts(record)});
  }
  if (auto wrong = trade(market, settings, *forecasts, result))
    return *wrong;
  deflate(result);
  compare(result);
  return result;
}

} // namespace qalpha
