// The schema of the configuration: one row for each setting. Parsing, checks,
// defaults, help and the JSON Schema all follow from these rows.

#pragma once

#include "runtime/config/node_config.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace qalpha {

/// How a value is written and what its raw form counts.
enum class setting_kind : uint8_t {
  /// "abc"; raw: the text.
  text,
  /// true or false.
  flag,
  /// One of a list of words; raw: the number of the word.
  choice,
  /// 5; raw: the number.
  integer,
  /// 0.25; raw: in units of 1e-8.
  number,
  /// "250 USDT"; raw: in units of 1e-8.
  money,
  /// "5s"; raw: nanoseconds.
  time,
  /// "2 %" or "5 bp"; raw: in units of 1e-8.
  share,
  /// A list of instruments.
  symbols,
  /// A group with a path for each symbol.
  files,
  /// A group with a number for each parameter.
  parameters,
  /// A group with another name for each symbol.
  names,
};

/// A value between text and field; `monostate` is the word of an optional.
using raw_value = std::variant<std::monostate, int64_t, bool, std::string>;

/// One word of a choice.
struct setting_choice {
  std::string_view word;
  int64_t value = 0;
};

/// One row of the schema.
struct setting {
  /// Keys from the root, for example "risk.max_orders".
  std::string_view path;
  setting_kind kind = setting_kind::text;

  /// Meaning and effect, for help and schema.
  std::string_view help;

  /// Legal raw values, both included.
  int64_t lowest = 0;
  int64_t highest = 0;

  /// Raw values are whole multiples of this: 10'000 keeps a share in whole
  /// basis points.
  int64_t step = 1;

  std::span<const setting_choice> choices;

  /// Word for "no value", for example "max"; empty if there has to be one.
  std::string_view word;

  /// Access to the field; not set for symbols and groups.
  raw_value (*get)(const node_config&, int64_t step) = nullptr;
  void (*set)(node_config&, const raw_value&, int64_t step) = nullptr;
};

/// @returns all rows, in the order in which they are printed.
std::span<const setting> settings();

/// @returns the row with this path, or `nullptr`.
const setting* find_setting(std::string_view path);

/// @returns the keys directly below `group` ("" is the root).
std::vector<std::string_view> keys_below(std::string_view group);

/// @returns `raw` as a person writes it in JSON, with quotes where needed.
std::string format_raw(const setting& row, const raw_value& raw);

/// @returns what may be written: "a whole number from 1 to 30".
std::string expectation(const setting& row);

} // namespace qalpha
