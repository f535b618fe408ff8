// The accidents of the demo market, as functions of the time since its start.

#pragma once

#include "models/market/time.hpp"

#include <cstdint>
#include <string_view>

namespace qalpha {

/// What goes wrong and when, counted from the start of each cycle.
struct demo_script {
  timespan cycle = std::chrono::minutes{30};

  /// The feed of `frozen_symbol` says nothing while its price goes on.
  std::string_view frozen_symbol = "SOLUSDT";
  timespan freeze_at = std::chrono::seconds{180};
  timespan freeze_for = std::chrono::seconds{20};

  /// The venue takes no commands and gives no answers; market data go on.
  timespan outage_at = std::chrono::seconds{420};
  timespan outage_for = std::chrono::seconds{15};

  /// `crashed_symbol` loses `crash_ppm`, then recovers all but `scar_ppm`,
  /// which fades by the end of `fade_for`. In millionths of the price.
  std::string_view crashed_symbol = "ETHUSDT";
  timespan crash_at = std::chrono::seconds{660};
  timespan crash_for = std::chrono::seconds{3};
  timespan recovery_for = std::chrono::seconds{60};
  timespan fade_for = std::chrono::minutes{5};
  int64_t crash_ppm = 60'000;
  int64_t scar_ppm = 10'000;

  /// @returns `true` if the time `elapsed` since the start lies within
  ///          `[at, at + length)` of its cycle; never before the start.
  constexpr bool within(timespan elapsed, timespan at, timespan length) const {
    if (elapsed.count() < 0)
      return false;
    auto phase = elapsed % cycle;
    return phase >= at && phase < at + length;
  }

  constexpr bool frozen(std::string_view symbol, timespan elapsed) const {
    return symbol == frozen_symbol && within(elapsed, freeze_at, freeze_for);
  }

  constexpr bool venue_down(timespan elapsed) const {
    return within(elapsed, outage_at, outage_for);
  }

  /// @returns `true` while the price falls and recovers: books are thin, trades
  ///          many.
  constexpr bool stressed(std::string_view symbol, timespan elapsed) const {
    return symbol == crashed_symbol
           && within(elapsed, crash_at, crash_for + recovery_for);
  }

  /// @returns how far the crash moves the price, in millionths; zero or less.
  constexpr int64_t shift_ppm(std::string_view symbol, timespan elapsed) const {
    auto length = crash_for + recovery_for + fade_for;
    if (symbol != crashed_symbol || !within(elapsed, crash_at, length))
      return 0;
    auto since = elapsed % cycle - crash_at;
    if (since < crash_for)
      return -blend(0, crash_ppm, since, crash_for);
    since -= crash_for;
    if (since < recovery_for)
      return -blend(crash_ppm, scar_ppm, since, recovery_for);
    return -blend(scar_ppm, 0, since - recovery_for, fade_for);
  }

private:
  static constexpr int64_t blend(int64_t from, int64_t to, timespan passed,
                                 timespan whole) {
    // In milliseconds: nanoseconds times millionths would overflow.
    auto ms = std::chrono::milliseconds{1};
    return from + (to - from) * (passed / ms) / (whole / ms);
  }
};

} // namespace qalpha
