#include "models/strategies/donchian_breakout.hpp"

#include <algorithm>

namespace qalpha {

donchian_breakout::donchian_breakout(size_t entry, size_t exit, bool with_short)
  : entry_(entry), exit_(exit), with_short_(with_short),
    warm_up_(std::max(entry, exit) + 1), entry_high_(entry), entry_low_(entry),
    exit_high_(exit), exit_low_(exit) {
  // nop
}

std::optional<exposure> donchian_breakout::on_bar(const bar& closed) {
  auto ready = ++seen_ >= warm_up_;
  if (ready)
    decide(closed.close.ticks);
  // A channel nobody looks at is not kept.
  entry_high_.push(closed.high.ticks);
  exit_low_.push(closed.low.ticks);
  if (with_short_) {
    entry_low_.push(closed.low.ticks);
    exit_high_.push(closed.high.ticks);
  }
  if (!ready)
    return std::nullopt;
  return full_exposure(stance_);
}

void donchian_breakout::decide(int64_t close) noexcept {
  auto is_short = stance_ == stance::short_side;
  close_ = close;
  upper_ = is_short ? exit_high_.best() : entry_high_.best();
  lower_ = with_short_ && stance_ != stance::long_side ? entry_low_.best()
                                                       : exit_low_.best();
  if (close > entry_high_.best())
    stance_ = stance::long_side;
  else if (with_short_ && close < entry_low_.best())
    stance_ = stance::short_side;
  else if (stance_ == stance::long_side && close < exit_low_.best())
    stance_ = stance::flat;
  else if (is_short && close > exit_high_.best())
    stance_ = stance::flat;
}

std::string donchian_breakout::reason() const {
  if (seen_ < warm_up_)
    return "donchian_breakout: " + std::to_string(seen_) + " of "
           + std::to_string(warm_up_) + " bars";
  return "donchian_breakout: close " + std::to_string(close_) + ", channel "
         + std::to_string(lower_) + " to " + std::to_string(upper_) + " ticks ("
         + std::to_string(entry_) + "/" + std::to_string(exit_) + ")";
}

fallible<std::unique_ptr<strategy>>
make_donchian_breakout(std::span<const double> values) {
  return std::unique_ptr<strategy>{std::make_unique<donchian_breakout>(
    static_cast<size_t>(values[0]), static_cast<size_t>(values[1]),
    values[2] == 1)};
}

} // namespace qalpha
