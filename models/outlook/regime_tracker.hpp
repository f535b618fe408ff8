// Which regime is confirmed.

#pragma once

#include "models/outlook/regime_model.hpp"

#include <cstddef>
#include <optional>

namespace qalpha {

/// Settings of `regime_tracker`.
struct regime_tracker_settings {
  /// Times that another regime has to be seen in a row.
  size_t confirmations = 3;
  /// Bars that have to pass between two switches, and one more.
  size_t dwell = 5;
};

/// Switches when the same other regime was seen often enough in a row and the
/// last switch is long enough ago; a bar of the present regime, or of a third,
/// begins the count anew (MATHS, section 3.3). The first bar is its regime.
class regime_tracker {
public:
  explicit regime_tracker(regime_tracker_settings settings = {})
    : settings_(settings) {
    // nop
  }

  /// Takes the regime of one more bar.
  /// @returns the one that is confirmed.
  regime update(regime seen) noexcept;

private:
  regime_tracker_settings settings_;
  std::optional<regime> current_;
  regime candidate_ = regime::sideways;
  size_t count_ = 0;
  size_t since_switch_ = 0;
};

} // namespace qalpha
