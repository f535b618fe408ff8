// Watches one model at work, for the Guardian.

#pragma once

#include "models/outlook/answer_times.hpp"
#include "models/outlook/coverage.hpp"
#include "models/outlook/drift.hpp"
#include "models/outlook/model_health.hpp"
#include "models/outlook/outlook.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qalpha {

/// Which model it is and what it was trained on.
struct model_identity {
  model_role role = model_role::forecaster;
  std::string id;
  uint32_t version = 0;
  utc_time trained_at;
  /// Names of the columns that it reads, and their values in training; no bins,
  /// no drift.
  std::vector<std::string> columns;
  std::vector<column_bins> bins;
  /// Of a forecaster.
  std::vector<double> levels;
};

/// Collects what is known of a model at work and reports it when the judgement
/// about it changes, and every now and then. Models whose hash or schema is
/// wrong are not loaded, so none of them is ever watched.
class model_watch {
public:
  /// Bars between two reports while nothing changes.
  static constexpr uint32_t report_every = 100;

  model_watch(model_identity who, size_t symbols);

  /// The model was shown a complete row.
  void saw(std::span<const double> row);

  void answered(symbol_id about) {
    silent_bars_[about.index] = 0;
    was_not_finite_ = false;
  }

  /// Warming up is no fault.
  void silent(symbol_id about, silence why);

  /// The next return has come for which these quantiles were forecast.
  void came(std::span<const double> quantiles, double outcome);

  /// The last answer took that long.
  void took(timespan time) {
    times_.add(time);
  }

  /// It was not asked about a bar: the answer would have been late. Whoever
  /// waits for answers says so, so this is no silence.
  void passed_over() {
    ++passed_over_;
  }

  /// A bar has been dealt with.
  /// @returns a report if there is something to report.
  std::optional<model_health> news(utc_time now);

private:
  model_health report(utc_time now) const;

  model_identity who_;
  std::optional<drift_monitor> drift_;
  std::optional<coverage_monitor> coverage_;
  answer_times times_;
  std::vector<uint32_t> silent_bars_;
  uint64_t passed_over_ = 0;
  bool was_not_finite_ = false;
  // Problems told last, one bit each, and the bars since.
  uint32_t told_ = 0;
  uint32_t bars_ = 0;
  bool first_ = true;
};

} // namespace qalpha
