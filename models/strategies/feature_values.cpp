#include "models/strategies/feature_values.hpp"

#include <array>
#include <cstdio>

namespace qalpha {

std::string value_text(double x) {
  if (std::isnan(x))
    return "not known";
  std::array<char, 40> buffer;
  auto length = std::snprintf(buffer.data(), buffer.size(), "%.10g", x);
  return {buffer.data(), static_cast<size_t>(length)};
}

} // namespace qalpha
