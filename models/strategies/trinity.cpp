#include "models/strategies/trinity.hpp"

#include "models/execution/quantile_kelly.hpp"
#include "models/outlook/bar_in_ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace qalpha {

namespace {

constexpr double one_percent_bps = 100;

// Log return beyond which a forecast is none: a market that may be seven times
// what it was is one that the model has lost.
constexpr double largest_return = 2;

/// @returns "%+.2f" and the like of one number.
std::string number_text(const char* format, double x) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), format, x);
  return text.data();
}

std::string bps_text(double log_return) {
  return number_text("%+.0f", std::expm1(log_return) * 10'000);
}

/// The distribution that many bars ahead.
std::span<const double> row_of(const forecast_made& said, size_t ahead) {
  auto width = said.levels.size();
  auto rows = said.quantiles.size() / width;
  auto row = ahead == 0 ? rows : std::min(ahead, rows);
  return std::span{said.quantiles}.subspan((row - 1) * width, width);
}

std::string distribution_text(const forecast_made& said,
                              std::span<const double> row, size_t ahead) {
  auto rows = said.quantiles.size() / said.levels.size();
  auto low = number_text("%g", said.levels.front() * 100);
  auto high = number_text("%g", said.levels.back() * 100);
  return "in " + std::to_string(ahead == 0 ? rows : std::min(ahead, rows))
         + " bars q" + low + " " + bps_text(row.front()) + " q50 "
         + bps_text(row[row.size() / 2]) + " q" + high + " "
         + bps_text(row.back()) + " bp";
}

std::string because_text(const forecast_made& said) {
  std::string result;
  for (auto& x : said.because)
    result += (result.empty() ? "; by " : ", ") + x.column + " "
              + number_text("%.0f", x.share * 100) + " %";
  return result;
}

std::string distance_text(const char* name, double distance) {
  return name
         + (distance > 0 ? number_text("%.2f %%", distance * 100) : "none");
}

bool is_sound(const forecast_made& said) {
  auto believable = [](double x) { return std::abs(x) <= largest_return; };
  return !said.levels.empty() && !said.quantiles.empty()
         && said.quantiles.size() % said.levels.size() == 0
         && std::all_of(said.quantiles.begin(), said.quantiles.end(),
                        believable);
}

} // namespace

std::vector<feature_request> trinity::features() const {
  return {
    {"natr", "range", {}, {{"period", static_cast<double>(settings_.atr)}}}};
}

std::optional<exposure> trinity::on_bar(const bar& closed,
                                        std::span<const double> values) {
  range_ = values[0];
  auto prices = prices_of(closed);
  close_ = prices.close;
  if (auto exit = held_.pass(prices))
    exit_ = exit->stopped ? "stop" : "take profit";
  return std::nullopt;
}

std::optional<exposure> trinity::on_outlook(const outlook& said) {
  // Without a range there is no bound on the risk of a trade.
  if (!said.forecast || !is_sound(*said.forecast) || !(range_ > 0))
    return without_forecast();
  silent_bars_ = 0;
  auto& forecast = *said.forecast;
  auto row = row_of(forecast, settings_.ahead);
  std::vector<double> returns;
  for (auto x : row)
    returns.push_back(std::expm1(x));
  auto kelly = quantile_kelly(forecast.levels, returns,
                              {.round_trip_cost = settings_.cost});
  // NATR is in percent.
  auto bearable = settings_.trade_risk / (3 * range_ / 100);
  auto most = std::min(settings_.max_exposure, bearable);
  auto share = std::clamp(settings_.kelly_fraction * kelly.share, -most, most);
  auto market = of_market(said);
  auto advice = of_advice(said, share);
  auto percents = std::round(share * market.scale * advice.scale * 10'000
                             / one_percent_bps);
  auto kept = guard(static_cast<int32_t>(percents * one_percent_bps), advice);
  reason_ = "trinity: " + distribution_text(forecast, row, settings_.ahead)
            + ", Kelly " + number_text("%+.2f", kelly.share) + " taken "
            + number_text("%+.2f", share) + market.text + advice.text
            + exit_text() + because_text(forecast);
  return kept;
}

exposure trinity::guard(int32_t wanted, const weight& advice) {
  auto kept = held_.want(wanted, advice.stop, advice.take_profit, close_);
  return exposure{static_cast<int32_t>(kept)};
}

std::string trinity::exit_text() const {
  return held_.waits() ? ", left by its " + exit_ + " and waiting" : "";
}

std::optional<exposure> trinity::without_forecast() {
  if (++silent_bars_ < settings_.patience) {
    if (!held_.waits())
      return std::nullopt;
    reason_ = "trinity: no forecast" + exit_text();
    return exposure{0};
  }
  guard(0, {});
  reason_ = "trinity: no forecast for " + std::to_string(silent_bars_)
            + " bars, nothing is held without one";
  return exposure{0};
}

trinity::weight trinity::of_market(const outlook& said) const {
  if (!said.asked[place_of(model_role::regimes)])
    return {1, ""};
  auto scaled = [](double scale, std::string_view name) {
    return weight{scale,
                  ", " + std::string{name} + " x" + number_text("%.2f", scale)};
  };
  if (!said.market)
    return scaled(settings_.unknown, "regime unknown");
  if (!(said.market->novelty <= 1))
    return scaled(settings_.unknown, "market unlike training");
  auto name = to_string(said.market->current);
  switch (said.market->current) {
    case regime::bull:
    case regime::bear:
      return scaled(1, name);
    case regime::sideways:
      return scaled(settings_.sideways, name);
    case regime::high_volatility:
      return scaled(settings_.high_volatility, name);
  }
  return scaled(0, "regime invalid");
}

trinity::weight trinity::of_advice(const outlook& said, double share) const {
  if (!said.asked[place_of(model_role::policy)])
    return {1, ""};
  auto silent = !said.advice || !std::isfinite(said.advice->position)
                || !std::isfinite(said.advice->size);
  if (silent)
    return {settings_.without_policy,
            ", policy silent x"
              + number_text("%.2f", settings_.without_policy)};
  auto& advice = *said.advice;
  auto size = std::clamp(advice.size, 0.0, 1.0);
  auto other = std::clamp(advice.position, -1.0, 1.0);
  auto own = std::clamp(share / settings_.max_exposure, -1.0, 1.0);
  auto scale = own * other < 0 ? 0 : 1 - std::abs(own - other) / 2;
  return {scale * size,
          ", policy " + number_text("%+.2f", other) + " x"
            + number_text("%.2f", scale) + " size " + number_text("%.2f", size)
            + distance_text(" stop ", advice.stop)
            + distance_text(" take profit ", advice.take_profit),
          advice.stop, advice.take_profit};
}

fallible<std::unique_ptr<strategy>>
make_trinity(std::span<const double> values) {
  constexpr double basis_point = 1e-4;
  return std::unique_ptr<strategy>{std::make_unique<trinity>(
    trinity_settings{.ahead = static_cast<size_t>(values[0]),
                     .cost = values[1] * basis_point,
                     .kelly_fraction = values[2],
                     .max_exposure = values[3],
                     .trade_risk = values[4],
                     .atr = static_cast<size_t>(values[5]),
                     .sideways = values[6],
                     .high_volatility = values[7],
                     .unknown = values[8],
                     .without_policy = values[9],
                     .patience = static_cast<size_t>(values[10])})};
}

} // namespace qalpha
