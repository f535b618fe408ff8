#include "models/features/order_flow/cost_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

namespace qalpha {

namespace {

/// Sums of some columns over the last rows as shares of that of the last one.
template <size_t N>
struct share_kernel {
  static constexpr size_t inputs = N;
  static constexpr size_t outputs = N - 1;

  explicit share_kernel(size_t period) : rows(period) {
    // nop
  }

  row_values<outputs> step(const row_values<N>& x) noexcept {
    auto now = rows.add({x}).of;
    row_values<outputs> result;
    for (size_t i = 0; i < outputs; ++i)
      result[i] = rows.full() && now[N - 1] > 0 ? now[i] / now[N - 1]
                                                : undefined;
    return result;
  }

  window_fold<sums<N>> rows;
};

template <size_t N>
fallible<made_feature> make_share(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(share_kernel<N>{period}), period - 1,
                      period};
}

constexpr parameter parameters[] = {
  {"period", 1, 1, 100'000, "rows of the sums"},
};

constexpr std::string_view effective_inputs[] = {"effective_cost",
                                                 "quote_volume"};

constexpr feature_output effective_output[] = {
  {"spread", "mean of twice the distance of trades from the middle before "
             "them, by volume, a fraction of the price; none without trades"},
};

constexpr std::string_view realised_inputs[] = {"realised_cost", "impact_cost",
                                                "settled_value"};

constexpr feature_output realised_outputs[] = {
  {"realised", "mean of twice the distance of trades from the middle 5 s "
               "later, by volume, a fraction of the price: what makers kept; "
               "none without trades"},
  {"impact", "the rest of the effective spread of the same trades: what the "
             "middle moved meanwhile"},
};

constexpr feature_entry entries[] = {
  {"effective_spread", "spread that takers paid",
   "Huang and Stoll (1996), signed by the aggressor", effective_inputs,
   parameters, effective_output, make_share<2>},
  {"realised_spread", "spread that makers kept, and what trades knew",
   "Huang and Stoll (1996), horizon 5 s", realised_inputs, parameters,
   realised_outputs, make_share<3>},
};

} // namespace

std::span<const feature_entry> cost_features() {
  return entries;
}

} // namespace qalpha
