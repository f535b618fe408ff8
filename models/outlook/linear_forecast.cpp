#include "models/outlook/linear_forecast.hpp"

#include "models/evaluation/forecast_skill.hpp"
#include "models/features/pipeline.hpp"
#include "models/strategies/feature_values.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace qalpha {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr size_t fewest_samples = 100;

/// The column by which returns are divided, the last one of the plan.
constexpr auto scale_name = "volatility_now";

constexpr double least_scale = 1e-9;

/// A line for each distance, and what was left over.
struct fitted_lines {
  VectorXd means;
  VectorXd deviations;
  /// One column a distance.
  MatrixXd slopes;
  VectorXd intercepts;
  /// One column a distance, one row a level.
  MatrixXd rest;
};

class linear_model final : public quantile_model {
public:
  linear_model(quantile_model_shape shape, fitted_lines lines)
    : shape_(std::move(shape)), lines_(std::move(lines)) {
    // nop
  }

  const quantile_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<quantile_forecast> predict(const forecast_window& from) override {
    auto columns = static_cast<size_t>(lines_.means.size());
    if (from.past.size() != columns + 1)
      return fault{"past: expected " + std::to_string(columns + 1)
                   + " values, found " + std::to_string(from.past.size())};
    auto scale = from.past.back();
    if (!all_defined(from.past) || !(scale > least_scale))
      return fault{"past: expected finite values and a volatility above zero"};
    VectorXd row{Eigen::Map<const VectorXd>(
      from.past.data(), static_cast<Eigen::Index>(columns))};
    row = (row - lines_.means).cwiseQuotient(lines_.deviations);
    VectorXd middle = lines_.slopes.transpose() * row + lines_.intercepts;
    quantile_forecast result;
    for (Eigen::Index h = 0; h < middle.size(); ++h)
      for (Eigen::Index i = 0; i < lines_.rest.rows(); ++i)
        result.quantiles.push_back(scale * (middle[h] + lines_.rest(i, h)));
    result.importance = importance();
    return result;
  }

private:
  /// By the slopes at the last distance; the volatility moves all of them.
  std::vector<double> importance() const {
    VectorXd last = lines_.slopes.col(lines_.slopes.cols() - 1).cwiseAbs();
    auto sum = last.sum();
    std::vector<double> result;
    for (auto x : last)
      result.push_back(sum > 0 ? x / sum : 0);
    result.push_back(sum > 0 ? 0 : 1);
    return result;
  }

  quantile_model_shape shape_;
  fitted_lines lines_;
};

/// Rows of features with the scaled returns that followed.
struct sample_table {
  std::vector<double> features;
  std::vector<double> returns;
  size_t count = 0;
};

class linear_maker final : public forecast_maker {
public:
  linear_maker(linear_forecast_settings settings, feature_plan plan)
    : settings_(std::move(settings)), plan_(std::move(plan)) {
    // nop
  }

  std::string describe() const override {
    return "ridge regression on " + std::to_string(plan_.columns.size() - 1)
           + " features, quantiles of its residuals, all in units of the "
             "volatility of the moment";
  }

  fallible<std::unique_ptr<quantile_model>>
  make(std::span<const market_rows> history) override {
    sample_table samples;
    for (const auto& series : history)
      if (auto wrong = add(series, samples))
        return *wrong;
    if (samples.count < fewest_samples)
      return fault{"linear: expected at least " + std::to_string(fewest_samples)
                   + " rows to learn from, found "
                   + std::to_string(samples.count)};
    return std::unique_ptr<quantile_model>{std::make_unique<linear_model>(
      quantile_model_shape{.features = settings_.features,
                           .known = {},
                           .lookback = 1,
                           .horizon = settings_.horizon,
                           .levels = settings_.levels,
                           .series = {}},
      fit(samples))};
  }

private:
  std::optional<fault> add(const market_rows& series, sample_table& to) const {
    auto rows = series.rows();
    std::vector<const double*> sources;
    for (auto column : plan_.sources) {
      if (series.columns[column].size() != rows)
        return fault{series.name + ": expected the column \""
                     + std::string{market_columns[column].name} + "\""};
      sources.push_back(series.columns[column].data());
    }
    std::vector<std::vector<double>> columns(plan_.columns.size(),
                                             std::vector<double>(rows));
    std::vector<double*> places;
    for (auto& column : columns)
      places.push_back(column.data());
    feature_pipeline pipeline{plan_};
    pipeline.update(sources.data(), places.data(), rows);
    const auto& times = series.columns[time_column];
    const auto& closes = series.columns[market_column_index("close")];
    auto ahead = settings_.horizon;
    auto span = static_cast<double>(plan_.interval.count())
                * static_cast<double>(ahead);
    for (size_t t = 0; t + ahead < rows; ++t) {
      auto whole = std::all_of(columns.begin(), columns.end(),
                               [t](auto& x) { return std::isfinite(x[t]); });
      auto scale = columns.back()[t];
      if (!whole || !(scale > least_scale)
          || times[t + ahead] - times[t] != span)
        continue;
      for (size_t i = 0; i + 1 < columns.size(); ++i)
        to.features.push_back(columns[i][t]);
      for (size_t h = 1; h <= ahead; ++h)
        to.returns.push_back(std::log(closes[t + h] / closes[t]) / scale);
      ++to.count;
    }
    return std::nullopt;
  }

