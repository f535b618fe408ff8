#include "tests/models/neural/tft_samples.hpp"

#include <ATen/CPUGeneratorImpl.h>

namespace qalpha {

namespace {

torch::Tensor random_codes(std::vector<int64_t> shape,
                           const std::vector<int64_t>& classes,
                           at::Generator generator) {
  std::vector<torch::Tensor> columns;
  for (auto count : classes)
    columns.push_back(torch::randint(0, count, shape, generator, torch::kLong));
  return columns.empty() ? torch::Tensor{} : torch::stack(columns, -1);
}

} // namespace

tft_batch random_batch(const tft_settings& settings, int64_t rows,
                       uint64_t seed) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  auto past = settings.lookback;
  auto all = settings.steps();
  auto values = [&](std::vector<int64_t> shape) {
    return torch::randn(shape, generator);
  };
  return {
    .static_codes = random_codes({rows}, settings.static_categories, generator),
    .static_values = values({rows, settings.static_values}),
    .known_codes = random_codes({rows, all}, settings.known_categories,
                                generator),
    .known_values = values({rows, all, settings.known_values}),
    .observed_codes = random_codes({rows, past}, settings.observed_categories,
                                   generator),
    .observed_values = values({rows, past, settings.observed_values}),
    .targets = values({rows, past, settings.targets})};
}

} // namespace qalpha
