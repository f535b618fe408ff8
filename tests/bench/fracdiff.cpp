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

#include "models/features/catalogue.hpp"
#include "models/features/fracdiff/column.hpp"
#include "models/features/fracdiff/smallest_order.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>

#include <time.h>

using namespace qalpha;

namespace {

std::vector<double> read_numbers(const std::string& path) {
  std::ifstream in{path, std::ios::binary | std::ios::ate};
  std::vector<double> result(static_cast<size_t>(in.tellg()) / sizeof(double));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(result.data()),
          static_cast<std::streamsize>(result.size() * sizeof(double)));
  return result;
}

void write_numbers(const std::string& path, const std::vector<double>& x) {
  std::ofstream{path, std::ios::binary}.write(
    reinterpret_cast<const char*>(x.data()),
    static_cast<std::streamsize>(x.size() * sizeof(double)));
}

/// @returns seconds that this process has had a processor: others on the
/// machine count less than by the clock.
double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec)
         + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// @returns the median of as many batches as half a second holds. One run may
/// be shorter than what the clock is wrong by where a machine is shared.
template <class Work>
double median_seconds(Work work) {
  auto begin = processor_seconds();
  work();
  auto once = std::max(processor_seconds() - begin, 1e-6);
  auto runs = static_cast<size_t>(0.01 / once) + 1;
  std::vector<double> batches;
  auto end = begin + 0.5;
  while (batches.size() < 3 || processor_seconds() < end) {
    begin = processor_seconds();
    for (size_t run = 0; run < runs; ++run)
      work();
    batches.push_back((processor_seconds() - begin)
                      / static_cast<double>(runs));
  }
  std::sort(batches.begin(), batches.end());
  return batches[batches.size() / 2];
}

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
