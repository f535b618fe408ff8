// How long a model takes to answer.

#pragma once

#include "models/market/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace qalpha {

/// The times of the last answers. Of fixed size.
class answer_times {
public:
  static constexpr size_t window = 1000;

  /// An answer was given after that time.
  void add(timespan taken) noexcept;

  uint64_t answers() const noexcept {
    return answers_;
  }

  /// @returns the time that 99 of 100 of the last answers did not exceed, or
  ///          `nullopt` before the first.
  std::optional<timespan> p99() const noexcept;

private:
  std::array<timespan, window> times_{};
  size_t next_ = 0;
  size_t size_ = 0;
  uint64_t answers_ = 0;
};

} // namespace qalpha
