#include "models/features/order_flow/vpin.hpp"

#include "models/features/feature.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

namespace qalpha {

double bulk_bought_share(double change, double deviation) noexcept {
  if (change == 0)
    return 0.5;
  if (!(deviation > 0))
    return change > 0 ? 1.0 : 0.0;
  return 0.5 + 0.5 * std::erf(change / deviation / std::numbers::sqrt2);
}

vpin::vpin(double bucket_volume, size_t buckets)
  : bucket_volume_(bucket_volume), imbalances_(buckets) {
  // nop
}

double vpin::value() const noexcept {
  if (!full_)
    return undefined;
  auto sum = std::accumulate(imbalances_.begin(), imbalances_.end(), 0.0);
  return sum / (static_cast<double>(imbalances_.size()) * bucket_volume_);
}

bool vpin::is_good(double volume, double bought_share) noexcept {
  return std::isfinite(volume) && volume > 0 && bought_share >= 0
         && bought_share <= 1;
}

// The buckets between the first and the last ones of a huge trade are all the
// same: leaving them out changes nothing that is looked at.
double vpin::first_part(double volume) const noexcept {
  auto kept = static_cast<double>(imbalances_.size() + 1);
  auto beyond = volume - (bucket_volume_ - filled_);
  auto whole = std::floor(beyond / bucket_volume_);
  if (whole <= kept)
    return volume;
  auto rest = std::fmod(beyond, bucket_volume_);
  return (bucket_volume_ - filled_) + kept * bucket_volume_ + rest;
}

vpin_bucket vpin::close_bucket() noexcept {
  auto sold = bucket_volume_ - bought_;
  imbalances_[at_] = std::abs(bought_ - sold);
  at_ = at_ + 1 == imbalances_.size() ? 0 : at_ + 1;
  full_ = full_ || at_ == 0;
  vpin_bucket result{bought_, sold, value()};
  filled_ = 0;
  bought_ = 0;
  return result;
}

} // namespace qalpha
