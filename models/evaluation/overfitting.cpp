#include "models/evaluation/overfitting.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

namespace qalpha {

namespace {

constexpr size_t most_blocks = 20;

/// Sums of some periods of a trial, about the mean of all.
struct part_sums {
  double sum = 0;
  double squares = 0;

  part_sums& operator+=(const part_sums& other) {
    sum += other.sum;
    squares += other.squares;
    return *this;
  }
};

/// A trial, reduced to what every split needs.
struct reduced_trial {
  double centre = 0;
  std::vector<part_sums> blocks;
};

reduced_trial reduce(std::span<const double> returns, size_t blocks) {
  auto length = returns.size() / blocks;
  auto used = returns.last(length * blocks);
  reduced_trial result;
  result.centre = std::accumulate(used.begin(), used.end(), 0.0)
                  / static_cast<double>(used.size());
  result.blocks.resize(blocks);
  for (size_t i = 0; i < used.size(); ++i) {
    auto off = used[i] - result.centre;
    result.blocks[i / length] += {off, off * off};
  }
  return result;
}

/// @param count periods that are in the sums
double metric_of(const part_sums& sums, double centre, double count,
                 trial_metric which) {
  auto mean = centre + sums.sum / count;
  if (which == trial_metric::mean)
    return mean;
  auto variance = (sums.squares - sums.sum * sums.sum / count) / (count - 1);
  constexpr double no_variance = 1e-24;
  return variance < no_variance ? 0 : mean / std::sqrt(variance);
}

/// @returns the rank of one value, 1 for the least; equal ones share the mean.
double rank_of(size_t which, std::span<const double> values) {
  auto below = 0.0;
  auto equal = 0.0;
  for (auto x : values) {
    below += x < values[which] ? 1 : 0;
    equal += x == values[which] ? 1 : 0;
  }
  return below + (equal + 1) / 2;
}

/// Steps to the next choice in the order of dictionaries.
bool next_choice(std::vector<size_t>& chosen, size_t of) {
  auto count = chosen.size();
  for (auto i = count; i-- > 0;) {
    if (chosen[i] == of - count + i)
      continue;
    std::iota(chosen.begin() + static_cast<ptrdiff_t>(i), chosen.end(),
              chosen[i] + 1);
    return true;
  }
  return false;
}

/// The metrics of all trials in and out of sample.
class split_metrics {
public:
  split_metrics(const std::vector<reduced_trial>& trials, double half,
                trial_metric which)
    : trials_(&trials), half_(half), which_(which) {
    // nop
  }

  void measure(const std::vector<size_t>& chosen) {
    inside.clear();
    outside.clear();
    for (const auto& trial : *trials_) {
      part_sums in;
      part_sums out;
      for (size_t block = 0, next = 0; block < trial.blocks.size(); ++block) {
        auto is_in = next < chosen.size() && chosen[next] == block;
        next += is_in ? 1 : 0;
        (is_in ? in : out) += trial.blocks[block];
      }
      inside.push_back(metric_of(in, trial.centre, half_, which_));
      outside.push_back(metric_of(out, trial.centre, half_, which_));
    }
  }

  std::vector<double> inside;
  std::vector<double> outside;

private:
  const std::vector<reduced_trial>* trials_;
  double half_;
  trial_metric which_;
};

/// Fits a line through points.
void add_line(overfitting& to, std::span<const double> xs,
              std::span<const double> ys) {
  auto count = static_cast<double>(xs.size());
  auto mean_x = std::accumulate(xs.begin(), xs.end(), 0.0) / count;
  auto mean_y = std::accumulate(ys.begin(), ys.end(), 0.0) / count;
  auto both = 0.0;
  auto squares = 0.0;
  for (size_t i = 0; i < xs.size(); ++i) {
    both += (xs[i] - mean_x) * (ys[i] - mean_y);
    squares += (xs[i] - mean_x) * (xs[i] - mean_x);
  }
  if (squares <= 0) {
    to.slope = to.intercept = fault{"all splits are equal in sample"};
    return;
  }
  to.slope = both / squares;
  to.intercept = mean_y - *to.slope * mean_x;
}

std::optional<fault> check(std::span<const std::vector<double>> trials,
                           size_t blocks) {
  if (blocks < 2 || blocks > most_blocks || blocks % 2 != 0)
    return fault{"blocks: expected an even number from 2 to "
                 + std::to_string(most_blocks) + ", found "
                 + std::to_string(blocks)};
  if (trials.size() < 2)
    return fault{"trials: expected two or more, found "
                 + std::to_string(trials.size())};
  for (size_t i = 0; i < trials.size(); ++i)
    if (trials[i].size() != trials.front().size()
        || trials[i].size() < 2 * blocks)
      return fault{"trial " + std::to_string(i + 1)
                   + ": expected as many returns as in the first and two a "
                     "block, found "
                   + std::to_string(trials[i].size())};
  return std::nullopt;
}

} // namespace

fallible<overfitting>
cross_validate_trials(std::span<const std::vector<double>> trials,
                      const overfitting_settings& settings) {
  auto blocks = settings.blocks;
  if (auto wrong = check(trials, blocks))
    return *wrong;
  std::vector<reduced_trial> reduced;
  for (const auto& one : trials)
    reduced.push_back(reduce(one, blocks));
  auto half = trials.front().size() / blocks * (blocks / 2);
  split_metrics metrics{reduced, static_cast<double>(half), settings.metric};
  overfitting result;
  std::vector<double> inside;
  std::vector<double> outside;
  std::vector<size_t> choice(blocks / 2);
  std::iota(choice.begin(), choice.end(), size_t{0});
  do {
    metrics.measure(choice);
    auto best = static_cast<size_t>(std::ranges::max_element(metrics.inside)
                                    - metrics.inside.begin());
    auto share = rank_of(best, metrics.outside)
                 / static_cast<double>(trials.size() + 1);
    result.chosen.push_back(best);
    result.logits.push_back(std::log(share / (1 - share)));
    inside.push_back(metrics.inside[best]);
    outside.push_back(metrics.outside[best]);
  } while (next_choice(choice, blocks));
  auto splits = static_cast<double>(inside.size());
  auto share_of = [splits](const std::vector<double>& xs, auto rule) {
    return static_cast<double>(std::ranges::count_if(xs, rule)) / splits;
  };
  result.probability = share_of(result.logits, [](double x) { return x <= 0; });
  result.loss_probability = share_of(outside, [](double x) { return x < 0; });
  add_line(result, inside, outside);
  return result;
}

} // namespace qalpha
