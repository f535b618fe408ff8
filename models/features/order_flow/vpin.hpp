// Volume-synchronised probability of informed trading (Easley, López de Prado
// and O'Hara, 2012).

#pragma once

#include <cstddef>
#include <vector>

namespace qalpha {

/// @returns the share of the volume of a bar that was bought, if only prices
///          are known: `Phi(change / deviation)`, 0 to 1. Without a deviation
///          it is all, none or half of it.
/// @param deviation of earlier changes
double bulk_bought_share(double change, double deviation) noexcept;

/// A full bucket.
struct vpin_bucket {
  double bought;
  double sold;
  /// After this bucket; undefined while there are too few.
  double vpin;
};

/// Fills buckets of equal volume with trades or bars, which are split where
/// they do not fit, and looks at the imbalance of the last ones.
class vpin {
public:
  /// @param bucket_volume for instance a fiftieth of the volume of a day
  /// @param buckets that are looked at
  /// @pre `bucket_volume > 0 && buckets > 0`
  vpin(double bucket_volume, size_t buckets);

  /// Takes volume. None that is not finite or not positive, and none whose
  /// share is not between 0 and 1.
  /// @param bought_share of it: 1 or 0 for a trade with a known side, else
  ///                     `bulk_bought_share`
  /// @param tell called with each `vpin_bucket` that becomes full; of those
  ///             that one trade fills only as many as are looked at
  template <class F>
  void add(double volume, double bought_share, F tell) {
    if (!is_good(volume, bought_share))
      return;
    auto left = first_part(volume);
    for (;;) {
      auto room = bucket_volume_ - filled_;
      if (left < room) {
        filled_ += left;
        bought_ += left * bought_share;
        return;
      }
      bought_ += room * bought_share;
      left -= room;
      tell(close_bucket());
    }
  }

  /// @returns the imbalance of the last buckets, 0 (balanced) to 1 (one-sided);
  ///          undefined while there are too few.
  double value() const noexcept;

private:
  static bool is_good(double volume, double bought_share) noexcept;
  double first_part(double volume) const noexcept;
  vpin_bucket close_bucket() noexcept;

  double bucket_volume_;
  double filled_ = 0;
  double bought_ = 0;
  // Ring of imbalances.
  std::vector<double> imbalances_;
  size_t at_ = 0;
  bool full_ = false;
};

} // namespace qalpha
