#include "models/evaluation/predictive_ability.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>

namespace qalpha {

namespace {

/// What counts of one model, whatever the repetition.
struct model_summary {
  double mean = 0;
  /// Of √n × mean.
  double deviation = 0;
  /// Means that the repetitions are centred on: lower, consistent, upper.
  std::array<double, 3> centres{};
};

/// The variance that the bootstrap gives to √n × mean, in closed form.
double bootstrap_variance(std::span<const double> xs, double mean,
                          double block) {
  auto count = static_cast<double>(xs.size());
  auto covariance = [&](size_t distance) {
    auto sum = 0.0;
    for (auto t = distance; t < xs.size(); ++t)
      sum += (xs[t] - mean) * (xs[t - distance] - mean);
    return sum / count;
  };
  auto result = covariance(0);
  auto go_on = 1 - 1 / block;
  for (size_t i = 1; i < xs.size(); ++i) {
    auto share = static_cast<double>(i) / count;
    auto steps = static_cast<double>(i);
    result += 2 * covariance(i)
              * ((1 - share) * std::pow(go_on, steps)
                 + share * std::pow(go_on, count - steps));
  }
  return std::max(result, 0.0);
}

model_summary summarise(std::span<const double> xs, double block) {
  auto count = static_cast<double>(xs.size());
  model_summary result;
  result.mean = std::accumulate(xs.begin(), xs.end(), 0.0) / count;
  auto variance = bootstrap_variance(xs, result.mean, block);
  result.deviation = std::sqrt(variance);
  auto worst = -std::sqrt(variance / count * 2 * std::log(std::log(count)));
  result.centres = {std::max(result.mean, 0.0),
                    result.mean >= worst ? result.mean : 0.0, result.mean};
  return result;
}

/// How often repetitions were better than the models themselves.
class exceedance {
public:
  explicit exceedance(double reached) : reached_(reached) {
    // nop
  }

  void add(const std::array<double, 3>& most) {
    for (size_t i = 0; i < most.size(); ++i)
      above_[i] += most[i] > reached_ ? 1 : 0;
    ++count_;
  }

  ability_probability shares() const {
    auto count = static_cast<double>(count_);
    return {above_[0] / count, above_[1] / count, above_[2] / count};
  }

private:
  double reached_;
  std::array<double, 3> above_{};
  size_t count_ = 0;
};

constexpr auto least = -std::numeric_limits<double>::infinity();

/// A model that never differs from the benchmark says nothing.
double in_deviations(double mean, const model_summary& of) {
  return of.deviation > 0 ? mean / of.deviation : 0;
}

std::optional<fault> check(std::span<const std::vector<double>> advantages,
                           std::span<const std::vector<size_t>> samples,
                           double block) {
  if (advantages.empty() || samples.empty() || !(block >= 1))
    return fault{"expected models, repetitions and blocks of one row or more"};
  auto count = advantages.front().size();
  if (count < 3)
    return fault{"rows: expected three or more, found "
                 + std::to_string(count)};
  for (const auto& one : advantages)
    if (one.size() != count)
      return fault{"rows: expected " + std::to_string(count)
                   + " of each model, found " + std::to_string(one.size())};
  for (const auto& rows : samples)
    for (auto row : rows)
      if (rows.size() != count || row >= count)
        return fault{"repetitions: expected " + std::to_string(count)
                     + " rows of the models each"};
  return std::nullopt;
}

} // namespace

std::vector<size_t> stationary_rows(size_t count, double block,
                                    random_stream& random) {
  auto uniform = [&] {
    return static_cast<double>(random.next() >> 11) * 0x1p-53;
  };
  std::vector<size_t> result;
  result.reserve(count);
  while (result.size() < count) {
    if (result.empty() || uniform() < 1 / block)
      result.push_back(
        static_cast<size_t>(random.below(static_cast<int64_t>(count))));
    else
      result.push_back((result.back() + 1) % count);
  }
  return result;
}

fallible<superior_ability>
test_superior_ability(std::span<const std::vector<double>> advantages,
                      std::span<const std::vector<size_t>> samples,
                      double block) {
  if (auto wrong = check(advantages, samples, block))
    return *wrong;
  std::vector<model_summary> models;
  auto best = least;
  auto best_in_deviations = least;
  for (const auto& one : advantages) {
    models.push_back(summarise(one, block));
    auto& now = models.back();
    best = std::max(best, now.mean);
    best_in_deviations = std::max(best_in_deviations,
                                  in_deviations(now.mean, now));
  }
  exceedance plain{best};
  exceedance studentised{best_in_deviations};
  auto count = static_cast<double>(advantages.front().size());
  for (const auto& rows : samples) {
    std::array<double, 3> most{least, least, least};
    auto most_in_deviations = most;
    for (size_t k = 0; k < models.size(); ++k) {
      auto sum = 0.0;
      for (auto row : rows)
        sum += advantages[k][row];
      for (size_t i = 0; i < most.size(); ++i) {
        auto off = sum / count - models[k].centres[i];
        most[i] = std::max(most[i], off);
        most_in_deviations[i] = std::max(most_in_deviations[i],
                                         in_deviations(off, models[k]));
      }
    }
    plain.add(most);
    studentised.add(most_in_deviations);
  }
  return superior_ability{plain.shares(), studentised.shares()};
}

} // namespace qalpha
