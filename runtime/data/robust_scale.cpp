#include "runtime/data/robust_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace qalpha {

namespace {

/// @pre `numbers` is not empty
double median(std::vector<double>& numbers) {
  auto half = static_cast<std::ptrdiff_t>(numbers.size() / 2);
  auto middle = numbers.begin() + half;
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1)
    return *middle;
  return (*std::max_element(numbers.begin(), middle) + *middle) / 2;
}

} // namespace

std::optional<center_and_width> robust_scale(std::vector<double> numbers) {
  if (numbers.empty())
    return std::nullopt;
  auto center = median(numbers);
  double sum = 0;
  for (auto& x : numbers) {
    x = std::abs(x - center);
    sum += x;
  }
  if (auto width = 1.4826 * median(numbers); width > 0)
    return center_and_width{center, width};
  if (sum > 0)
    return center_and_width{center,
                            1.2533 * sum / static_cast<double>(numbers.size())};
  return std::nullopt;
}

} // namespace qalpha
