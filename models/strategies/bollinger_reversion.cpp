#include "models/strategies/bollinger_reversion.hpp"

#include "models/strategies/ticks_text.hpp"

#include <bit>
#include <cmath>

namespace qalpha {

namespace {

__int128 square(int64_t x) noexcept {
  return static_cast<__int128>(x) * x;
}

/// Rounds once. Narrow values, nearly all, take one instruction.
double rounded(__int128 x) noexcept {
  auto narrow = static_cast<int64_t>(x);
  return narrow == x ? static_cast<double>(narrow) : static_cast<double>(x);
}

} // namespace

bollinger_reversion::bollinger_reversion(size_t window, double deviations,
                                         bool with_short)
  : window_(window), squared_deviations_(deviations * deviations),
    with_short_(with_short), closes_(std::bit_ceil(window)),
    mask_(closes_.size() - 1) {
  // nop
}

std::optional<exposure> bollinger_reversion::on_bar(const bar& closed,
                                                    std::span<const double>) {
  return opinion_of(decide(closed.close.ticks));
}

stance bollinger_reversion::decide(int64_t close) noexcept {
  close_ = close;
  auto old = closes_[(seen_ - window_) & mask_];
  closes_[seen_ & mask_] = close_;
  sum_ += close_ - old;
  squares_ += square(close_) - square(old);
  if (++seen_ < window_)
    return stance::undecided;
  auto away = distance();
  if ((stance_ == stance::long_side && away >= 0)
      || (stance_ == stance::short_side && away <= 0))
    stance_ = stance::flat;
  // The last step alone is rounded, which no sum inherits.
  auto exact = static_cast<double>(away);
  auto outside = exact * exact > squared_deviations_ * rounded(spread());
  if (outside && away < 0)
    stance_ = stance::long_side;
  else if (outside && with_short_)
    stance_ = stance::short_side;
  return stance_;
}

int64_t bollinger_reversion::distance() const noexcept {
  return close_ * static_cast<int64_t>(window_) - sum_;
}

__int128 bollinger_reversion::spread() const noexcept {
  return squares_ * static_cast<int64_t>(window_) - square(sum_);
}

std::string bollinger_reversion::reason() const {
  if (seen_ < window_)
    return "bollinger_reversion: " + std::to_string(seen_) + " of "
           + std::to_string(window_) + " bars";
  auto n = static_cast<double>(window_);
  auto hundredths = std::llround(100 * std::sqrt(rounded(spread())) / n);
  return "bollinger_reversion: close " + std::to_string(close_) + ", mean "
         + mean_text(sum_, window_) + ", deviation "
         + mean_text(hundredths, 100) + " ticks";
}

fallible<std::unique_ptr<strategy>>
make_bollinger_reversion(std::span<const double> values) {
  return std::unique_ptr<strategy>{std::make_unique<bollinger_reversion>(
    static_cast<size_t>(values[0]), values[1], values[2] == 1)};
}

} // namespace qalpha
