#include "models/features/order_flow/vpin_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace qalpha {

namespace {

// -- vpin

/// Cuts the volume of the last rows into buckets of the same size.
class vpin_kernel {
public:
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  vpin_kernel(size_t period, size_t buckets)
    : rows_(period), buckets_(static_cast<double>(buckets)) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    rows_[at_] = {x[0], x[1]};
    at_ = at_ + 1 == rows_.size() ? 0 : at_ + 1;
    full_ = full_ || at_ == 0;
    return {full_ ? value() : undefined};
  }

private:
  struct row {
    double bought;
    double volume;
  };

  // Anew for each row: no bucket of an earlier one is one of this.
  double value() const noexcept {
    double all = 0;
    for_each([&](const row& x) { all += x.volume; });
    auto size = all / buckets_;
    double filled = 0;
    double bought = 0;
    double imbalance = 0;
    auto good = size > 0;
    for_each([&](const row& x) {
      good = good && x.bought <= x.volume;
      auto left = x.volume;
      while (good && filled + left >= size) {
        auto part = size - filled;
        imbalance += std::abs(2 * (bought + share(x) * part) - size);
        left -= part;
        filled = bought = 0;
      }
      filled += left;
      bought += share(x) * left;
    });
    // What rounding left of the last bucket.
    imbalance += std::abs(2 * bought - filled);
    return good ? std::min(imbalance / all, 1.0) : undefined;
  }

  static double share(const row& x) noexcept {
    return x.volume > 0 ? x.bought / x.volume : 0.0;
  }

  template <class F>
  void for_each(F f) const noexcept {
    std::for_each(rows_.begin() + static_cast<ptrdiff_t>(at_), rows_.end(), f);
    std::for_each(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(at_),
                  f);
  }

  // Ring, the oldest at `at_`.
  std::vector<row> rows_;
  double buckets_;
  size_t at_ = 0;
  bool full_ = false;
};

fallible<made_feature> make_vpin(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto buckets = static_cast<size_t>(values[1]);
  return made_feature{make_row_feature(vpin_kernel{period, buckets}),
                      period - 1, period};
}

constexpr std::string_view vpin_inputs[] = {"taker_buy_volume", "volume"};

constexpr parameter vpin_parameters[] = {
  {"period", 288, 1, 10'000, "rows whose volume is cut into buckets"},
  {"buckets", 50, 1, 1'000, "of equal volume"},
};

constexpr feature_output vpin_output[] = {
  {"vpin", "sum of |bought - sold| of the buckets / volume, 0 (balanced) to 1 "
           "(one-sided); the trades of a row count as evenly mixed; none "
           "without volume, or if takers bought more than was traded"},
};

// -- vpin_bulk

struct bulk_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  bulk_kernel(size_t period, size_t deviations)
    : changes(deviations), volumes(period) {
    // nop
  }

  row_values<1> step(const row_values<2>& x) noexcept {
    auto [close, volume] = x;
    auto change = close - last.replace(close);
    if (std::isnan(change))
      return {undefined};
    auto before = known;
    auto usable = changes.full();
    known = changes.add(moments::of(change));
    if (!usable)
      return {undefined};
    auto apart = one_sided(change, std::sqrt(before.variance()));
    auto [imbalance, all] = volumes.add({{volume * apart, volume}}).of;
    if (!volumes.full() || !(all > 0))
      return {undefined};
    return {imbalance / all};
  }

  // |bought - sold| as a share of the volume: |2 * Phi(z) - 1|.
  static double one_sided(double change, double deviation) noexcept {
    if (change == 0)
      return 0;
    return std::erf(std::abs(change) / deviation / std::numbers::sqrt2);
  }

  lag last{1};
  window_fold<moments> changes;
  moments known;
  window_fold<sums<2>> volumes;
};

fallible<made_feature> make_bulk(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto deviations = static_cast<size_t>(values[1]);
  return made_feature{make_row_feature(bulk_kernel{period, deviations}),
                      period + deviations, period + deviations + 1};
}

constexpr std::string_view bulk_inputs[] = {"close", "volume"};

constexpr parameter bulk_parameters[] = {
  {"period", 50, 1, 100'000, "rows that are looked at, as buckets"},
  {"deviations", 60, 2, 100'000,
   "rows before a row whose changes say what is a large one"},
};

constexpr feature_output bulk_output[] = {
  {"vpin", "sum of |bought - sold| / volume, each bar split by how far its "
           "close moved, 0 (balanced) to 1 (one-sided); none without volume"},
};

constexpr feature_entry entries[] = {
  {"vpin", "probability of informed trading, from signed trades",
   "Easley, López de Prado and O'Hara (2012), sides as the venue tells them",
   vpin_inputs, vpin_parameters, vpin_output, make_vpin},
  {"vpin_bulk", "probability of informed trading, from bars",
   "Easley, López de Prado and O'Hara (2012), bulk classification, each bar a "
   "bucket of its own volume",
   bulk_inputs, bulk_parameters, bulk_output, make_bulk},
};

} // namespace

std::span<const feature_entry> vpin_features() {
  return entries;
}

} // namespace qalpha
