#include "models/datasets/trajectories.hpp"

#include "models/training/returns.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qalpha {

namespace {

// Rows behind the last step whose closes are used.
size_t rows_behind(const trajectory_settings& settings) {
  return std::max<size_t>(1, settings.behaviours.foresight);
}

/// @returns whether a row and those that its players look at follow each other.
bool follows(const training_set& set, size_t series, size_t row) {
  const auto& times = set.series()[series].times;
  return times[row] - times[row - 1]
         == static_cast<double>(set.plan().interval.count());
}

/// @returns whether the prices of a row are those of a bar.
bool has_bar(const training_set& set, size_t series, size_t row) {
  auto x = prices_at(set.series()[series], row);
  return x.low > 0 && x.low <= std::min(x.open, x.close)
         && x.high >= std::max(x.open, x.close) && std::isfinite(x.high);
}

} // namespace

std::optional<fault> check(const trajectory_settings& settings) {
  const auto& x = settings.behaviours;
  if (settings.episode < 2 || settings.episode > 100'000)
    return fault{"episode: expected 2 to 100000"};
  if (!(settings.cost >= 0 && settings.cost <= 0.1))
    return fault{"cost: expected 0 to 0.1"};
  if (settings.players == 0 || settings.players > 1'000)
    return fault{"players: expected 1 to 1000"};
  if (x.lookback == 0 || x.foresight == 0)
    return fault{"lookback, foresight: expected at least 1"};
  if (!(x.oracle_errors >= 0 && x.oracle_errors <= 1)
      || !(x.restlessness >= 0 && x.restlessness <= 1))
    return fault{"oracle_errors, restlessness: expected 0 to 1"};
  auto is_share = [](double share) { return share >= 0 && share <= 1; };
  if (!is_share(x.caution) || !is_share(x.stops) || !is_share(x.take_profits))
    return fault{"caution, stops, take_profits: expected 0 to 1"};
  if (!(x.nearest_exit > 0 && x.nearest_exit <= x.farthest_exit
        && x.farthest_exit <= 1'000))
    return fault{"nearest_exit, farthest_exit: expected numbers above 0 and up "
                 "to 1000, the nearest one first"};
  auto sum = std::accumulate(x.shares.begin(), x.shares.end(), 0.0);
  auto negative = [](double share) { return !(share >= 0); };
  if (std::any_of(x.shares.begin(), x.shares.end(), negative)
      || std::abs(sum - 1) > 1e-9)
    return fault{"shares: expected shares of policies that add up to 1"};
  if (x.shares[static_cast<size_t>(behaviour::oracle)] > 0.1)
    return fault{"shares.oracle: expected at most 0.1, since it knows the "
                 "future"};
  return std::nullopt;
}

std::vector<episode_place> cut_episodes(const training_set& set,
                                        const trajectory_settings& settings) {
  std::vector<episode_place> result;
  auto before = settings.behaviours.lookback;
  auto behind = rows_behind(settings);
  for (size_t series = 0; series < set.series().size(); ++series) {
    auto rows = set.series()[series].times.size();
    std::vector<bool> usable(rows);
    for (auto window : set.windows())
      if (window.series == series)
        usable[window.row] = true;
    // Rows in a run whose prices players may use, and how many of them have
    // states.
    size_t run = 0;
    size_t states = 0;
    for (size_t row = 0; row < rows; ++row) {
      auto whole = has_bar(set, series, row)
                   && (run == 0 || follows(set, series, row));
      run = whole ? run + 1 : (has_bar(set, series, row) ? 1 : 0);
      states = usable[row] && run > before ? states + 1 : 0;
      if (states < settings.episode)
        continue;
      auto last = row + behind;
      auto complete = last < rows;
      for (auto next = row + 1; complete && next <= last; ++next)
        complete = has_bar(set, series, next) && follows(set, series, next);
      if (!complete)
        continue;
      result.push_back({series, row + 1 - settings.episode});
      states = 0;
    }
  }
  std::stable_sort(result.begin(), result.end(), [&](auto x, auto y) {
    return set.series()[x.series].times[x.first]
           < set.series()[y.series].times[y.first];
  });
  return result;
}

std::vector<sample_span> spans_of(const training_set& set,
                                  const std::vector<episode_place>& places,
                                  const trajectory_settings& settings) {
  std::vector<sample_span> result;
  for (auto place : places) {
    const auto& times = set.series()[place.series].times;
    auto last = place.first + settings.episode - 1 + rows_behind(settings);
    result.push_back({static_cast<int64_t>(times[place.first]),
                      static_cast<int64_t>(times[last])});
  }
  return result;
}

bar_prices prices_at(const training_series& series, size_t row) {
  return {series.opens[row], series.highs[row], series.lows[row],
          series.closes[row]};
}

std::vector<double> rewards_of(std::span<const policy_action> actions,
                               const training_series& series, size_t first,
                               double cost) {
  std::vector<double> result;
  guarded_position held;
  for (size_t i = 0; i < actions.size(); ++i)
    result.push_back(play_bar(held, actions[i], series.closes[first + i],
                              prices_at(series, first + i + 1), cost));
  return result;
}

std::vector<trajectory>
play_episodes(const training_set& set, const std::vector<episode_place>& places,
              const trajectory_settings& settings, uint64_t seed) {
  std::vector<trajectory> result;
  for (auto place : places) {
    const auto& series = set.series()[place.series];
    seeded_random random{seed, (place.series << 40) + place.first};
    for (size_t i = 0; i < settings.players; ++i) {
      trajectory one;
      one.place = place;
      one.who = draw_behaviour(settings.behaviours, random);
      one.actions = actions_of(one.who, settings.behaviours, series.closes,
                               place.first, settings.episode, random);
      one.rewards = rewards_of(one.actions, series, place.first, settings.cost);
      one.returns_to_go = returns_to_go(one.rewards);
      result.push_back(std::move(one));
    }
  }
  return result;
}

double return_quantile(const std::vector<trajectory>& all, double share) {
  std::vector<double> totals;
  for (const auto& one : all)
    totals.push_back(one.total());
  std::sort(totals.begin(), totals.end());
  auto place = share * static_cast<double>(totals.size() - 1);
  return totals[static_cast<size_t>(place)];
}

} // namespace qalpha
