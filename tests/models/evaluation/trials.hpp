// Trials to judge.

#pragma once

#include "tests/models/golden_files.hpp"

#include "models/evaluation/normal.hpp"
#include "models/simulation/random_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace qalpha::test {

/// With all of the tails, other than `normal_q16`.
inline double normal_of(random_stream& random) {
  auto uniform = (static_cast<double>(random.next() >> 11) + 0.5) * 0x1p-53;
  return normal_quantile(uniform);
}

/// @returns the returns of all trials of a case of overfitting.json.
inline std::vector<std::vector<double>>
golden_trials(const rapidjson::Value& entry) {
  auto file = "backtest/" + std::string{entry["file"].GetString()};
  std::vector<std::vector<double>> result;
  for (unsigned i = 0; i < entry["N"].GetUint(); ++i)
    result.push_back(golden_numbers(file, "s" + std::to_string(i)));
  return result;
}

/// @returns trials that are worth nothing.
inline std::vector<std::vector<double>>
random_trials(uint64_t seed, size_t trials, size_t periods) {
  random_stream random{seed, 0};
  std::vector<std::vector<double>> result(trials);
  for (auto& one : result)
    for (size_t t = 0; t < periods; ++t)
      one.push_back(0.01 * normal_of(random));
  return result;
}

} // namespace qalpha::test
