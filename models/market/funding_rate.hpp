// What a venue says about the next funding.

#pragma once

#include "models/market/time.hpp"

#include <cstdint>

namespace qalpha {

/// Long pays short `rate_e8` of the value of a position when it is positive.
struct funding_rate {
  /// In units of 1e-8.
  int64_t rate_e8 = 0;

  /// Time of the payment; zero if the venue does not say.
  utc_time due;

  friend bool operator==(const funding_rate&, const funding_rate&) = default;
};

} // namespace qalpha
