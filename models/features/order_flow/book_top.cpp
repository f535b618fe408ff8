#include "models/features/order_flow/book_top.hpp"

#include "models/features/feature.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

bool is_usable(const book_top& x) noexcept {
  return x.has_both() && is_sound(x);
}

double size_of(const book_top::side_levels& side, size_t levels) noexcept {
  double result = 0;
  for (size_t i = 0; i < std::min(levels, side.size()); ++i)
    result += side[i].size;
  return result;
}

bool are_sizes(const book_top::side_levels& side, int64_t none) noexcept {
  return std::all_of(side.begin(), side.end(), [none](const auto& level) {
    return std::isfinite(level.size) && level.size >= 0
           && (level.ticks != none || level.size == 0);
  });
}

/// Of the levels of a side, weighted by size. Distances from the middle lose no
/// digits to the price.
double mean_distance(const book_top::side_levels& side, double mid,
                     size_t levels) noexcept {
  double sizes = 0;
  double sum = 0;
  for (size_t i = 0; i < std::min(levels, side.size()); ++i)
    if (side[i].size > 0) {
      sizes += side[i].size;
      sum += side[i].size * (static_cast<double>(side[i].ticks) - mid);
    }
  return sizes > 0 ? sum / sizes : static_cast<double>(side[0].ticks) - mid;
}

} // namespace

book_top top_of(const book& from, double lot_size, size_t levels) noexcept {
  book_top result;
  std::array<book_level, book_top::most_levels> kept;
  std::span<book_level> room{kept.data(), std::min(levels, kept.size())};
  auto copy = [&](side which, book_top::side_levels& to) {
    auto count = from.copy_top(which, room);
    for (size_t i = 0; i < count; ++i)
      to[i] = {kept[i].px.ticks,
               static_cast<double>(kept[i].qty.lots) * lot_size};
  };
  copy(side::buy, result.bids);
  copy(side::sell, result.asks);
  return result;
}

bool is_sound(const book_top& x) noexcept {
  if (x.bids[0].ticks >= x.asks[0].ticks || !are_sizes(x.bids, book_top::no_bid)
      || !are_sizes(x.asks, book_top::no_ask))
    return false;
  for (size_t i = 1; i < book_top::most_levels; ++i) {
    if (x.bids[i].ticks != book_top::no_bid
        && x.bids[i].ticks >= x.bids[i - 1].ticks)
      return false;
    if (x.asks[i].ticks != book_top::no_ask
        && x.asks[i].ticks <= x.asks[i - 1].ticks)
      return false;
  }
  return true;
}

double middle(const book_top& x) noexcept {
  if (!is_usable(x))
    return undefined;
  return 0.5 * static_cast<double>(x.bids[0].ticks)
         + 0.5 * static_cast<double>(x.asks[0].ticks);
}

double quoted_spread(const book_top& x) noexcept {
  if (!is_usable(x))
    return undefined;
  return static_cast<double>(x.asks[0].ticks)
         - static_cast<double>(x.bids[0].ticks);
}

double relative_spread(const book_top& x) noexcept {
  auto mid = middle(x);
  return mid > 0 ? quoted_spread(x) / mid : undefined;
}

double queue_share(const book_top& x, size_t levels) noexcept {
  if (!is_usable(x))
    return undefined;
  auto bids = size_of(x.bids, levels);
  auto all = bids + size_of(x.asks, levels);
  return all > 0 ? bids / all : 0.5;
}

double queue_imbalance(const book_top& x, size_t levels) noexcept {
  if (!is_usable(x))
    return undefined;
  auto bids = size_of(x.bids, levels);
  auto asks = size_of(x.asks, levels);
  return bids + asks > 0 ? (bids - asks) / (bids + asks) : 0.0;
}

double weighted_middle(const book_top& x) noexcept {
  auto share = queue_share(x);
  return static_cast<double>(x.bids[0].ticks) + share * quoted_spread(x);
}

double depth_price(const book_top& x, size_t levels) noexcept {
  auto mid = middle(x);
  if (std::isnan(mid))
    return undefined;
  return mid
         + 0.5
             * (mean_distance(x.bids, mid, levels)
                + mean_distance(x.asks, mid, levels));
}

double mean_depth(const book_top& x, size_t levels) noexcept {
  auto all = size_of(x.bids, levels) + size_of(x.asks, levels);
  return all / (2 * static_cast<double>(levels));
}

} // namespace qalpha
