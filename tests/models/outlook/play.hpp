// Bars, models that answer as told, and what machines said about them.

#pragma once

#include "models/outlook/forecaster.hpp"
#include "models/outlook/policy.hpp"

#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace qalpha::test {

inline constexpr auto minute = std::chrono::minutes{1};

/// @returns instruments S0, S1, ... whose price is one a tick.
inline universe instruments_of(size_t count) {
  universe result;
  for (uint16_t i = 0; i < count; ++i)
    result.push_back(*instrument::make({i}, {.name = "S" + std::to_string(i),
                                             .tick_e8 = 100'000'000,
                                             .lot_e8 = 100'000'000}));
  return result;
}

/// @returns the bar that closes that many minutes after 1970.
inline bar bar_at(int64_t minutes, int64_t ticks) {
  auto close = utc_time{} + minute * minutes;
  return {close - minute, close, {ticks}, {ticks}, {ticks}, {ticks}, {1}};
}

inline bar_closed closed_at(int64_t minutes, int64_t ticks,
                            uint16_t symbol = 0) {
  return {{symbol}, bar_at(minutes, ticks)};
}

/// One source an instrument.
inline std::vector<std::unique_ptr<feature_source>>
sources_of(const feature_spec& spec, const universe& instruments) {
  std::vector<std::unique_ptr<feature_source>> result;
  auto plan = *feature_plan::make(spec);
  for (auto& rules : instruments)
    result.push_back(stream_features(plan, rules));
  return result;
}

/// Keeps what it was asked.
struct asked_forecast {
  std::vector<double> past;
  std::vector<double> known;
  size_t series;
};

/// Answers with the rows it has, or fails while there are none.
class quantile_puppet final : public quantile_model {
public:
  quantile_puppet(quantile_model_shape shape, quantile_forecast answer,
                  std::vector<asked_forecast>& asked)
    : shape_(std::move(shape)), answer_(std::move(answer)), asked_(&asked) {
    // nop
  }

  const quantile_model_shape& shape() const noexcept override {
    return shape_;
  }

  fallible<quantile_forecast> predict(const forecast_window& from) override {
    asked_->push_back({{from.past.begin(), from.past.end()},
                       {from.known.begin(), from.known.end()},
                       from.series});
    if (answer_.quantiles.empty())
      return fault{"no answer"};
    return answer_;
  }

private:
  quantile_model_shape shape_;
  quantile_forecast answer_;
  std::vector<asked_forecast>* asked_;
};

struct heard : forecaster::effects {
  std::vector<forecast_made> forecasts;
  std::vector<model_health> reports;

  void tell(const model_health& x) override {
    reports.push_back(x);
  }

  std::vector<model_silent> silences;

  void tell(const forecast_made& x) override {
    forecasts.push_back(x);
  }

  void tell(const model_silent& x) override {
    silences.push_back(x);
  }
};

struct heard_advice : policy::effects {
  std::vector<model_health> reports;

  void tell(const model_health& x) override {
    reports.push_back(x);
  }

  std::vector<policy_advised> advices;
  std::vector<model_silent> silences;

  void tell(const policy_advised& x) override {
    advices.push_back(x);
  }

  void tell(const model_silent& x) override {
    silences.push_back(x);
  }
};

} // namespace qalpha::test
