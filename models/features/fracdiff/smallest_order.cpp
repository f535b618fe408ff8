#include "models/features/fracdiff/smallest_order.hpp"

#include "models/features/feature.hpp"
#include "models/features/fracdiff/column.hpp"
#include "models/features/fracdiff/weights.hpp"
#include "models/machine/parameter.hpp"

#include <cmath>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

double correlation_of(std::span<const double> a, std::span<const double> b) {
  auto n = static_cast<double>(a.size());
  auto mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  auto mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    auto x = a[i] - mean_a;
    auto y = b[i] - mean_b;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  auto scale = std::sqrt(aa) * std::sqrt(bb);
  return scale > 0 ? ab / scale : undefined;
}

tried_order try_order(std::span<const double> logs, double d, size_t window,
                      const order_search& search) {
  tried_order result{d, window, undefined, std::nullopt};
  auto column = fracdiff_column(logs, d, search.threshold);
  if (!column)
    return result;
  auto known = std::span{*column}.subspan(window - 1);
  result.correlation = correlation_of(known, logs.subspan(window - 1));
  auto test = adf_test(known, search.test);
  if (test)
    result.test = *test;
  return result;
}

std::optional<size_t> smallest_of(const std::vector<tried_order>& tried,
                                  const order_search& search) {
  std::optional<size_t> result;
  for (auto i = tried.size(); i-- > 0;) {
    if (tried[i].test && tried[i].test->is_stationary(search.level))
      result = i;
    else if (search.and_all_higher)
      return result;
  }
  return result;
}

} // namespace

order_search search_of_the_book() {
  order_search result;
  result.step = 0.1;
  result.test.lag_rule = adf_lag_rule::fixed;
  result.test.max_lag = 1;
  result.and_all_higher = false;
  return result;
}

fallible<order_found> find_smallest_order(std::span<const double> logs,
                                          const order_search& search) {
  if (!(search.step >= 0.001 && search.step <= 1))
    return fault{"step must be 0.001 to 1, was " + parameter_text(search.step)};
  if (!(search.level > 0 && search.level < 1))
    return fault{"level must be between 0 and 1, was "
                 + parameter_text(search.level)};
  for (size_t i = 0; i < logs.size(); ++i)
    if (!std::isfinite(logs[i]))
      return fault{"logs[" + std::to_string(i)
                   + "]: expected a finite number, found "
                   + std::to_string(logs[i])};
  order_found result;
  auto steps = std::floor(1 / search.step + 1e-9);
  for (double i = 0; i <= steps; ++i) {
    auto d = std::min(i * search.step, 1.0);
    auto weights = fracdiff_weights(d, search.threshold);
    if (!weights)
      return weights.error();
    result.tried.push_back(try_order(logs, d, weights->size(), search));
  }
  result.smallest = smallest_of(result.tried, search);
  return result;
}

} // namespace qalpha
