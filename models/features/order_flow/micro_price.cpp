#include "models/features/order_flow/micro_price.hpp"

#include "models/features/feature.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace qalpha {

fallible<micro_price_states> micro_price_states::make(std::vector<double> edges,
                                                      size_t spreads) {
  if (spreads < 1 || spreads > most_spreads)
    return fault{"spreads: expected 1 to " + std::to_string(most_spreads)
                 + " ticks, found " + std::to_string(spreads)};
  if (edges.size() >= most_buckets)
    return fault{"edges: expected fewer than " + std::to_string(most_buckets)
                 + ", found " + std::to_string(edges.size())};
  double last = 0;
  for (auto edge : edges) {
    if (!(edge > last && edge < 1))
      return fault{"edges: expected to rise between 0 and 1, found "
                   + std::to_string(edge) + " behind " + std::to_string(last)};
    last = edge;
  }
  micro_price_states result;
  result.edges = std::move(edges);
  result.spreads = spreads;
  return result;
}

fallible<micro_price_states> micro_price_states::even(size_t buckets,
                                                      size_t spreads) {
  std::vector<double> edges;
  for (size_t i = 1; i < std::min(buckets, most_buckets + 1); ++i)
    edges.push_back(static_cast<double>(i) / static_cast<double>(buckets));
  return make(std::move(edges), spreads);
}

fallible<micro_price_states>
micro_price_states::quantiles(std::vector<double> shares, size_t buckets,
                              size_t spreads) {
  auto is_share = [](double x) { return x >= 0 && x <= 1; };
  if (shares.empty() || !std::all_of(shares.begin(), shares.end(), is_share))
    return fault{"shares: expected numbers between 0 and 1"};
  std::sort(shares.begin(), shares.end());
  std::vector<double> edges;
  for (size_t i = 1; i < std::min(buckets, most_buckets + 1); ++i) {
    auto place = static_cast<double>(i) / static_cast<double>(buckets)
                 * static_cast<double>(shares.size() - 1);
    auto below = static_cast<size_t>(place);
    auto above = std::min(below + 1, shares.size() - 1);
    edges.push_back(shares[below]
                    + (place - static_cast<double>(below))
                        * (shares[above] - shares[below]));
  }
  return make(std::move(edges), spreads);
}

std::optional<size_t>
micro_price_states::find(const book_top& x) const noexcept {
  auto spread = quoted_spread(x);
  // Written so that NaN is in no state.
  if (!(spread <= static_cast<double>(spreads)))
    return std::nullopt;
  auto bucket = std::lower_bound(edges.begin(), edges.end(), queue_share(x))
                - edges.begin();
  return (static_cast<size_t>(spread) - 1) * buckets()
         + static_cast<size_t>(bucket);
}

fallible<micro_price> micro_price::make(micro_price_states states,
                                        std::vector<double> adjustments) {
  if (adjustments.size() != states.count())
    return fault{"adjustments: expected " + std::to_string(states.count())
                 + ", found " + std::to_string(adjustments.size())};
  for (auto x : adjustments)
    if (!std::isfinite(x))
      return fault{"adjustments: expected finite numbers"};
  return micro_price{std::move(states), std::move(adjustments)};
}

double micro_price::price(const book_top& x) const noexcept {
  auto state = states_.find(x);
  return state ? middle(x) + adjustments_[*state] : undefined;
}

} // namespace qalpha
