// Times wavelet denoising; wavelet.sh runs it beside PyWavelets.
//
//   bench_wavelet denoise IN WAVELET LEVELS RULE OUT   the whole series
//   bench_wavelet transform IN WAVELET LEVELS OUT      to and fro only
//   bench_wavelet last IN WAVELET LEVELS RULE WINDOW   a window a bar
//
// IN and OUT hold doubles as they lie in memory. Prints the processor
// seconds of a run; of `last`, seconds a bar.

#include "tests/bench/number_files.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/wavelet/denoise.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>

using namespace qalpha;
using namespace qalpha::bench;

namespace {

threshold_rule rule_of(const std::string& name) {
  auto at = std::find(threshold_rule_names.begin(), threshold_rule_names.end(),
                      name);
  return static_cast<threshold_rule>(at - threshold_rule_names.begin());
}

void time_denoising(const std::vector<double>& x, denoise_options options,
                    const std::string& out) {
  auto denoiser = *wavelet_denoiser::make(options, x.size());
  std::vector<double> result;
  auto seconds
    = median_seconds([&] { result = denoiser.denoise(x)->with_look_ahead(); });
  write_numbers(out, result);
  std::printf("%.9g\n", seconds);
}

void time_transform(const std::vector<double>& x,
                    const denoise_options& options, const std::string& out) {
  std::vector<double> result;
  auto seconds = median_seconds([&] {
    auto parts = *wavelet_decompose(x, options.of, options.boundary,
                                    options.levels);
    result = *wavelet_reconstruct(parts, options.of, options.boundary);
  });
  write_numbers(out, result);
  std::printf("%.9g\n", seconds);
}

void time_last(const std::vector<double>& x, const denoise_options& options,
               size_t window) {
  auto denoiser = *wavelet_denoiser::make(options, window);
  double sum = 0;
  auto seconds = median_seconds([&] {
    for (size_t i = window; i <= x.size(); ++i)
      sum += denoiser.denoise_last(std::span{x}.subspan(i - window, window));
  });
  if (sum == 0.5)
    std::printf("unlikely\n");
  std::printf("%.9g\n", seconds / static_cast<double>(x.size() - window + 1));
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 5) {
    std::cerr << "see tests/bench/wavelet.cpp\n";
    return 2;
  }
  auto x = read_numbers(args[1]);
  denoise_options options;
  options.of = *find_wavelet(args[2]);
  options.levels = std::stoul(args[3]);
  if (args[0] == "transform") {
    time_transform(x, options, args[4]);
    return 0;
  }
  options.rule = rule_of(args[4]);
  options = with_usual_noise(options);
  if (args[0] == "last")
    time_last(x, options, std::stoul(args.at(5)));
  else
    time_denoising(x, options, args.at(5));
  return 0;
}
