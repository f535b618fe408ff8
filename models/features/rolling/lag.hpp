// What a value was some rows ago.

#pragma once

#include "models/features/feature.hpp"

#include <cstddef>
#include <vector>

namespace qalpha {

/// Remembers a column for some rows.
class lag {
public:
  /// @pre `rows > 0`
  explicit lag(size_t rows) : kept_(rows, undefined) {
    // nop
  }

  /// @returns the value that came `rows` before `x`; undefined until there is
  ///          one.
  double replace(double x) noexcept {
    auto result = kept_[at_];
    kept_[at_] = x;
    at_ = at_ + 1 == kept_.size() ? 0 : at_ + 1;
    return result;
  }

private:
  std::vector<double> kept_;
  size_t at_ = 0;
};

} // namespace qalpha
