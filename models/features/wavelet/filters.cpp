#include "models/features/wavelet/filters.hpp"

#include "models/features/wavelet/taps.hpp"

#include <algorithm>
#include <string>

namespace qalpha {

namespace {

constexpr size_t first_symlet = 20;
constexpr size_t first_coiflet = 39;

static_assert(wavelet_names[first_symlet] == "sym2");
static_assert(wavelet_names[first_coiflet] == "coif1");

} // namespace

wavelet wavelet_at(size_t index) noexcept {
  auto name = wavelet_names[index];
  if (index < first_symlet)
    return {name, daubechies_taps(index + 1)};
  if (index < first_coiflet)
    return {name, symlet_taps(index - first_symlet + 2)};
  return {name, coiflet_taps(index - first_coiflet + 1)};
}

std::optional<wavelet> find_wavelet(std::string_view name) noexcept {
  auto at = std::find(wavelet_names.begin(), wavelet_names.end(), name);
  if (at == wavelet_names.end())
    return std::nullopt;
  return wavelet_at(static_cast<size_t>(at - wavelet_names.begin()));
}

size_t highest_wavelet_level(size_t size, const wavelet& of) noexcept {
  size_t result = 0;
  for (auto step = of.length() - 1; 2 * step <= size; step *= 2)
    ++result;
  return result;
}

std::optional<fault> wrong_level(size_t size, const wavelet& of,
                                 size_t levels) {
  auto highest = highest_wavelet_level(size, of);
  std::string name{of.name};
  if (highest == 0)
    return fault{"values: expected at least "
                 + std::to_string(2 * (of.length() - 1)) + " for " + name
                 + ", found " + std::to_string(size)};
  if (levels < 1 || levels > highest)
    return fault{"level must be 1 to " + std::to_string(highest) + " for "
                 + std::to_string(size) + " values and " + name + ", was "
                 + std::to_string(levels)};
  return std::nullopt;
}

} // namespace qalpha
