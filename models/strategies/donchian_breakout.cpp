#include "models/strategies/donchian_breakout.hpp"

#include <algorithm>

namespace qalpha {

donchian_breakout::donchian_breakout(size_t entry, size_t exit, bool with_short)
  : entry_(entry), exit_(exit), with_short_(with_short),
    warm_up_(std::max(entry, exit) + 1), highs_(entry, exit),
    lows_(entry, exit) {
  // nop
}

std::optional<exposure> donchian_breakout::on_bar(const bar& closed,
                                                  std::span<const double>) {
  auto ready = ++seen_ >= warm_up_;
  if (ready)
    decide(closed.close.ticks);
  highs_.push(closed.high.ticks);
  lows_.push(closed.low.ticks);
  return opinion_of(ready ? stance_ : stance::undecided);
}

void donchian_breakout::decide(int64_t close) noexcept {
  auto is_long = stance_ == stance::long_side;
  auto is_short = stance_ == stance::short_side;
  close_ = close;
  upper_ = is_short ? highs_.inner() : highs_.outer();
  lower_ = with_short_ && !is_long ? lows_.outer() : lows_.inner();
  if (close > highs_.outer())
    stance_ = stance::long_side;
  else if (with_short_ && close < lows_.outer())
    stance_ = stance::short_side;
  else if ((is_long && close < lows_.inner())
           || (is_short && close > highs_.inner()))
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
