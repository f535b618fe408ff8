// How far the clock of a venue is from ours.

#pragma once

#include "models/market/time.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace qalpha {

/// Keeps the offset of the measurement with the shortest round trip among the
/// last few: its error is at most half of that trip. Old ones fall out since
/// clocks drift.
class clock_offset {
public:
  /// @param server what the venue answered to a question sent at `sent` whose
  ///               answer came at `received`, by our clock
  void measured(utc_time sent, utc_time server, utc_time received) noexcept;

  /// @returns venue minus ours; nothing before the first measurement.
  std::optional<timespan> value() const noexcept;

private:
  struct sample {
    timespan round_trip{0};
    timespan offset{0};
  };

  static constexpr size_t kept = 8;

  std::array<sample, kept> samples_;
  size_t count_ = 0;
};

} // namespace qalpha
