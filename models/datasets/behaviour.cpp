#include "models/datasets/behaviour.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

double log_return(std::span<const double> closes, size_t from, size_t to) {
  return std::log(closes[to] / closes[from]);
}

/// Deviation of one-bar returns up to `row`, so that positions of quiet and of
/// wild markets are alike.
double deviation_before(std::span<const double> closes, size_t row,
                        size_t lookback) {
  double squares = 0;
  for (size_t back = 0; back < lookback; ++back) {
    auto r = log_return(closes, row - back - 1, row - back);
    squares += r * r;
  }
  return std::sqrt(squares / static_cast<double>(lookback));
}

/// What a policy thinks of the bars to come.
struct opinion {
  double position = 0;
  /// 0 to 1.
  double conviction = 1;
};

/// How one trajectory turns opinions into actions.
struct style {
  double caution = 0;
  /// In deviations; zero: none.
  double stop = 0;
  double take_profit = 0;
};

/// @returns -1 to 1: a return among those of as many bars.
double strength_of(double moved, double deviation, size_t bars) {
  auto usual = deviation * std::sqrt(static_cast<double>(bars));
  return usual > 0 ? std::tanh(moved / usual) : 0;
}

opinion momentum_at(std::span<const double> closes, size_t row,
                    double deviation, size_t lookback) {
  auto moved = log_return(closes, row - lookback, row);
  auto strength = strength_of(moved, deviation, lookback);
  return {strength, std::abs(strength)};
}

opinion oracle_at(std::span<const double> closes, size_t row, double deviation,
                  const behaviour_settings& settings, seeded_random& random) {
  auto comes = log_return(closes, row, row + settings.foresight);
  auto side = comes > 0 ? 1.0 : -1.0;
  return {random.uniform() < settings.oracle_errors ? -side : side,
          std::abs(strength_of(comes, deviation, settings.foresight))};
}

opinion random_opinion(seeded_random& random) {
  auto position = 2 * random.uniform() - 1;
  return {position, random.uniform()};
}

style draw_style(const behaviour_settings& settings, seeded_random& random) {
  auto exit = [&](double share) {
    auto wanted = random.uniform() < share;
    auto reach = settings.farthest_exit - settings.nearest_exit;
    auto distance = settings.nearest_exit + reach * random.uniform();
    return wanted ? distance : 0;
  };
  auto caution = settings.caution * random.uniform();
  auto stop = exit(settings.stops);
  return {caution, stop, exit(settings.take_profits)};
}

policy_action act_on(const opinion& what, const style& how, double deviation) {
  return {.position = what.position,
          .size = 1 - how.caution * (1 - what.conviction),
          .stop = std::min(1.0, how.stop * deviation),
          .take_profit = std::min(1.0, how.take_profit * deviation)};
}

} // namespace

std::vector<policy_action>
actions_of(behaviour who, const behaviour_settings& settings,
           std::span<const double> closes, size_t first, size_t steps,
           seeded_random& random) {
  std::vector<policy_action> result;
  auto how = draw_style(settings, random);
  auto held = random_opinion(random);
  for (size_t i = 0; i < steps; ++i) {
    auto row = first + i;
    auto deviation = deviation_before(closes, row, settings.lookback);
    opinion what;
    switch (who) {
      case behaviour::momentum:
        what = momentum_at(closes, row, deviation, settings.lookback);
        break;
      case behaviour::mean_reversion:
        what = momentum_at(closes, row, deviation, settings.lookback);
        what.position = -what.position;
        break;
      case behaviour::buy_and_hold:
        what = {1, 1};
        break;
      case behaviour::random:
        if (random.uniform() < settings.restlessness)
          held = random_opinion(random);
        what = held;
        break;
      case behaviour::oracle:
        what = oracle_at(closes, row, deviation, settings, random);
        break;
    }
    result.push_back(act_on(what, how, deviation));
  }
  return result;
}

behaviour draw_behaviour(const behaviour_settings& settings,
                         seeded_random& random) {
  auto place = random.uniform();
  for (size_t i = 0; i + 1 < behaviour_count; ++i) {
    place -= settings.shares[i];
    if (place < 0)
      return static_cast<behaviour>(i);
  }
  return static_cast<behaviour>(behaviour_count - 1);
}

} // namespace qalpha
