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

/// Largest text that is read, if nothing else is said.
inline constexpr size_t largest_json = 1024 * 1024;

/// What a text may hold. It bounds time and memory.
struct json_limits {
  /// Whole mebibytes.
  size_t bytes = largest_json;
  size_t levels = 32;
  /// Of one object.
  size_t members = 1024;
  /// All values, those inside others too.
  size_t values = 200'000;
  /// Comments and trailing commas, as people write them.
  bool relaxed = true;
};

/// Reads strict JSON. Refuses duplicate keys, control characters in texts,
/// bytes that are not UTF-8, NaN and infinity, and what is beyond the limits.
/// @returns a fault "3:14: syntax: ..." with line and column.
fallible<json_value> parse_json(std::string_view text,
                                const json_limits& limits = {});

/// @returns what a value is, for messages: `the number 5`, `the text "x"`.
std::string describe(const json_value& value);

} // namespace qalpha
