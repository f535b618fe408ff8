// What the Guardian has to know about a model that trades.

#pragma once

#include "models/checkpoints/model_role.hpp"
#include "models/market/time.hpp"

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// A finite figure, or that there is none yet, which is not zero.
struct health_figure {
  std::optional<double> value;

  friend bool operator==(const health_figure&, const health_figure&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, health_figure& x) {
    auto is_known = x.value.has_value();
    auto number = x.value.value_or(0);
    auto load = [&]() -> caf::error {
      x.value = is_known ? std::optional{number} : std::nullopt;
      return caf::none;
    };
    return f(caf::meta::type_name("health_figure"), is_known, number,
             caf::meta::load_callback(load));
  }
};

/// Fact: how a model is doing. FORECASTER, REGIME DETECTOR, POLICY → WATCHDOG.
struct model_health {
  utc_time time;
  model_role role = model_role::forecaster;
  std::string id;
  uint32_t version = 0;
  /// It is to the byte what was approved.
  bool is_approved = false;
  /// It reads the features that this program computes.
  bool has_schema = false;
  utc_time trained_at;
  /// Of the column that drifted most: population stability index.
  health_figure drift;
  std::string drifted_column;
  /// Share of outcomes in the band of 80 %.
  health_figure coverage;
  /// Of forecast and policy, averaged, and for how many decisions it has been
  /// at its limit.
  health_figure disagreement;
  uint32_t disagreeing_in_a_row = 0;
  /// Milliseconds that 99 of 100 answers did not exceed.
  health_figure answer_ms;
  uint64_t answers = 0;
  /// Bars that it was not asked about, since the answer would have been late.
  uint64_t passed_over = 0;
  /// Bars in a row that closed without an answer.
  uint32_t silent_bars = 0;
  /// The last answer had a value that is not finite.
  bool was_not_finite = false;

  friend bool operator==(const model_health&, const model_health&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, model_health& x) {
    return f(caf::meta::type_name("model_health"), x.time, x.role, x.id,
             x.version, x.is_approved, x.has_schema, x.trained_at, x.drift,
             x.drifted_column, x.coverage, x.disagreement,
             x.disagreeing_in_a_row, x.answer_ms, x.answers, x.passed_over,
             x.silent_bars, x.was_not_finite);
  }
};

/// From where on a model may open no positions. The defaults are those of the
/// kill switch "model disagreement".
struct model_limits {
  double drift = 0.25;
  double lowest_coverage = 0.60;
  double highest_coverage = 0.95;
  /// Decisions in a row with too much disagreement.
  uint32_t disagreeing_in_a_row = 3;
  double answer_ms = 50;
  uint32_t silent_bars = 2;
  /// Zero: any age will do.
  timespan age{0};
};

/// What can be wrong with a model.
enum class model_problem : uint8_t {
  not_approved,
  wrong_schema,
  not_finite,
  silent,
  slow,
  drifted,
  uncalibrated,
  disagreeing,
  old,
};

/// @relates model_problem
std::string_view to_string(model_problem x) noexcept;

/// @returns whether it stays until a person has looked: whatever else is wrong
///          may pass by itself.
constexpr bool needs_person(model_problem x) noexcept {
  return x == model_problem::not_approved || x == model_problem::wrong_schema
         || x == model_problem::not_finite;
}

/// One problem with its value and limit, for people.
struct model_finding {
  model_problem problem;
  std::string text;

  friend bool operator==(const model_finding&, const model_finding&) = default;
};

/// @returns all that is wrong, worst first. What is not known yet is no
/// problem.
std::vector<model_finding> judge(const model_health& x,
                                 const model_limits& limits = {});

} // namespace qalpha
