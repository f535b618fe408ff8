#include "models/features/order_flow/micro_price_bars.hpp"

#include "models/features/row_feature.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

/// Buckets above one half; the others are their mirror images.
constexpr size_t half = micro_price_buckets / 2;

constexpr size_t adjustments = micro_price_spreads * half;

/// @returns the adjustment that the weighted middle makes.
constexpr double as_weighted_middle(size_t spread, size_t bucket) {
  auto share_above_half = (static_cast<double>(bucket) + 0.5)
                          / static_cast<double>(micro_price_buckets);
  return share_above_half * static_cast<double>(spread);
}

constexpr parameter adjustment(std::string_view name, size_t spread,
                               size_t bucket) {
  return {name,
          as_weighted_middle(spread, bucket),
          -100,
          100,
          "ticks to add to the middle; by spread in ticks, then by bucket of "
          "the queue share, the first from 0.5 to 0.6; below one half with "
          "the other sign",
          false};
}

constexpr parameter parameters[] = {
  {"spreads", micro_price_spreads, 1, micro_price_spreads,
   "widest spread that it is defined for, ticks"},
  adjustment("adjust_1_1", 1, 0),
  adjustment("adjust_1_2", 1, 1),
  adjustment("adjust_1_3", 1, 2),
  adjustment("adjust_1_4", 1, 3),
  adjustment("adjust_1_5", 1, 4),
  adjustment("adjust_2_1", 2, 0),
  adjustment("adjust_2_2", 2, 1),
  adjustment("adjust_2_3", 2, 2),
  adjustment("adjust_2_4", 2, 3),
  adjustment("adjust_2_5", 2, 4),
  adjustment("adjust_3_1", 3, 0),
  adjustment("adjust_3_2", 3, 1),
  adjustment("adjust_3_3", 3, 2),
  adjustment("adjust_3_4", 3, 3),
  adjustment("adjust_3_5", 3, 4),
  adjustment("adjust_4_1", 4, 0),
  adjustment("adjust_4_2", 4, 1),
  adjustment("adjust_4_3", 4, 2),
  adjustment("adjust_4_4", 4, 3),
  adjustment("adjust_4_5", 4, 4),
};

static_assert(std::size(parameters) == 1 + adjustments);

/// Of a price that is a whole number of ticks, as far as decimals can be.
std::optional<int64_t> ticks_of(double px, double tick) noexcept {
  auto ticks = px / tick;
  // Doubles that large have no fractions.
  if (!(ticks < 1e15))
    return std::nullopt;
  auto whole = std::round(ticks);
  if (std::abs(ticks - whole) > 1e-3)
    return std::nullopt;
  return static_cast<int64_t>(whole);
}

struct micro_price_kernel {
  static constexpr size_t inputs = 5;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<5>& x) const noexcept {
    auto [bid, ask, bids, asks, tick] = x;
    auto bid_ticks = ticks_of(bid, tick);
    auto ask_ticks = ticks_of(ask, tick);
    if (!bid_ticks || !ask_ticks)
      return {undefined, undefined};
    book_top top;
    top.bids[0] = {*bid_ticks, bids};
    top.asks[0] = {*ask_ticks, asks};
    auto price = fitted.price(top);
    auto mid = middle(top);
    return {price * tick, (price - mid) / mid};
  }

  micro_price fitted;
};

fallible<made_feature> make(std::span<const double> values) {
  auto spreads = static_cast<size_t>(values[0]);
  auto states = micro_price_states::even(micro_price_buckets, spreads);
  if (!states)
    return states.error();
  std::vector<double> all;
  for (size_t spread = 0; spread < spreads; ++spread) {
    auto above = values.subspan(1 + spread * half, half);
    for (size_t i = half; i > 0; --i)
      all.push_back(-above[i - 1]);
    all.insert(all.end(), above.begin(), above.end());
  }
  auto fitted = micro_price::make(std::move(*states), std::move(all));
  if (!fitted)
    return fitted.error();
  return made_feature{make_row_feature(micro_price_kernel{std::move(*fitted)}),
                      0, 1};
}

constexpr std::string_view inputs[] = {"bid", "ask", "bid_size", "ask_size",
                                       "tick"};

constexpr feature_output outputs[] = {
  {"price", "where the middle is expected to end up, price; none while the "
            "spread is wider than it is defined for, or prices are no whole "
            "ticks"},
  {"offset", "how far it lies above the middle, a fraction of that"},
};

constexpr feature_entry entries[] = {
  {"micro_price", "expected middle, given the queues and the spread",
   "Stoikov (2018), micro-price; qalpha features --fit finds the adjustments, "
   "those of the weighted middle stand for them until then",
   inputs, parameters, outputs, make},
};

} // namespace

std::span<const feature_entry> micro_price_features() {
  return entries;
}

std::map<std::string, double> parameters_of(const micro_price& fitted) {
  auto spreads = fitted.states().spreads;
  std::map<std::string, double> result{
    {"spreads", static_cast<double>(spreads)}};
  for (size_t i = 0; i < spreads * half; ++i)
    result.emplace(
      parameters[1 + i].name,
      fitted.adjustments()[i / half * micro_price_buckets + half + i % half]);
  return result;
}

} // namespace qalpha
