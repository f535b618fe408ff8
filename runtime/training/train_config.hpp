// What is trained on what, from a JSON file.

#pragma once

#include "models/datasets/planted/planted_regimes.hpp"
#include "models/datasets/planted/planted_signal.hpp"
#include "models/machine/fallible.hpp"
#include "models/training/forecast/forecast_plan.hpp"
#include "models/training/policy/policy_plan.hpp"
#include "models/training/regimes/regime_plan.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

/// Kinds of models.
enum class model_kind { forecast, regime, policy };

/// @returns what the command line and the file call it.
/// @relates model_kind
constexpr std::string_view to_string(model_kind x) noexcept {
  switch (x) {
    case model_kind::forecast:
      return "tft";
    case model_kind::regime:
      return "regime";
    case model_kind::policy:
      return "decision-transformer";
  }
  return "unknown";
}

/// Where bars come from: exactly one of the three.
struct data_source {
  std::optional<planted_signal> signal;
  std::optional<planted_regimes> regimes;
  /// Instruments and their CSV files.
  std::vector<std::pair<std::string, std::string>> files;
};

/// One section of the file.
struct train_config {
  model_kind kind = model_kind::forecast;
  /// What the model is called where models are kept.
  std::string id;
  data_source data;
  std::chrono::milliseconds interval{0};
  uint64_t seed = 1;
  /// That of `kind`.
  forecast_plan forecast;
  regime_plan regimes;
  policy_plan policy;
  /// Of the section as it was written and of the seed: whether a training may
  /// go on.
  std::string fingerprint;
};

/// @param seed instead of that in the file, if there is one; it is also that of
///             a planted market
/// @returns a fault "FILE: SECTION.KEY: expected ..., found ...".
fallible<train_config> read_train_config(const std::string& path,
                                         model_kind kind,
                                         std::optional<uint64_t> seed);

/// The same for a text in place of a file.
fallible<train_config>
read_train_config_text(std::string_view text, const std::string& path,
                       model_kind kind, std::optional<uint64_t> seed);

} // namespace qalpha
