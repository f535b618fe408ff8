// An answer of a venue's REST interface while it is read.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/venues/json_fields.hpp"
#include "runtime/venues/json_message.hpp"
#include "runtime/venues/venue_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Parses an answer and collects its first fault.
class venue_answer {
public:
  /// @param what is read, for texts: "binance depth of BTCUSDT"
  venue_answer(std::string what, std::string_view bytes);

  /// @returns whether nothing is wrong so far.
  bool ok() const noexcept {
    return refusal_.empty() && !fault;
  }

  /// @pre `ok()` held after construction
  const rapidjson::Value& root() const noexcept {
    return message_.root();
  }

  /// The answer as an object.
  json_fields fields() {
    return {root(), fault};
  }

  /// Keeps that the venue refused the request, in its own words.
  void refuse(int64_t code, std::string_view text);

  /// @returns one line about what is wrong.
  qalpha::fault error() const;

  /// @returns `value`, or the fault.
  template <class T>
  fallible<T> result(T value) const {
    if (!ok())
      return error();
    return value;
  }

  /// For the readers of fields.
  std::optional<field_fault> fault;

private:
  std::string what_;
  json_message message_;
  std::string refusal_;
};

/// Reads the array `row` as open, high, low, close and volume from `first` on.
void read_bar_columns(const rapidjson::Value& row, rapidjson::SizeType first,
                      const instrument& of, bar& out, venue_answer& answer);

/// Reads the limits of one order in lots, whatever its type: the smaller one of
/// two, where zero or absent is none.
quantity smaller_limit(quantity a, quantity b) noexcept;

/// Reads a positive decimal in units of 1e-8.
int64_t read_positive_e8(json_fields& fields, std::string_view name);

} // namespace qalpha