  fitted_lines fit(const sample_table& samples) const {
    auto rows = static_cast<Eigen::Index>(samples.count);
    auto width = static_cast<Eigen::Index>(plan_.columns.size() - 1);
    auto ahead = static_cast<Eigen::Index>(settings_.horizon);
    using row_major
      = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    MatrixXd x = Eigen::Map<const row_major>(samples.features.data(), rows,
                                             width);
    MatrixXd y = Eigen::Map<const row_major>(samples.returns.data(), rows,
                                             ahead);
    auto count = static_cast<double>(rows);
    fitted_lines result;
    result.means = x.colwise().mean().transpose();
    x.rowwise() -= result.means.transpose();
    result.deviations = (x.colwise().squaredNorm() / count)
                          .cwiseSqrt()
                          .transpose()
                          .unaryExpr([](double d) { return d > 0 ? d : 1; });
    x.array().rowwise() /= result.deviations.transpose().array();
    result.intercepts = y.colwise().mean().transpose();
    y.rowwise() -= result.intercepts.transpose();
    MatrixXd gram = x.transpose() * x;
    gram.diagonal().array() += count * settings_.shrinkage;
    result.slopes = gram.ldlt().solve(x.transpose() * y);
    y -= x * result.slopes;
    result.rest.resize(static_cast<Eigen::Index>(settings_.levels.size()),
                       ahead);
    for (Eigen::Index h = 0; h < ahead; ++h) {
      std::sort(y.col(h).begin(), y.col(h).end());
      for (size_t i = 0; i < settings_.levels.size(); ++i)
        result.rest(static_cast<Eigen::Index>(i), h) = empirical_quantile(
          {y.col(h).data(), samples.count}, settings_.levels[i]);
    }
    return result;
  }

  linear_forecast_settings settings_;
  feature_plan plan_;
};

std::optional<fault> check(const linear_forecast_settings& settings) {
  if (settings.horizon == 0 || settings.horizon > 10'000)
    return fault{"horizon: expected 1 to 10000 bars, found "
                 + std::to_string(settings.horizon)};
  if (!(settings.shrinkage > 0 && settings.shrinkage <= 1'000))
    return fault{"shrinkage: expected more than 0, at most 1000"};
  auto& levels = settings.levels;
  auto rising = std::adjacent_find(levels.begin(), levels.end(),
                                   std::greater_equal<>{})
                == levels.end();
  if (levels.empty() || levels.size() > 99 || !rising
      || !(levels.front() > 0 && levels.back() < 1))
    return fault{"levels: expected 1 to 99 numbers between 0 and 1, rising"};
  return std::nullopt;
}

} // namespace

fallible<std::unique_ptr<forecast_maker>>
make_linear_forecasts(const linear_forecast_settings& settings) {
  if (auto wrong = check(settings))
    return *wrong;
  auto whole = settings;
  whole.features.features.push_back({"ewma_volatility", scale_name, {}, {}});
  auto plan = feature_plan::make(whole.features);
  if (!plan)
    return plan.error();
  return std::unique_ptr<forecast_maker>{
    std::make_unique<linear_maker>(std::move(whole), std::move(*plan))};
}

} // namespace qalpha
