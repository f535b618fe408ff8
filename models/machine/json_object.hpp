// Members of one JSON object, each asked for by name.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/machine/json_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Reads an object whose members are all known and all there. The first thing
/// that is wrong is kept for `finish`; what is read after it means nothing.
class json_object final {
public:
  /// @param place of the object, for faults; empty at the top
  json_object(std::string place, const json_value& json);

  /// @returns the place of a member, for faults.
  std::string place_of(std::string_view key) const;

  /// @returns the member, or `nullptr` if it is missing.
  const json_value* member(std::string_view key);

  /// As above, also if it is not of that kind.
  const json_value* member(std::string_view key, json_kind kind);

  /// @returns a text of at most `longest` bytes.
  std::string text(std::string_view key, size_t longest);

  /// @returns a finite number.
  double number(std::string_view key);

  int64_t whole(std::string_view key, int64_t least, int64_t most);

  uint64_t count(std::string_view key);

  /// Keeps a fault that somebody else found in a member.
  void fail(fault reason);

  /// @returns the first fault; a member that nobody asked for is one, and
  ///          explains a missing one.
  std::optional<fault> finish();

private:
  void fail(std::string_view key, const std::string& expected,
            const json_value& found);

  std::string place_;
  const json_value* json_;
  std::vector<std::string_view> known_;
  std::optional<fault> missing_;
  std::optional<fault> error_;
};

/// @returns a finite number, or the fault "PLACE: expected a number, found
/// ...".
fallible<double> finite_number(const std::string& place,
                               const json_value& json);

} // namespace qalpha
