// One object of a configuration with defaults, read strictly.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/machine/json_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Reads members by name into what holds their defaults. Sections of one file
/// share a place for the first thing that is wrong; what is read after it means
/// nothing.
class json_section final {
public:
  /// @param place of the object, for faults
  /// @param json may be `nullptr`: nothing is given
  /// @param problem outlives the object
  json_section(std::string place, const json_value* json,
               std::optional<fault>& problem);

  bool has(std::string_view key) const;

  void real(std::string_view key, double& into, double low, double high);
  void whole(std::string_view key, size_t& into, size_t low, size_t high);
  void whole(std::string_view key, int64_t& into, int64_t low, int64_t high);
  void flag(std::string_view key, bool& into);
  void text(std::string_view key, std::string& into);
  void reals(std::string_view key, std::vector<double>& into);
  void wholes(std::string_view key, std::vector<int64_t>& into);

  /// @returns the member as it is, or `nullptr`.
  const json_value* raw(std::string_view key);

  /// @returns an object inside this one.
  json_section group(std::string_view key);

  /// @returns the members' names, for objects whose keys are free.
  std::vector<std::string> keys() const;

  std::string place_of(std::string_view key) const;

  void fail(std::string_view key, const std::string& what);

  /// A member that nobody asked for is a fault.
  void finish();

private:
  void expected(std::string_view key, const std::string& what,
                const json_value& found);

  std::string place_;
  const json_value* json_;
  std::optional<fault>& problem_;
  std::vector<std::string> known_;
};

} // namespace qalpha
