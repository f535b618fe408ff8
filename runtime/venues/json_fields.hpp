// Fields of a JSON object as checked values.

#pragma once

#include "models/market/depth.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/venues/venue_message.hpp"

#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qalpha {

/// The first fault of a message, and the field that has it.
struct field_fault {
  decode_fault what = decode_fault::bad_field;
  std::string_view field;
};

/// @returns the text of a string; nothing for other types.
std::optional<std::string_view> text_of(const rapidjson::Value& x);

/// Reads the fields of one object by name. A fault is kept in a place that the
/// readers of a message share; what is read after it is zero or empty and of no
/// meaning. A name that occurs twice is `bad_field`, as are missing names and
/// wrong types; a value out of range is `bad_number`.
class json_fields {
public:
  /// Names must outlive `fault`. Anything but an object is `bad_field`.
  json_fields(const rapidjson::Value& object,
              std::optional<field_fault>& fault);

  bool ok() const noexcept {
    return !fault_;
  }

  /// @returns the value, or `nullptr` if there is none.
  const rapidjson::Value* find(std::string_view name);

  bool has(std::string_view name) {
    return find(name) != nullptr;
  }

  std::string_view text(std::string_view name);

  bool flag(std::string_view name);

  /// A JSON number that is whole and not negative.
  uint64_t count(std::string_view name);

  /// Milliseconds, as a JSON number; zero is no time.
  utc_time time(std::string_view name);

  /// Milliseconds, as a JSON number; zero is "none".
  utc_time optional_time(std::string_view name);

  /// A positive multiple of the tick.
  price exact_price(std::string_view name, const instrument& of);

  /// A positive price, to the nearest tick.
  price near_price(std::string_view name, const instrument& of);

  /// A multiple of the lot; may be zero.
  quantity size(std::string_view name, const instrument& of);

  /// A multiple of the lot; positive.
  quantity positive_size(std::string_view name, const instrument& of);

  /// Text of a size that is not negative, rounded toward zero to whole lots.
  quantity near_size(std::string_view name, const instrument& of);

  /// A list of `[price, size]`.
  void levels(std::string_view name, const instrument& of,
              std::vector<level_change>& out);

  /// The list called `name`; an empty one after a fault.
  const rapidjson::Value& list(std::string_view name);

  /// The object called `name`.
  json_fields object(std::string_view name);

  /// Reports a fault, unless there is one.
  void fail(decode_fault what, std::string_view name);

private:
  const rapidjson::Value* need(std::string_view name);
  utc_time milliseconds(std::string_view name, bool required);

  const rapidjson::Value& object_;
  std::optional<field_fault>& fault_;
};

/// Reads elements of an array by position, in the manner of `json_fields`.
price exact_price_of(const rapidjson::Value& x, const instrument& of,
                     std::string_view name, std::optional<field_fault>& fault);

/// As `exact_price_of`, for a size that may be zero.
quantity size_of(const rapidjson::Value& x, const instrument& of,
                 std::string_view name, std::optional<field_fault>& fault);

/// @returns the time of `ms`, or zero if it is beyond `latest_ms`.
utc_time time_of_ms(uint64_t ms) noexcept;

} // namespace qalpha
