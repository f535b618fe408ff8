#include "models/strategies/sma_cross.hpp"

#include "models/strategies/ticks_text.hpp"

#include <bit>

namespace qalpha {

sma_cross::sma_cross(size_t fast, size_t slow, stance otherwise)
  : fast_(fast), slow_(slow), otherwise_(otherwise),
    closes_(std::bit_ceil(slow)), mask_(closes_.size() - 1) {
  // nop
}

std::optional<exposure> sma_cross::on_bar(const bar& closed) {
  return opinion_of(decide(closed.close.ticks));
}

stance sma_cross::decide(int64_t close) noexcept {
  // The oldest close of the slow window may sit in the slot of the new one:
  // read both before writing.
  fast_sum_ += close - closes_[(seen_ - fast_) & mask_];
  slow_sum_ += close - closes_[(seen_ - slow_) & mask_];
  closes_[seen_ & mask_] = close;
  if (++seen_ < slow_)
    return stance::undecided;
  // fast_sum / fast > slow_sum / slow without dividing.
  auto above = static_cast<__int128>(fast_sum_) * static_cast<int64_t>(slow_)
               > static_cast<__int128>(slow_sum_) * static_cast<int64_t>(fast_);
  return above ? stance::long_side : otherwise_;
}

std::string sma_cross::reason() const {
  if (seen_ < slow_)
    return "sma_cross: " + std::to_string(seen_) + " of "
           + std::to_string(slow_) + " bars";
  return "sma_cross: SMA" + std::to_string(fast_) + " "
         + mean_text(fast_sum_, fast_) + ", SMA" + std::to_string(slow_) + " "
         + mean_text(slow_sum_, slow_) + " ticks";
}

fallible<std::unique_ptr<strategy>>
make_sma_cross(std::span<const double> values) {
  auto fast = static_cast<size_t>(values[0]);
  auto slow = static_cast<size_t>(values[1]);
  if (fast >= slow)
    return fault{"sma_cross: fast must be less than slow, was "
                 + std::to_string(fast) + " and " + std::to_string(slow)};
  auto otherwise = values[2] == 1 ? stance::short_side : stance::flat;
  return std::unique_ptr<strategy>{
    std::make_unique<sma_cross>(fast, slow, otherwise)};
}

} // namespace qalpha
