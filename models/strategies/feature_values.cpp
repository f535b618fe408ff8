#include "models/strategies/feature_values.hpp"

#include <array>
#include <charconv>

namespace qalpha {

std::string value_text(double x) {
  if (std::isnan(x))
    return "not known";
  std::array<char, 40> buffer;
  auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x,
                           std::chars_format::general, 10)
               .ptr;
  return {buffer.data(), end};
}

} // namespace qalpha
