// Rows of a market for tests of features.

#pragma once

#include "models/features/feature_plan.hpp"
#include "models/features/market_columns.hpp"
#include "models/features/pipeline.hpp"

#include <cmath>
#include <random>
#include <string_view>
#include <vector>

namespace qalpha::test {

using number_column = std::vector<double>;

/// Columns of equal length.
struct number_table {
  std::vector<number_column> columns;

  size_t rows() const {
    return columns.empty() ? 0 : columns.front().size();
  }

  std::vector<const double*> pointers() const {
    std::vector<const double*> result;
    for (auto& column : columns)
      result.push_back(column.data());
    return result;
  }

  std::vector<double*> pointers() {
    std::vector<double*> result;
    for (auto& column : columns)
      result.push_back(column.data());
    return result;
  }
};

/// All market columns, plausible and different in every row; one-minute bars.
inline number_table generated_rows(uint64_t seed, size_t rows) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  number_table result{
    std::vector<number_column>(market_columns.size(), number_column(rows))};
  auto at = [&](std::string_view name, size_t row) -> double& {
    return result.columns[market_column_index(name)][row];
  };
  auto price = 20'000.0;
  auto rounded = [](double x) { return std::round(x * 10) / 10; };
  for (size_t row = 0; row < rows; ++row) {
    auto open = rounded(price);
    price *= std::exp(0.001 * normal(random));
    auto close = rounded(price);
    at("open", row) = open;
    at("close", row) = close;
    at("high", row) = std::max(open, close) + rounded(uniform(random) * 10);
    at("low", row) = std::min(open, close) - rounded(uniform(random) * 10);
    auto volume = std::round(std::exp(normal(random)) * 1'000) / 1'000;
    at("volume", row) = volume;
    at("quote_volume", row) = volume * (open + close) / 2;
    at("trade_count", row) = std::floor(volume * 50) + 1;
    at("taker_buy_volume", row) = volume * uniform(random);
    at("time", row) = 1'704'067'260'000.0 + 60'000.0 * static_cast<double>(row);
    at("mark", row) = close + normal(random);
    at("index", row) = close + normal(random);
    at("reference", row) = close + normal(random);
    at("funding_rate", row) = 1e-4 * normal(random);
    at("open_interest", row) = 50'000 + 100 * normal(random);
    at("bid", row) = close - 0.1;
    at("ask", row) = close + 0.1;
    at("bid_size", row) = uniform(random) * 10;
    at("ask_size", row) = uniform(random) * 10;
    at("order_flow", row) = normal(random) * 5;
    for (size_t level = 2; level <= 10; ++level)
      at("order_flow_" + std::to_string(level), row) = normal(random) * 9;
    at("book_depth", row) = 1 + uniform(random) * 10;
    at("bid_depth", row) = uniform(random) * 100;
    at("ask_depth", row) = uniform(random) * 100;
    at("effective_cost", row) = volume * uniform(random);
    at("realised_cost", row) = volume * normal(random);
    at("impact_cost", row) = volume * normal(random);
    at("settled_value", row) = volume * open;
    at("tick", row) = 0.1;
  }
  return result;
}

/// @returns the columns of `market` that a plan reads.
inline number_table sources_of(const feature_plan& plan,
                               const number_table& market) {
  number_table result;
  for (auto source : plan.sources)
    result.columns.push_back(market.columns[source]);
  return result;
}

/// Computes all rows in calls of the sizes that `size` returns.
template <class Size>
number_table run_in_parts(feature_pipeline& pipeline,
                          const number_table& sources, Size size) {
  auto rows = sources.rows();
  number_table result{std::vector<number_column>(pipeline.plan().columns.size(),
                                                 number_column(rows))};
  auto in = sources.pointers();
  auto out = result.pointers();
  for (size_t done = 0; done < rows;) {
    auto count = std::min(static_cast<size_t>(size()), rows - done);
    pipeline.update(in.data(), out.data(), count);
    for (auto& x : in)
      x += count;
    for (auto& x : out)
      x += count;
    done += count;
  }
  return result;
}

inline number_table run_at_once(feature_pipeline& pipeline,
                                const number_table& sources) {
  return run_in_parts(pipeline, sources, [&] { return sources.rows(); });
}

/// @returns whether both have the same bits; all undefined values count as one.
inline bool same_bits(double a, double b) {
  return std::isnan(a) ? std::isnan(b)
                       : a == b && std::signbit(a) == std::signbit(b);
}

} // namespace qalpha::test
