#include "runtime/storage/stamp_reader.hpp"

#include "runtime/storage/bar_history_number.hpp"

namespace qalpha {

namespace {

/// @returns nanoseconds in the unit that makes `stamp` a date: seconds reach
///          1e11 in the year 5138, milliseconds were there in 1973.
constexpr int64_t unit_of(uint64_t stamp) noexcept {
  if (stamp < 100'000'000'000)
    return 1'000'000'000;
  if (stamp < 100'000'000'000'000)
    return 1'000'000;
  if (stamp < 100'000'000'000'000'000)
    return 1'000;
  return 1;
}

constexpr std::string_view unit_name(int64_t unit_ns) noexcept {
  switch (unit_ns) {
    case 1'000'000'000:
      return "seconds";
    case 1'000'000:
      return "milliseconds";
    case 1'000:
      return "microseconds";
    default:
      return "nanoseconds";
  }
}

} // namespace

std::optional<utc_time> stamp_reader::read(std::string_view& rest) {
  auto stamp = scan_whole(rest);
  if (!stamp || *stamp == 0) {
    expected_ = "a time as a positive whole number";
    return std::nullopt;
  }
  auto unit = unit_of(*stamp);
  if (unit_ns_ == 0)
    unit_ns_ = unit;
  if (unit != unit_ns_) {
    expected_ = std::string{unit_name(unit_ns_)} + " as in the rows before";
    return std::nullopt;
  }
  utc_time result;
  if (__builtin_mul_overflow(*stamp, unit, &result.ns)) {
    expected_ = "a time before the year 2262";
    return std::nullopt;
  }
  return result;
}

} // namespace qalpha
