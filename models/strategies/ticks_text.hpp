// Figures in ticks as text for people.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace qalpha {

/// @returns sum / count with two decimals, cut off; from integers only, since
///          the text is part of a run's hash.
/// @pre `sum >= 0 && count > 0`
inline std::string mean_text(int64_t sum, size_t count) {
  auto hundredths = static_cast<__int128>(sum) * 100
                    / static_cast<int64_t>(count);
  auto cents = static_cast<int>(hundredths % 100);
  auto text = std::to_string(static_cast<int64_t>(hundredths / 100));
  return text + (cents < 10 ? ".0" : ".") + std::to_string(cents);
}

} // namespace qalpha
