#include "models/outlook/regime_tracker.hpp"

namespace qalpha {

regime regime_tracker::update(regime seen) noexcept {
  if (!current_) {
    current_ = seen;
    return seen;
  }
  ++since_switch_;
  if (seen == *current_) {
    count_ = 0;
    return *current_;
  }
  count_ = count_ > 0 && seen == candidate_ ? count_ + 1 : 1;
  candidate_ = seen;
  if (count_ >= settings_.confirmations && since_switch_ > settings_.dwell) {
    current_ = seen;
    count_ = since_switch_ = 0;
  }
  return *current_;
}

} // namespace qalpha
