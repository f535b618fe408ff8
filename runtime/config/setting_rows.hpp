// How rows of the schema are written. Only for the sources that hold them.

#pragma once

#include "runtime/config/setting_field.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace qalpha::detail {

inline constexpr int64_t one = 100'000'000;
inline constexpr int64_t basis_point = 10'000;
inline constexpr int64_t percent = 1'000'000;
inline constexpr int64_t second = 1'000'000'000;
inline constexpr int64_t millisecond = 1'000'000;
inline constexpr int64_t day = 86'400 * second;
inline constexpr int64_t largest_money = 1'000'000'000 * one;

/// A row without bounds.
inline setting plain(std::string_view path, setting_kind kind,
                     std::string_view help) {
  setting row;
  row.path = path;
  row.kind = kind;
  row.help = help;
  return row;
}

inline setting one_of(std::string_view path,
                      std::span<const setting_choice> words,
                      std::string_view help) {
  auto row = plain(path, setting_kind::choice, help);
  row.choices = words;
  return row;
}

inline setting ranged(std::string_view path, setting_kind kind, int64_t lowest,
                      int64_t highest, std::string_view help,
                      int64_t step = 1) {
  auto row = plain(path, kind, help);
  row.lowest = lowest;
  row.highest = highest;
  row.step = step;
  return row;
}

inline setting or_word(setting row, std::string_view word) {
  row.word = word;
  return row;
}

/// @returns the rows of the stores that get copies.
std::vector<setting> store_rows();

/// @returns the rows of the models that are asked.
std::vector<setting> model_rows();

} // namespace qalpha::detail
