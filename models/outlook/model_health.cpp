#include "models/outlook/model_health.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace qalpha {

namespace {

std::string figure(const char* format, double x) {
  std::array<char, 40> buffer;
  auto length = std::snprintf(buffer.data(), buffer.size(), format, x);
  return {buffer.data(), static_cast<size_t>(length)};
}

std::string name_of(const model_health& x) {
  return x.id + " " + std::to_string(x.version);
}

int64_t days_of(timespan x) {
  return std::chrono::duration_cast<std::chrono::days>(x).count();
}

/// Collects what is wrong with one model.
class judgement {
public:
  judgement(const model_health& x, const model_limits& limits)
    : x_(x), limits_(limits) {
    // nop
  }

  std::vector<model_finding> findings() {
    look_at_identity();
    look_at_answers();
    look_at_figures();
    return std::move(result_);
  }

private:
  void find(model_problem problem, const std::string& text) {
    result_.push_back({problem, name_of(x_) + " " + text});
  }

  void look_at_identity() {
    if (!x_.is_approved)
      find(model_problem::not_approved, "is not what was approved");
    if (!x_.has_schema)
      find(model_problem::wrong_schema,
           "reads features that this program does not compute");
  }

  void look_at_answers() {
    if (x_.was_not_finite)
      find(model_problem::not_finite,
           "answered with a value that is not finite");
    if (x_.silent_bars >= limits_.silent_bars)
      find(model_problem::silent,
           "gave no answer for " + std::to_string(x_.silent_bars)
             + " bars, the limit is " + std::to_string(limits_.silent_bars));
    if (x_.answer_ms.value > limits_.answer_ms)
      find(model_problem::slow, "takes " + figure("%.1f", *x_.answer_ms.value)
                                  + " ms (99 of 100 answers), the limit is "
                                  + figure("%g", limits_.answer_ms) + " ms");
  }

  void look_at_figures() {
    if (x_.drift.value >= limits_.drift)
      find(model_problem::drifted,
           "sees another market than in training: stability index of "
             + x_.drifted_column + " " + figure("%.2f", *x_.drift.value)
             + ", the limit is " + figure("%g", limits_.drift));
    auto is_off = x_.coverage.value
                  && (*x_.coverage.value < limits_.lowest_coverage
                      || *x_.coverage.value > limits_.highest_coverage);
    if (is_off)
      find(model_problem::uncalibrated,
           "is right about its band of 80 % in "
             + figure("%.1f", *x_.coverage.value * 100) + " % of cases, "
             + figure("%g", limits_.lowest_coverage * 100) + " to "
             + figure("%g", limits_.highest_coverage * 100) + " % are allowed");
    if (x_.disagreeing_in_a_row >= limits_.disagreeing_in_a_row)
      find(model_problem::disagreeing,
           "has disagreed for " + std::to_string(x_.disagreeing_in_a_row)
             + " decisions, by "
             + figure("%.2f", x_.disagreement.value.value_or(0)));
    auto age = x_.time - x_.trained_at;
    if (limits_.age > timespan{0} && age > limits_.age)
      find(model_problem::old, "was trained " + std::to_string(days_of(age))
                                 + " days ago, the limit is "
                                 + std::to_string(days_of(limits_.age)));
  }

  const model_health& x_;
  const model_limits& limits_;
  std::vector<model_finding> result_;
};

} // namespace

std::string_view to_string(model_problem x) noexcept {
  constexpr std::array<std::string_view, 9> names{
    "not_approved", "wrong_schema", "not_finite",  "silent", "slow",
    "drifted",      "uncalibrated", "disagreeing", "old"};
  return names[static_cast<size_t>(x)];
}

std::vector<model_finding> judge(const model_health& x,
                                 const model_limits& limits) {
  return judgement{x, limits}.findings();
}

} // namespace qalpha
