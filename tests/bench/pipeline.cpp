// The default pipeline of configs/features/default.json: all rows at once, and
// a row at a time as live, beside the copying of as many columns, which no pass
// can beat.
//
//   build/release/tests/bench/bench_pipeline [ROWS]
//
// Run from the root of the tree. Time of the processor, best of five turns.

#include "tests/bench/indicator_market.hpp"

#include "models/features/block/vector_level.hpp"
#include "models/features/pipeline.hpp"
#include "runtime/features/wanted_features.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

using namespace qalpha;
using namespace qalpha::bench;

namespace {

double processor_time() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9
         + static_cast<double>(now.tv_nsec);
}

/// @returns the best of five turns, nanoseconds.
template <class F>
double best_of(F f) {
  auto result = 1e300;
  for (auto turn = 0; turn < 5; ++turn) {
    auto begin = processor_time();
    f();
    result = std::min(result, processor_time() - begin);
  }
  return result;
}

} // namespace

int main(int argc, char** argv) {
  auto rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500'000;
  auto market = generated_bars(rows, 20'000, 10);
  auto wanted = read_wanted_features("configs/features/default.json");
  if (!wanted) {
    std::fprintf(stderr, "%s\n", wanted.error().text.c_str());
    return 1;
  }
  auto plan = feature_plan::make({std::chrono::minutes{1}, wanted->requests});
  if (!plan) {
    std::fprintf(stderr, "%s\n", plan.error().text.c_str());
    return 1;
  }
  std::vector<const double*> in;
  for (auto source : plan->sources)
    in.push_back(market.column(source));
  std::vector<std::vector<double>> columns(plan->columns.size(),
                                           std::vector<double>(rows));
  std::vector<double*> out;
  for (auto& column : columns)
    out.push_back(column.data());
  auto batch = best_of(
    [&] { feature_pipeline{*plan}.update(in.data(), out.data(), rows); });
  auto copying = best_of([&] {
    for (size_t i = 0; i < out.size(); ++i)
      std::memcpy(out[i], in[i % in.size()], rows * sizeof(double));
  });
  auto live = best_of([&] {
    feature_pipeline pipeline{*plan};
    auto from = in;
    for (size_t row = 0; row < rows; ++row) {
      pipeline.update(from.data(), out.data(), 1);
      for (auto& pointer : from)
        ++pointer;
    }
  });
  auto count = static_cast<double>(rows);
  std::printf("%zu features, %zu columns, %.0f rows, %s\n", plan->steps.size(),
              plan->columns.size(), count,
              std::string{to_string(current_vector_level())}.c_str());
  std::printf("all rows at once  %8.1f ns a bar  %6.2f M bars/s  (copying as "
              "many columns: %.1f ns, 1/%.1f)\n",
              batch / count, 1e3 * count / batch, copying / count,
              batch / copying);
  std::printf("a row at a time   %8.2f us a bar\n", live / count / 1e3);
}
