// "Did you mean ...?"

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace qalpha {

/// Names longer than this are not corrected.
inline constexpr size_t longest_corrected_name = 63;

/// Number of single-letter insertions, deletions, replacements and swaps of
/// neighbours that turn `a` into `b`, upper case counting as lower case.
/// @pre both have at most `longest_corrected_name` letters
constexpr size_t edit_distance(std::string_view a, std::string_view b) {
  constexpr size_t width = longest_corrected_name + 1;
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  // The last three rows of the table; row i holds distances from a[0, i).
  std::array<std::array<size_t, width>, 3> rows{};
  for (size_t j = 0; j <= b.size(); ++j)
    rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    const auto& before = rows[(i + 1) % 3];
    const auto& above = rows[(i - 1) % 3];
    auto& row = rows[i % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      auto differs = lower(a[i - 1]) != lower(b[j - 1]);
      row[j] = std::min(
        {above[j] + 1, row[j - 1] + 1, above[j - 1] + (differs ? 1 : 0)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2])
          && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return rows[a.size() % 3][b.size()];
}

/// Finds what a person probably meant.
/// @returns the entry of `known` that is closest to `wrong`, the first of equal
///          ones, or `nullopt` if none is within a third of its length, in
///          which case a guess would mislead.
constexpr std::optional<std::string_view>
nearest_name(std::string_view wrong, std::span<const std::string_view> known) {
  std::optional<std::string_view> result;
  if (wrong.size() > longest_corrected_name)
    return result;
  auto smallest = longest_corrected_name;
  for (auto name : known) {
    if (name.size() > longest_corrected_name)
      continue;
    auto distance = edit_distance(wrong, name);
    auto longest = std::max(wrong.size(), name.size());
    if (distance * 3 <= longest && distance < smallest) {
      smallest = distance;
      result = name;
    }
  }
  return result;
}

} // namespace qalpha
