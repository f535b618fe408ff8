// Access from a row of the schema to a field of `node_config`.

#pragma once

#include "runtime/config/setting.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace qalpha::detail {

// Integers count steps, money and times their own units, doubles units of 1e-8.

template <class T>
raw_value to_raw(const T& field, int64_t step) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>)
    return field;
  else if constexpr (std::is_same_v<T, double>)
    return static_cast<int64_t>(std::llround(field * 1e8));
  else if constexpr (std::is_same_v<T, timespan>)
    return int64_t{field.count()};
  else if constexpr (requires { field.e8; })
    return int64_t{field.e8};
  else
    return static_cast<int64_t>(field) * step;
}

template <class T>
raw_value to_raw(const std::optional<T>& field, int64_t step) {
  return field ? to_raw(*field, step) : raw_value{};
}

template <class T>
void from_raw(T& field, const raw_value& raw, int64_t step) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>)
    field = std::get<T>(raw);
  else if constexpr (std::is_same_v<T, double>)
    field = static_cast<double>(std::get<int64_t>(raw)) / 1e8;
  else if constexpr (std::is_same_v<T, timespan>)
    field = timespan{std::get<int64_t>(raw)};
  else if constexpr (requires { field.e8; })
    field.e8 = std::get<int64_t>(raw);
  else
    field = static_cast<T>(std::get<int64_t>(raw) / step);
}

template <class T>
void from_raw(std::optional<T>& field, const raw_value& raw, int64_t step) {
  if (std::holds_alternative<std::monostate>(raw))
    field.reset();
  else
    from_raw(field.emplace(), raw, step);
}

/// @returns `row` with access to the field that the members lead to.
template <auto... Members>
setting bound(setting row) {
  row.get = [](const node_config& config, int64_t step) {
    return to_raw((config.*....*Members), step);
  };
  row.set = [](node_config& config, const raw_value& raw, int64_t step) {
    from_raw((config.*....*Members), raw, step);
  };
  return row;
}

} // namespace qalpha::detail
