// How far a training is, on a terminal or in a log.

#pragma once

#include "runtime/training/train_observer.hpp"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>

namespace qalpha {

/// Draws a bar with rate and remaining time over itself on a terminal, and
/// writes one line an epoch otherwise. The remaining time is that to the last
/// epoch: a training may end before.
class train_progress final : public train_observer {
public:
  using clock = std::chrono::steady_clock;

  /// @param out outlives the object
  /// @param now is asked for the time; tests pass their own
  train_progress(std::ostream& out, bool terminal,
                 std::function<clock::time_point()> now = clock::now);

  /// Leaves an empty line.
  ~train_progress() override;

  void on_begin(const training_length& length, uint64_t step) override;
  void on_step(const step_report& report) override;
  void on_epoch(const step_report& report, training_job& job) override;

private:
  double seconds() const;
  std::string rate_text(uint64_t step) const;
  void draw(const step_report& report);

  std::ostream& out_;
  bool terminal_;
  std::function<clock::time_point()> now_;
  clock::time_point start_;
  clock::time_point drawn_;
  training_length length_;
  uint64_t first_ = 0;
  std::optional<double> validation_;
};

} // namespace qalpha
