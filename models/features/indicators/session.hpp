// Where a session begins.

#pragma once

#include "models/features/block/tape.hpp"

#include <cmath>

namespace qalpha {

/// Cuts rows into sessions of equal length since 1970, UTC. A bar belongs to
/// the session in which it opens, so that one which closes at midnight is the
/// last of its day.
class session_clock {
public:
  /// @param length in milliseconds
  /// @param most_rows in a session; more are a mistake, and undefined
  session_clock(tape& memory, double length, size_t most_rows)
    : length_(length), most_rows_(static_cast<double>(most_rows)),
      end_(memory.add(1)), rows_(memory.add(1)) {
    // nop
  }

  /// Calls `begin(i)` for the first row of a session, `go_on(i)` for others and
  /// `give_up(i)` for those that are too many.
  template <class Rows, class Begin, class GoOn, class GiveUp>
  QALPHA_INLINE void run(const Rows& now, const double* time, Begin begin,
                         GoOn go_on, GiveUp give_up) const {
    auto end = end_[static_cast<ptrdiff_t>(now.at) - 1];
    auto rows = rows_[static_cast<ptrdiff_t>(now.at) - 1];
    for (size_t i = 0; i < now.count; ++i) {
      if ((Rows::warming && now.seen == 0) || time[i] > end) {
        // Ends included: the close of the last bar is the end.
        end = std::ceil(time[i] / length_) * length_;
        rows = 1;
        begin(i);
      } else if (++rows > most_rows_) {
        give_up(i);
      } else {
        go_on(i);
      }
    }
    end_[now.at + now.count - 1] = end;
    rows_[now.at + now.count - 1] = rows;
  }

private:
  double length_;
  double most_rows_;
  double* end_;
  double* rows_;
};

/// Rows that a session can have.
inline size_t rows_of_session(double session_minutes, double bar_minutes) {
  return static_cast<size_t>(std::ceil(session_minutes / bar_minutes));
}

inline constexpr double milliseconds_per_minute = 60'000;

} // namespace qalpha
