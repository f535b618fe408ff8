// A checkpoint that is right, for tests to break.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/features/feature_plan.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace qalpha::test {

/// @param seed makes its weights differ
/// @param numbers of the larger tensor
inline checkpoint small_model(const std::string& id = "tft-btc",
                              uint64_t seed = 1, size_t numbers = 6) {
  checkpoint result;
  auto& about = result.about;
  about.id = id;
  about.architecture = "temporal-fusion-transformer";
  about.features.interval = std::chrono::hours{1};
  about.features.features = {{"sma", "fast", {}, {{"period", 20}}},
                             {"ema", "", {{"close", "fast"}}, {}},
                             {"wavelet_denoise", "", {}, {{"wavelet", 26}}}};
  auto plan = *feature_plan::make(about.features);
  about.schema_hash = plan.schema_hash;
  about.scales.assign(plan.columns.size(), {100.25, 0.1});
  std::vector<double> training;
  for (int i = 0; i < 100; ++i)
    training.push_back(i * 0.1);
  about.bins.assign(plan.columns.size(), *make_bins(training));
  about.settings = {{"hidden", 64}, {"dropout", 0.1}};
  about.lists = {{"levels", {0.1, 0.5, 0.9}}, {"none", {}}};
  about.names = {{"series", {"BTCUSDT", "ETHUSDT"}}};
  about.data_hash = "0123456789abcdef";
  about.data_begin_ms = 1'500'000'000'000;
  about.data_end_ms = 1'600'000'000'000;
  about.seed = UINT64_MAX;
  about.commit = "0a1b2c3";
  about.trained_at_ms = 1'700'000'000'000;
  about.metrics = {{"loss", 0.1234}, {"tiny", 1e-300}};
  result.tensors = {{"decoder.bias", {}, {static_cast<float>(seed)}},
                    {"encoder.weight", {1, static_cast<int64_t>(numbers)}, {}}};
  for (size_t i = 0; i < numbers; ++i)
    result.tensors[1].values.push_back(static_cast<float>(i + seed) * 0.37f);
  return result;
}

} // namespace qalpha::test
