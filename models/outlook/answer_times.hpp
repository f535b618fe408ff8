// How long a model takes to answer.

#pragma once

#include "models/market/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace qalpha {

/// The times of the last answers and what came too late. Of fixed size.
class answer_times {
public:
  static constexpr size_t window = 1000;

  /// An answer came before its deadline.
  void in_time(timespan taken) noexcept;

  /// An answer came after its deadline and was dropped; its time counts, too.
  void late(timespan taken) noexcept;

  uint64_t answers() const noexcept {
    return answers_;
  }

  uint64_t late_answers() const noexcept {
    return late_;
  }

  /// @returns the time that 99 of 100 of the last answers did not exceed, or
  ///          `nullopt` before the first.
  std::optional<timespan> p99() const noexcept;

private:
  void add(timespan taken) noexcept;

  std::array<timespan, window> times_{};
  size_t next_ = 0;
  size_t size_ = 0;
  uint64_t answers_ = 0;
  uint64_t late_ = 0;
};

} // namespace qalpha
