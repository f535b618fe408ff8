#include "models/neural/torch.hpp"

#include "models/neural/tft/tft_forecaster.hpp"

#include "models/neural/tft/tft_engine.hpp"
#include "models/neural/tft/tft_weights.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

template <class Values>
bool all_finite(const Values& x) {
  return std::all_of(x.begin(), x.end(),
                     [](double v) { return std::isfinite(v); });
}

std::optional<fault> find_problem(const char* what, std::span<const double> x,
                                  size_t size) {
  if (x.size() != size)
    return fault{std::string{what} + ": expected " + std::to_string(size)
                 + " values, found " + std::to_string(x.size())};
  if (!all_finite(x))
    return fault{std::string{what} + ": a value is not finite"};
  return std::nullopt;
}

class tft_forecaster final : public quantile_model {
public:
  tft_forecaster(const manifest& about, tft_description described,
                 std::span<const tensor_values> tensors)
    : columns_(std::move(described.columns)),
      targets_(std::move(described.targets)), scales_(about.scales),
      engine_(described.settings, tensors), series_(targets_.size()) {
    const auto& settings = described.settings;
    shape_ = {about.features,
              about.names.at("known"),
              static_cast<size_t>(settings.lookback),
              static_cast<size_t>(settings.horizon),
              settings.levels,
              about.names.at("series")};
    past_.resize(shape_.lookback * columns_.size());
    known_.resize(shape_.horizon * shape_.known.size());
  }

  const quantile_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<quantile_forecast> predict(const forecast_window& from) override {
    if (from.series >= series_.size())
      return fault{"series: expected one of " + std::to_string(series_.size())
                   + ", found number " + std::to_string(from.series)};
    if (auto problem = find_problem("past", from.past, past_.size()))
      return *problem;
    if (auto problem = find_problem("known", from.known, known_.size()))
      return *problem;
    scale(from);
    auto& series = series_[from.series];
    if (series.hidden.empty()) {
      auto code = static_cast<float>(from.series);
      series = engine_.read_series({&code, 1});
    }
    auto answer = engine_.forward(series, past_, known_);
    if (!all_finite(answer.quantiles))
      return fault{"forecast: a quantile is not finite"};
    auto result = read(answer, targets_[from.series]);
    if (!all_finite(result.quantiles) || !all_finite(result.importance))
      return fault{"forecast: a value is not finite"};
    return result;
  }

private:
  float scaled(double x, size_t column) const {
    const auto& scale = scales_[column];
    return static_cast<float>((x - scale.mean) / scale.deviation);
  }

  /// Brings the window into the order of the variables, known ones last.
  void scale(const forecast_window& from) {
    auto width = columns_.size();
    for (size_t row = 0; row < shape_.lookback; ++row)
      for (size_t i = 0; i < width; ++i)
        past_[row * width + i] = scaled(from.past[row * width + columns_[i]],
                                        columns_[i]);
    auto known = shape_.known.size();
    for (size_t row = 0; row < shape_.horizon; ++row)
      for (size_t i = 0; i < known; ++i)
        known_[row * known + i] = scaled(from.known[row * known + i],
                                         columns_[width - known + i]);
  }

  /// Levels that cross are sorted; what a column has in common over all steps
  /// is its importance.
  quantile_forecast read(const tft_answer& answer,
                         const column_scale& target) const {
    quantile_forecast result;
    auto levels = shape_.levels.size();
    for (auto x : answer.quantiles)
      result.quantiles.push_back(target.mean + target.deviation * x);
    for (size_t row = 0; row < shape_.horizon; ++row) {
      auto first = result.quantiles.begin()
                   + static_cast<std::ptrdiff_t>(row * levels);
      std::sort(first, first + static_cast<std::ptrdiff_t>(levels));
    }
    result.importance.resize(columns_.size());
    auto width = columns_.size();
    for (size_t row = 0; row < shape_.lookback; ++row)
      for (size_t i = 0; i < width; ++i)
        result.importance[columns_[i]] += answer.past_shares.row(row)[i];
    auto known = shape_.known.size();
    for (size_t row = 0; row < shape_.horizon; ++row)
      for (size_t i = 0; i < known; ++i)
        result.importance[columns_[width - known + i]]
          += answer.known_shares.row(row)[i];
    auto total = 0.0;
    for (auto x : result.importance)
      total += x;
    for (auto& x : result.importance)
      x /= total;
    return result;
  }

  quantile_model_shape shape_;
  std::vector<size_t> columns_;
  std::vector<column_scale> targets_;
  std::vector<column_scale> scales_;
  tft_engine engine_;
  // What each series says, read when it is asked for first.
  std::vector<tft_series> series_;
  std::vector<float> past_;
  std::vector<float> known_;
};

} // namespace

fallible<std::unique_ptr<quantile_model>> load_tft(const checkpoint& from) {
  auto described = read_tft_manifest(from.about);
  if (!described)
    return described.error();
  if (auto problem = check_tft_tensors(described->settings, from.tensors))
    return *problem;
  return std::unique_ptr<quantile_model>{std::make_unique<tft_forecaster>(
    from.about, std::move(*described), from.tensors)};
}

} // namespace qalpha
