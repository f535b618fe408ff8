// A JSON text as a tree that still knows what a person wrote.

#pragma once

#include "models/machine/fallible.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

enum class json_kind : uint8_t { null, boolean, number, text, array, object };

struct json_member;

/// One value. Numbers keep their digits, so that 0.1 stays exact.
struct json_value {
  json_kind kind = json_kind::null;

  /// Digits of a number, characters of a text, "true" or "false".
  std::string text;

  /// Elements of an array, or members of an object in the order of the text;
  /// the keys of an array's elements are empty.
  std::vector<json_member> children;

  /// @returns the member called `key`, if there is one.
  const json_value* find(std::string_view key) const noexcept;
};

/// An element of an array or a member of an object.
struct json_member {
  std::string key;
  json_value value;
};

/// Largest text that is read.
inline constexpr size_t largest_json = 1024 * 1024;

/// Reads strict JSON with comments and trailing commas. Refuses duplicate keys,
/// control characters in texts, bytes that are not UTF-8, NaN and infinity,
/// more than 32 levels, 1024 members in one object, or `largest_json` bytes.
/// @returns a fault "3:14: syntax: ..." with line and column.
fallible<json_value> parse_json(std::string_view text);

/// @returns what a value is, for messages: `the number 5`, `the text "x"`.
std::string describe(const json_value& value);

} // namespace qalpha
