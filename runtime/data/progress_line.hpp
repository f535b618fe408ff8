// How far a download is, on a terminal or in a log.

#pragma once

#include "runtime/data/history_fetch.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>

namespace qalpha {

/// Draws a bar with rate and remaining time over itself on a terminal, and
/// writes one line a finished step otherwise.
class progress_line final : public fetch_observer {
public:
  using clock = std::chrono::steady_clock;

  /// @param out outlives the object
  /// @param now is asked for the time; tests pass their own
  progress_line(std::ostream& out, bool terminal,
                std::function<clock::time_point()> now = clock::now);

  /// Leaves an empty line.
  ~progress_line() override;

  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void on_plan(size_t steps) override;
  void on_step(const std::string& what) override;
  void on_bytes(http_progress progress) override;
  void on_done(const std::string& how) override;

private:
  void draw();
  double done_share() const;

  std::ostream& out_;
  bool terminal_;
  std::function<clock::time_point()> now_;
  clock::time_point start_;
  clock::time_point drawn_;
  size_t done_ = 0;
  size_t ahead_ = 1;
  std::string step_;
  // Of the current step, and of those before it, without what was here.
  http_progress current_;
  uint64_t first_received_ = 0;
  bool receives_ = false;
  uint64_t bytes_ = 0;
};

} // namespace qalpha
