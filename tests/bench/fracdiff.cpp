// Times fractional differencing and the unit root test; fracdiff.sh runs it
// beside its peers.
//
//   bench_fracdiff column IN D THRESHOLD OUT    whole columns
//   bench_fracdiff rows IN D THRESHOLD OUT      a row at a time
//   bench_fracdiff adf IN aic|fixed LAG         the test
//   bench_fracdiff search IN THRESHOLD          the smallest order, 21 tried
//
// IN and OUT hold doubles as they lie in memory: logarithms, differences.
// Prints the processor seconds of a run, then what the result was.

#include "tests/bench/number_files.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/fracdiff/column.hpp"
#include "models/features/fracdiff/smallest_order.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>

using namespace qalpha;
using namespace qalpha::bench;

namespace {

std::vector<double> row_by_row(const std::vector<double>& prices, double d,
                               double threshold) {
  std::vector values{d, threshold};
  auto made = std::move(*find_feature("fracdiff")->make(values));
  std::vector<double> result(prices.size());
  for (size_t i = 0; i < prices.size(); ++i) {
    const double* in = &prices[i];
    double* out = &result[i];
    made.object->update(&in, &out, 1);
  }
  return result;
}

void time_differences(bool rows, const std::vector<double>& logs, double d,
                      double threshold, const std::string& out) {
  std::vector<double> prices(logs.size());
  for (size_t i = 0; i < logs.size(); ++i)
    prices[i] = std::exp(logs[i]);
  std::vector<double> result;
  auto seconds = median_seconds([&] {
    result = rows ? row_by_row(prices, d, threshold)
                  : *fracdiff_column(logs, d, threshold);
  });
  write_numbers(out, result);
  std::printf("%.9g\n", seconds);
}

void time_test(const std::vector<double>& logs, const std::string& rule,
               size_t lag) {
  adf_options options;
  if (rule == "fixed") {
    options.lag_rule = adf_lag_rule::fixed;
    options.max_lag = lag;
  }
  std::optional<adf_result> result;
  auto seconds = median_seconds([&] { result = *adf_test(logs, options); });
  std::printf("%.9g %.12g %zu\n", seconds, result->statistic, result->lag);
}

void time_search(const std::vector<double>& logs, double threshold) {
  auto search = search_of_the_book();
  search.step = 0.05;
  search.threshold = threshold;
  std::optional<order_found> result;
  auto seconds
    = median_seconds([&] { result = *find_smallest_order(logs, search); });
  std::printf("%.9g %.3g\n", seconds,
              result->smallest ? result->tried[*result->smallest].d : -1);
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 3) {
    std::cerr << "see tests/bench/fracdiff.cpp\n";
    return 2;
  }
  auto logs = read_numbers(args[1]);
  if (args[0] == "adf")
    time_test(logs, args[2], args.size() > 3 ? std::stoul(args[3]) : 0);
  else if (args[0] == "search")
    time_search(logs, std::stod(args[2]));
  else if (args.size() > 4)
    time_differences(args[0] == "rows", logs, std::stod(args[2]),
                     std::stod(args[3]), args[4]);
  return 0;
}
