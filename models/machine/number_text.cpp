#include "models/machine/number_text.hpp"

#include <array>
#include <charconv>

namespace qalpha {

std::string exact_number_text(double x) {
  // The longest is -2.2250738585072014e-308.
  std::array<char, 32> buffer;
  auto [end, code] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                   x);
  return {buffer.data(), end};
}

std::optional<double> number_of(std::string_view text) {
  double result = 0;
  auto end = text.data() + text.size();
  auto [at, code] = std::from_chars(text.data(), end, result);
  if (text.empty() || code != std::errc{} || at != end)
    return std::nullopt;
  return result;
}

} // namespace qalpha
