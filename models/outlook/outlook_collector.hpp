// Gathers what the models say about one bar.

#pragma once

#include "models/outlook/outlook.hpp"

#include <array>
#include <cstdint>

namespace qalpha {

/// Answers about the last bar of one symbol.
///
///   closed ──begin──▶ open ──all have spoken, or their time is over──▶ closed
///
/// What is said about another bar, or after the end, is late: it is counted and
/// dropped. Who has said nothing by the end is absent.
class outlook_collector {
public:
  /// @param asked who is waited for
  /// @param patience from the close of the bar
  outlook_collector(model_roles asked, timespan patience)
    : asked_(asked), patience_(patience) {
    // nop
  }

  /// A bar has closed. Whatever was said before is void.
  /// @pre not open
  void begin(utc_time bar_close);

  /// @returns whether the bar waits for answers.
  bool open() const noexcept {
    return open_;
  }

  /// @returns whether all have spoken now.
  bool take(const forecast_made& answer);
  bool take(const regime_observed& answer);
  bool take(const policy_advised& answer);
  bool take(const model_silent& answer);

  /// @returns whether the time of the open bar is over.
  bool due(utc_time now) const noexcept {
    return open_ && now > said_.time + patience_;
  }

  /// Ends the bar. Whoever has not spoken counts as late.
  /// @returns what was said.
  /// @pre open
  outlook close();

  /// @returns answers that came late or not at all.
  uint64_t late(model_role who) const noexcept {
    return late_[place_of(who)];
  }

  /// @returns bars up to the last one that was closed without an answer in
  ///          time.
  uint32_t late_in_a_row(model_role who) const noexcept {
    return late_in_a_row_[place_of(who)];
  }

private:
  bool expects(model_role who, utc_time about);
  bool heard(model_role who);

  model_roles asked_;
  timespan patience_;
  bool open_ = false;
  outlook said_;
  model_roles spoken_;
  std::array<uint64_t, model_role_count> late_{};
  std::array<uint32_t, model_role_count> late_in_a_row_{};
};

} // namespace qalpha
