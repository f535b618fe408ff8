// Bars that wait until a model has time for them.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace qalpha {

/// A bar that a model is to be asked about.
struct question {
  bar_closed closed;
  /// Absent if nothing was told about this bar.
  std::optional<bar_context_known> around;
  /// When it began to wait, which is not before the bar closed.
  std::chrono::steady_clock::time_point since;
};

/// First come, first served, and never more than one bar of a symbol: a younger
/// one takes the place of the older, whose answer nobody waits for any more.
/// However slow the model is, memory is bounded by the number of symbols.
class question_line {
public:
  explicit question_line(size_t symbols = 0);

  /// Takes what is known around the bar that follows.
  void expect(const bar_context_known& fact);

  /// @returns the question that was waiting in this place, if any.
  std::optional<question> put(const bar_closed& fact,
                              std::chrono::steady_clock::time_point now);

  /// @returns the question that comes next; nothing if none waits.
  std::optional<question> take();

  size_t size() const noexcept {
    return line_.size();
  }

private:
  std::vector<bar_context_known> expected_;
  // By symbol.
  std::vector<std::optional<question>> waiting_;
  // Those that wait.
  std::deque<symbol_id> line_;
};

} // namespace qalpha
