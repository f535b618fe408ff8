#include "models/features/fracdiff/unit_root.hpp"

#include "models/features/feature.hpp"
#include "models/features/fracdiff/lag_regression.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

// 95 % point of the normal distribution: 10 % on both sides together.
constexpr double significant_t_ratio = 1.6448536269514722;

struct lag_choice {
  size_t lag;
  std::optional<double> criterion;
};

/// @returns a sum that is not finite if any value is not.
double sum_of(std::span<const double> series) {
  std::array<double, 8> part{};
  size_t i = 0;
  for (; i + part.size() <= series.size(); i += part.size())
    for (size_t j = 0; j < part.size(); ++j)
      part[j] += series[i + j];
  auto result = std::accumulate(part.begin(), part.end(), 0.0);
  for (; i < series.size(); ++i)
    result += series[i];
  return result;
}

std::optional<fault> first_not_finite(std::span<const double> series) {
  for (size_t i = 0; i < series.size(); ++i)
    if (!std::isfinite(series[i]))
      return fault{"series[" + std::to_string(i)
                   + "]: expected a finite number, found "
                   + std::to_string(series[i])};
  return std::nullopt;
}

fallible<size_t> longest_lag(size_t size, size_t trends,
                             const std::optional<size_t>& wanted) {
  if (size / 2 < trends + 1)
    return fault{"series: expected at least " + std::to_string(2 * trends + 2)
                 + " values, found " + std::to_string(size)};
  auto limit = size / 2 - trends - 1;
  if (!wanted) {
    auto schwert
      = std::ceil(12 * std::pow(static_cast<double>(size) / 100, 0.25));
    return std::min(limit, static_cast<size_t>(schwert));
  }
  if (*wanted > limit)
    return fault{"max_lag must be at most " + std::to_string(limit) + " for "
                 + std::to_string(size) + " values, was "
                 + std::to_string(*wanted)};
  return *wanted;
}

double information(const lag_regression& fits, size_t lag, adf_lag_rule rule) {
  auto n = static_cast<double>(fits.observations());
  auto k = static_cast<double>(fits.regressors(lag));
  // A perfect fit is likelier than any other.
  auto per_row = std::log(2 * std::acos(-1.0))
                 + std::log(fits.residual_squares(lag) / n) + 1;
  if (fits.saturated(lag))
    per_row = -std::numeric_limits<double>::infinity();
  return n * per_row + k * (rule == adf_lag_rule::aic ? 2 : std::log(n));
}

lag_choice choose_lag(const lag_regression& fits, size_t longest,
                      adf_lag_rule rule) {
  if (rule == adf_lag_rule::t_statistic) {
    for (auto lag = longest;; --lag) {
      auto ratio = fits.saturated(lag) ? 0 : std::abs(fits.last_t_ratio(lag));
      if (ratio >= significant_t_ratio || lag == 0)
        return {lag, ratio};
    }
  }
  lag_choice result{0, information(fits, 0, rule)};
  for (size_t lag = 1; lag <= longest; ++lag) {
    auto criterion = information(fits, lag, rule);
    if (criterion < *result.criterion)
      result = {lag, criterion};
  }
  return result;
}

adf_result describe(const lag_regression& fits, const lag_choice& choice,
                    adf_regression regression) {
  adf_result result;
  result.lag = choice.lag;
  result.criterion = choice.criterion;
  result.observations = fits.observations();
  result.critical_values = mackinnon_critical_values(regression,
                                                     result.observations);
  if (fits.rank_deficient()) {
    result.outcome = adf_outcome::rank_deficient;
    result.statistic = undefined;
    result.p_value = undefined;
    return result;
  }
  result.outcome = fits.saturated(choice.lag) ? adf_outcome::saturated
                                              : adf_outcome::tested;
  result.statistic = fits.level_t_ratio();
  result.p_value = mackinnon_p_value(result.statistic, regression);
  return result;
}

} // namespace

fallible<adf_result> adf_test(std::span<const double> series,
                              const adf_options& options) {
  auto sum = sum_of(series);
  if (!std::isfinite(sum))
    if (auto wrong = first_not_finite(series))
      return *wrong;
  auto trends = static_cast<size_t>(options.regression);
  auto longest = longest_lag(series.size(), trends, options.max_lag);
  if (!longest)
    return longest.error();
  auto shift = trends == 0 ? 0.0 : sum / static_cast<double>(series.size());
  series_to_fit prepared{series, trends, shift};
  lag_regression all{prepared, *longest};
  lag_choice choice{*longest, std::nullopt};
  if (options.lag_rule == adf_lag_rule::fixed || all.rank_deficient())
    return describe(all, choice, options.regression);
  choice = choose_lag(all, *longest, options.lag_rule);
  if (choice.lag == *longest)
    return describe(all, choice, options.regression);
  // With fewer lags there are more rows to fit.
  return describe(lag_regression{prepared, choice.lag}, choice,
                  options.regression);
}

} // namespace qalpha
