#include "models/features/order_flow/flow_bars.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/price_response.hpp"
#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"
#include "models/market/bar_context.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

static_assert(flow_levels == book_top::most_levels);

constexpr std::string_view level_inputs[]
  = {"order_flow",   "order_flow_2",  "order_flow_3", "order_flow_4",
     "order_flow_5", "order_flow_6",  "order_flow_7", "order_flow_8",
     "order_flow_9", "order_flow_10", "book_depth"};

constexpr parameter rows_of_sums{"period", 1, 1, 100'000, "rows of the sums"};

/// The flows of the last rows by level.
class summed_flows {
public:
  static constexpr size_t inputs = flow_levels + 1;

  explicit summed_flows(size_t period) : sums_(period) {
    // nop
  }

  /// @returns whether there are enough rows.
  bool add(const row_values<inputs>& x) noexcept {
    now_ = sums_.add({x}).of;
    return sums_.full();
  }

  level_flows plain() const noexcept {
    level_flows result;
    std::copy_n(now_.begin(), flow_levels, result.begin());
    return result;
  }

  /// @returns the flows in units of the mean size of a level.
  level_flows normalised(size_t period) const noexcept {
    auto depth = now_[flow_levels] / static_cast<double>(period);
    return flow_bucket{plain(), depth}.normalised();
  }

private:
  window_fold<sums<inputs>> sums_;
  row_values<inputs> now_{};
};

template <size_t N>
row_values<N> nothing() noexcept {
  row_values<N> result;
  result.fill(undefined);
  return result;
}

// -- order_flow_levels

struct levels_kernel {
  static constexpr size_t inputs = summed_flows::inputs;
  static constexpr size_t outputs = flow_levels;

  row_values<outputs> step(const row_values<inputs>& x) noexcept {
    return flows.add(x) ? flows.normalised(period) : nothing<outputs>();
  }

  size_t period;
  summed_flows flows{period};
};

fallible<made_feature> make_levels(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(levels_kernel{period}), period - 1,
                      period};
}

constexpr parameter levels_parameters[] = {rows_of_sums};

constexpr feature_output levels_outputs[] = {
  {"level_1", "flow at the best prices / mean size of a level"},
  {"level_2", "at the second best prices"},
  {"level_3", "at the third best prices"},
  {"level_4", "at the fourth best prices"},
  {"level_5", "at the fifth best prices"},
  {"level_6", "at the sixth best prices"},
  {"level_7", "at the seventh best prices"},
  {"level_8", "at the eighth best prices"},
  {"level_9", "at the ninth best prices"},
  {"level_10", "at the tenth best prices"},
};

// -- order_flow_integrated

struct integrated_kernel {
  static constexpr size_t inputs = summed_flows::inputs;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<inputs>& x) noexcept {
    return {flows.add(x) ? weights.apply(flows.normalised(period)) : undefined};
  }

  size_t period;
  integrated_flow weights;
  summed_flows flows{period};
};

fallible<made_feature> make_integrated(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  auto weights = integrated_flow::of({values.begin() + 1, values.end()});
  if (!weights)
    return weights.error();
  return made_feature{
    make_row_feature(integrated_kernel{period, std::move(*weights)}),
    period - 1, period};
}

constexpr parameter weight_of(std::string_view name) {
  return {name, 0.1, -1, 1, "weight of a level; the magnitudes sum to 1",
          false};
}

constexpr parameter integrated_parameters[] = {
  rows_of_sums,          weight_of("weight_1"),  weight_of("weight_2"),
  weight_of("weight_3"), weight_of("weight_4"),  weight_of("weight_5"),
  weight_of("weight_6"), weight_of("weight_7"),  weight_of("weight_8"),
  weight_of("weight_9"), weight_of("weight_10"),
};

constexpr feature_output integrated_output[] = {
  {"flow", "sum of weight * flow of the level / mean size of a level"},
};

// -- order_flow_weighted

struct weighted_kernel {
  static constexpr size_t inputs = summed_flows::inputs;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<inputs>& x) noexcept {
    if (!flows.add(x))
      return nothing<2>();
    return {depth_weighted_flow(flows.plain(), decay),
            depth_weighted_flow(flows.normalised(period), decay)};
  }

  size_t period;
  double decay;
  summed_flows flows{period};
};

fallible<made_feature> make_weighted(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(weighted_kernel{period, values[1]}),
                      period - 1, period};
}

constexpr parameter weighted_parameters[] = {
  rows_of_sums,
  {"decay", 0.5, 0, 50, "each level counts exp(-decay) times the one before it",
   false},
};

constexpr feature_output weighted_outputs[] = {
  {"flow", "sum of the flows, weighted, base units"},
  {"scaled", "the same / mean size of a level"},
};

// -- order_flow_traded

struct traded_kernel {
  static constexpr size_t inputs = 3;
  static constexpr size_t outputs = 1;

  explicit traded_kernel(size_t period) : rows(period) {
    // nop
  }

  row_values<1> step(const row_values<3>& x) noexcept {
    auto [flow, bought, volume] = rows.add({x}).of;
    if (!rows.full() || bought > volume)
      return {undefined};
    return {trade_weighted_flow(flow, 2 * bought - volume, volume)};
  }

  window_fold<sums<3>> rows;
};

fallible<made_feature> make_traded(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(traded_kernel{period}), period - 1,
                      period};
}

constexpr std::string_view traded_inputs[] = {"order_flow", "taker_buy_volume",
                                              "volume"};

constexpr parameter traded_parameters[] = {rows_of_sums};

constexpr feature_output traded_output[] = {
  {"flow", "flow * (1 + |bought - sold| / volume), base units; none if takers "
           "bought more than was traded"},
};

// -- flow_impact

struct impact_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<2>& x) noexcept {
    return response.add(x[0], x[1]);
  }

  price_response response;
};

fallible<made_feature> make_impact(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(impact_kernel{price_response{period}}),
                      period, period + 1};
}

constexpr std::string_view impact_inputs[] = {"close", "order_flow"};

constexpr parameter impact_parameters[] = {
  {"period", 60, 3, 100'000, "rows of the regression"},
};

constexpr feature_output impact_outputs[] = {
  {"impact", "change of the close a base unit of flow, price; none where the "
             "flow did not vary"},
  {"t", "impact / its standard error; none where it has none, or none of an "
        "error"},
};

constexpr feature_entry entries[] = {
  {"flow_impact", "price impact of order flow",
   "Cont, Kukanov and Stoikov (2014), regression of section 3", impact_inputs,
   impact_parameters, impact_outputs, make_impact},
  {"order_flow_integrated", "one order flow for all levels of the book",
   "Cont, Cucuringu and Zhang (2023); qalpha features --fit finds the weights",
   level_inputs, integrated_parameters, integrated_output, make_integrated},
  {"order_flow_levels", "order flow imbalance by level of the book",
   "Xu, Gould and Howison (2018), normalised as Cont, Cucuringu and Zhang "
   "(2023)",
   level_inputs, levels_parameters, levels_outputs, make_levels},
  {"order_flow_traded", "order flow that trades confirm",
   "Cont, Kukanov and Stoikov (2014), weighted by the imbalance of trades",
   traded_inputs, traded_parameters, traded_output, make_traded},
  {"order_flow_weighted", "order flow of all levels, the best counting most",
   "Xu, Gould and Howison (2018), exponential weights", level_inputs,
   weighted_parameters, weighted_outputs, make_weighted},
};

} // namespace

std::span<const feature_entry> flow_features() {
  return entries;
}

} // namespace qalpha
