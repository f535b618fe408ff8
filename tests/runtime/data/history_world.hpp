// What the tests of histories share.

#pragma once

#include "runtime/data/history_row.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace qalpha::test {

constexpr int64_t second_ns = 1'000'000'000;
constexpr int64_t hour_ns = 3600 * second_ns;

/// 2024-01-01 00:00 UTC.
constexpr utc_time new_year{1'704'067'200 * second_ns};

constexpr utc_time hours_later(int64_t hours) {
  return {new_year.ns + hours * hour_ns};
}

/// A bar that opens `hours` after the new year.
inline std::string bar_line(int64_t hours,
                            const std::string& rest = "10,11,9,10.5,2") {
  return std::to_string(hours_later(hours).ns / 1'000'000) + "," + rest + "\n";
}

/// Bars of every hour in [first, last).
inline std::string bar_lines(int64_t first, int64_t last) {
  std::string result;
  for (auto i = first; i < last; ++i)
    result += bar_line(i);
  return result;
}

/// @returns where recorded histories are, if they are here.
inline std::optional<fs::path> recorded_histories() {
  auto* data = std::getenv("QALPHA_DATA");
  auto root = fs::path{data ? data : "../shared/data"} / "history";
  if (!fs::exists(root))
    return std::nullopt;
  return root;
}

} // namespace qalpha::test
