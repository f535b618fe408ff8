#include "models/outlook/model_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace qalpha {

namespace {

uint32_t bits_of(const std::vector<model_finding>& findings) {
  uint32_t result = 0;
  for (auto& x : findings)
    result |= uint32_t{1} << static_cast<uint32_t>(x.problem);
  return result;
}

} // namespace

model_watch::model_watch(model_identity who, size_t symbols)
  : who_(std::move(who)), silent_bars_(symbols) {
  if (!who_.bins.empty())
    drift_.emplace(who_.bins);
  if (!who_.levels.empty())
    coverage_.emplace(who_.levels);
}

void model_watch::saw(std::span<const double> row) {
  if (drift_)
    drift_->add(row);
}

void model_watch::silent(symbol_id about, silence why) {
  if (why != silence::warming_up)
    ++silent_bars_[about.index];
  was_not_finite_ = why == silence::failed;
}

void model_watch::came(std::span<const double> quantiles, double outcome) {
  if (coverage_)
    coverage_->add(quantiles, outcome);
}

std::optional<model_health> model_watch::news(utc_time now) {
  auto result = report(now);
  auto problems = bits_of(judge(result));
  ++bars_;
  if (!first_ && problems == told_ && bars_ < report_every)
    return std::nullopt;
  told_ = problems;
  bars_ = 0;
  first_ = false;
  return result;
}

model_health model_watch::report(utc_time now) const {
  model_health result{.time = now,
                      .role = who_.role,
                      .id = who_.id,
                      .version = who_.version,
                      .is_approved = true,
                      .has_schema = true,
                      .trained_at = who_.trained_at};
  if (auto worst = drift_ ? drift_->worst() : std::nullopt) {
    result.drift.value = worst->index;
    if (worst->column < who_.columns.size())
      result.drifted_column = who_.columns[worst->column];
  }
  constexpr double low = 0.1;
  constexpr double high = 0.9;
  if (coverage_)
    result.coverage.value = coverage_->between(low, high);
  using milliseconds = std::chrono::duration<double, std::milli>;
  if (auto time = times_.p99())
    result.answer_ms.value = milliseconds{*time}.count();
  result.answers = times_.answers();
  result.passed_over = passed_over_;
  result.silent_bars = *std::max_element(silent_bars_.begin(),
                                         silent_bars_.end());
  result.was_not_finite = was_not_finite_;
  return result;
}

} // namespace qalpha
