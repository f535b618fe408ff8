// The indicators of the design, against TA-Lib on the same bars in the same
// run: all of them in one pass of the pipeline, which checks every bar on the
// way; each alone, given clean bars as TA-Lib is; and a row at a time.
//
//   tests/bench/indicators.sh
//
// fetches and builds the peer and runs this. Contenders take turns and the best
// turn counts, in time of the processor: on a shared machine anything else
// measures the neighbours. Both write every output; TA-Lib may write all of
// them into the same few arrays.

#include "tests/bench/indicator_market.hpp"
#include "tests/bench/talib_calls.hpp"

#include "models/features/block/vector_level.hpp"
#include "models/features/catalogue.hpp"
#include "models/features/pipeline.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace qalpha;
using namespace qalpha::bench;

namespace {

/// @returns the time that this thread has had a processor, nanoseconds.
double processor_time() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9
         + static_cast<double>(now.tv_nsec);
}

template <class F>
double nanoseconds(F f) {
  auto begin = processor_time();
  f();
  return processor_time() - begin;
}

/// One line of the table.
struct contest {
  const char* name;
  std::vector<feature_request> ours;
  std::vector<talib_call> theirs;
  double our_best = 1e300;
  double their_best = 1e300;
};

std::vector<contest> all_contests() {
  auto one = [](const char* feature, std::map<std::string, double> parameters) {
    return std::vector<feature_request>{{feature, "", {}, parameters}};
  };
  return {
    {"sma 20", one("sma", {}), {talib_sma}},
    {"ema 20", one("ema", {}), {talib_ema}},
    {"macd 12 26 9", one("macd", {}), {talib_macd}},
    {"adx 14 with di", one("adx", {}), {talib_adx}},
    {"ichimoku 9 26 52", one("ichimoku", {}), {talib_ichimoku}},
    {"rsi 14", one("rsi", {}), {talib_rsi}},
    {"stochastic 14 3 3", one("stochastic", {}), {talib_stochastic}},
    {"cci 20", one("cci", {}), {talib_cci}},
    {"williams_r 14", one("williams_r", {}), {talib_williams}},
    {"bollinger 20", one("bollinger", {}), {talib_bollinger}},
    {"atr 14", one("atr", {}), {talib_atr}},
    {"keltner 20 10", one("keltner", {}), {talib_keltner}},
    {"obv", one("obv", {}), {talib_obv}},
    {"mfi 14", one("mfi", {}), {talib_mfi}},
    {"vwap of the day", one("vwap", {}), {talib_vwap}},
  };
}

contest all_together(const std::vector<contest>& single) {
  contest result{"all 15 together", {}, {}};
  for (const auto& one : single) {
    result.ours.insert(result.ours.end(), one.ours.begin(), one.ours.end());
    result.theirs.insert(result.theirs.end(), one.theirs.begin(),
                         one.theirs.end());
  }
  return result;
}

