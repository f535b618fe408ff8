// What the models say about one bar of one symbol.

#pragma once

#include "models/checkpoints/model_role.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"
#include "models/outlook/regime_model.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Share of one column in an answer.
struct attribution {
  std::string column;
  /// 0 to 1.
  double share = 0;

  friend bool operator==(const attribution&, const attribution&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, attribution& x) {
    return f(caf::meta::type_name("attribution"), x.column, x.share);
  }
};

/// Fact: a distribution of the returns to come. FORECASTER → ALLOCATOR. Numbers
/// are finite: a model that has none says so with `model_silent`.
struct forecast_made {
  symbol_id symbol;
  /// Close of the bar that it was made at.
  utc_time time;
  /// Between 0 and 1, rising.
  std::vector<double> levels;
  /// One row for each bar ahead, of one log return a level, rising.
  std::vector<double> quantiles;
  /// The most important columns, largest share first.
  std::vector<attribution> because;

  friend bool operator==(const forecast_made&, const forecast_made&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, forecast_made& x) {
    return f(caf::meta::type_name("forecast_made"), x.symbol, x.time, x.levels,
             x.quantiles, x.because);
  }
};

/// Fact: the kind of market at the close of a bar. REGIME DETECTOR → ALLOCATOR.
struct regime_observed {
  symbol_id symbol;
  utc_time time;
  /// The one that is confirmed.
  regime current = regime::sideways;
  /// Of the bar alone, by `regime`, sum 1.
  std::array<double, regime_count> probabilities{};
  /// Above 1 nothing like it was seen in training.
  double novelty = 0;

  friend bool operator==(const regime_observed&, const regime_observed&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, regime_observed& x) {
    return f(caf::meta::type_name("regime_observed"), x.symbol, x.time,
             x.current, x.probabilities, x.novelty);
  }
};

/// Fact: what the trained policy would hold. POLICY → ALLOCATOR.
struct policy_advised {
  symbol_id symbol;
  utc_time time;
  /// Share of the allowed exposure, -1 to 1.
  double position = 0;
  /// How sure of it, 0 to 1.
  double size = 0;
  /// Distances from the price as fractions of it; zero: none wanted.
  double stop = 0;
  double take_profit = 0;

  friend bool operator==(const policy_advised&, const policy_advised&)
    = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, policy_advised& x) {
    return f(caf::meta::type_name("policy_advised"), x.symbol, x.time,
             x.position, x.size, x.stop, x.take_profit);
  }
};

/// @returns the place of a role in `model_roles`.
constexpr size_t place_of(model_role x) noexcept {
  return static_cast<size_t>(x);
}

/// Why a model has nothing to say about a bar.
enum class silence : uint8_t {
  /// Not enough bars yet.
  warming_up,
  /// A value that it reads is missing: behind a gap in the market, or wrong.
  dirty,
  /// The model failed or gave a number that is none.
  failed,
  /// It was not trained on this symbol.
  unknown_symbol,
  /// It is older than was allowed.
  too_old,
};

/// @relates silence
constexpr std::string_view to_string(silence x) noexcept {
  switch (x) {
    case silence::warming_up:
      return "warming up";
    case silence::dirty:
      return "input missing";
    case silence::failed:
      return "failed";
    case silence::unknown_symbol:
      return "unknown symbol";
    case silence::too_old:
      return "too old";
  }
  return "unknown";
}

/// Fact: a model has no answer for a bar. A MODEL → ALLOCATOR, so that nobody
/// waits for what does not come.
struct model_silent {
  symbol_id symbol;
  utc_time time;
  model_role who = model_role::forecaster;
  silence why = silence::warming_up;

  friend bool operator==(const model_silent&, const model_silent&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, model_silent& x) {
    return f(caf::meta::type_name("model_silent"), x.symbol, x.time, x.who,
             x.why);
  }
};

/// Models by role.
using model_roles = std::bitset<model_role_count>;

/// All that was said about one bar. What a model did not say is absent.
struct outlook {
  utc_time time;
  /// Who was asked.
  model_roles asked;
  std::optional<forecast_made> forecast;
  std::optional<regime_observed> market;
  std::optional<policy_advised> advice;
};

} // namespace qalpha