/// Beyond the design.
std::vector<contest> more_contests() {
  auto one = [](const char* feature, std::map<std::string, double> parameters) {
    return std::vector<feature_request>{{feature, "", {}, parameters}};
  };
  return {
    {"vwap_rolling 14", one("vwap_rolling", {}), {talib_vwap}},
    {"williams_r 1440",
     one("williams_r", {{"period", 1'440}}),
     {talib_williams_long}},
  };
}

class arena {
public:
  explicit arena(const bar_columns_of& market) : market_(market) {
    // nop
  }

  void run(contest& one) {
    feature_spec spec{std::chrono::minutes{1}, one.ours};
    auto plan = *feature_plan::make(spec);
    auto rows = market_.rows();
    while (columns_.size() < std::max<size_t>(plan.columns.size(), 4))
      columns_.emplace_back(rows, 0.0);
    std::vector<const double*> in;
    for (auto source : plan.sources)
      in.push_back(market_.column(source));
    std::vector<double*> out;
    for (size_t i = 0; i < plan.columns.size(); ++i)
      out.push_back(columns_[i].data());
    auto ours = one.ours.size() > 1 ? pipeline_time(plan, in, out, rows)
                                    : object_time(plan, in, out, rows);
    auto theirs = nanoseconds([&] {
      for (auto call : one.theirs)
        call(market_, columns_[0].data(), columns_[1].data(),
             columns_[2].data(), columns_[3].data());
    });
    auto bars = static_cast<double>(rows);
    one.our_best = std::min(one.our_best, ours / bars);
    one.their_best = std::min(one.their_best, theirs / bars);
  }

private:
  static double pipeline_time(const feature_plan& plan,
                              const std::vector<const double*>& in,
                              const std::vector<double*>& out, size_t rows) {
    feature_pipeline pipeline{plan};
    return nanoseconds([&] { pipeline.update(in.data(), out.data(), rows); });
  }

  static double object_time(const feature_plan& plan,
                            const std::vector<const double*>& sources,
                            const std::vector<double*>& out, size_t rows) {
    auto& step = plan.steps.front();
    auto made = std::move(*step.entry->make(step.parameters));
    std::vector<const double*> in;
    for (auto input : step.inputs)
      in.push_back(sources[input.column]);
    return nanoseconds(
      [&] { made.object->update(in.data(), out.data(), rows); });
  }

  const bar_columns_of& market_;
  std::vector<std::vector<double>> columns_;
};

void show(const contest& one) {
  std::printf("%-22s %10.2f %10.2f %8.1fx\n", one.name, one.our_best,
              one.their_best, one.their_best / one.our_best);
}

// -- a row at a time
// --------------------------------------------------------------

/// @returns the best of some turns, in nanoseconds a row.
double streaming(const feature_request& request, const bar_columns_of& market) {
  feature_spec spec{std::chrono::minutes{1}, {request}};
  auto plan = *feature_plan::make(spec);
  auto& step = plan.steps.front();
  auto made = std::move(*step.entry->make(step.parameters));
  std::vector<const double*> in;
  for (auto input : step.inputs)
    in.push_back(market.column(plan.sources[input.column]));
  std::vector<double> values(plan.columns.size());
  std::vector<double*> out;
  for (auto& value : values)
    out.push_back(&value);
  auto best = 1e300;
  constexpr size_t rows = 20'000;
  for (auto turn = 0; turn < 10; ++turn) {
    auto from = in;
    best = std::min(best, nanoseconds([&] {
                            for (size_t row = 0; row < rows; ++row) {
                              made.object->update(from.data(), out.data(), 1);
                              for (auto& pointer : from)
                                ++pointer;
                            }
                          }) / rows);
  }
  return best;
}

double streaming_pipeline(const contest& all, const bar_columns_of& market) {
  feature_pipeline pipeline{
    *feature_plan::make({std::chrono::minutes{1}, all.ours})};
  auto& plan = pipeline.plan();
  std::vector<double> values(plan.columns.size());
  std::vector<double*> out;
  for (auto& value : values)
    out.push_back(&value);
  std::vector<const double*> in;
  for (auto source : plan.sources)
    in.push_back(market.column(source));
  constexpr size_t rows = 20'000;
  auto best = 1e300;
  for (auto turn = 0; turn < 5; ++turn)
    best = std::min(best, nanoseconds([&] {
                            for (size_t row = 0; row < rows; ++row) {
                              pipeline.update(in.data(), out.data(), 1);
                              for (auto& pointer : in)
                                ++pointer;
                            }
                          }) / rows);
  return best;
}

// -- digits
// -----------------------------------------------------------------------

/// Prints the worst relative error of a deviation of 20 rows.
void show_error(double price, double spread) {
  auto market = generated_bars(20'000, price, spread);
  auto rows = market.rows();
  std::vector<double> upper(rows), middle(rows), lower(rows), rest(rows);
  auto close = market.close();
  auto worst = [&] {
    auto result = 0.0;
    for (size_t row = 100; row < rows; ++row) {
      long double sum = 0;
      long double squares = 0;
      for (auto i = row - 19; i <= row; ++i) {
        long double t = static_cast<long double>(close[i]) - close[row];
        sum += t;
        squares += t * t;
      }
      auto exact = std::sqrt(squares / 20 - sum / 20 * (sum / 20));
      auto found = (upper[row] - middle[row]) / talib_wide;
      result = std::max(result,
                        static_cast<double>(std::abs(found - exact) / exact));
    }
    return result;
  };
  auto object
    = std::move(*find_feature("bollinger")
                   ->make(std::vector<double>{20, talib_wide, talib_wide}))
        .object;
  std::vector<double*> out{upper.data(), middle.data(), lower.data()};
  object->update(&close, out.data(), rows);
  auto ours = worst();
  talib_wide_bollinger(market, upper.data(), middle.data(), lower.data(),
                       rest.data());
  // It writes its first value to the front.
  for (auto column : {&upper, &middle, &lower})
    std::copy_backward(column->begin(), column->end() - 19, column->end());
  std::printf("price %6.0f, spread %6.0e: %10.1e %10.1e\n", price, spread, ours,
              worst());
}

} // namespace

int main(int argc, char** argv) {
  auto rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'628'000;
  auto market = generated_bars(rows, 20'000, 10);
  talib_begin();
  auto contests = all_contests();
  auto all = all_together(contests);
  auto more = more_contests();
  arena where{market};
  for (auto turn = 0; turn < 5; ++turn) {
    for (auto& one : contests)
      where.run(one);
    where.run(all);
    for (auto& one : more)
      where.run(one);
  }
  std::printf("%llu bars, one thread, %s\n",
              static_cast<unsigned long long>(rows),
              std::string{to_string(current_vector_level())}.c_str());
  std::printf("%-22s %10s %10s\n", "ns a bar", "ours", "TA-Lib");
  for (const auto& one : contests)
    show(one);
  show(all);
  for (const auto& one : more)
    show(one);
  std::printf("\na row at a time         ns an update\n");
  for (const auto& one : contests)
    std::printf("%-22s %10.2f\n", one.name, streaming(one.ours[0], market));
  std::printf("%-22s %10.2f ns a bar\n", "pipeline of all 15",
              streaming_pipeline(all, market));
  std::printf("\nworst relative error of a standard deviation of 20 rows, ours "
              "and TA-Lib's\n");
  for (auto spread : {10.0, 0.1, 1e-3})
    show_error(1e5, spread);
}
