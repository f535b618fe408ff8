// Figures of a manifest, read with care.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/features/feature_plan.hpp"
#include "models/machine/fallible.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <string>

namespace qalpha {

/// Reads figures by name; what is wrong first is kept as a fault.
class figure_reader {
public:
  explicit figure_reader(const std::map<std::string, double>& figures)
    : figures_(figures) {
    // nop
  }

  /// @returns the figure, or `low` if it is not there or out of its range.
  double real(const std::string& name, double low, double high) {
    auto found = figures_.find(name);
    if (found == figures_.end())
      return reject(name + ": missing", low);
    auto x = found->second;
    if (!(x >= low && x <= high))
      return reject(name + ": expected " + text(low) + " to " + text(high)
                      + ", found " + text(x),
                    low);
    return x;
  }

  /// @returns the same of a whole number.
  int64_t whole(const std::string& name, int64_t low, int64_t high) {
    auto x = real(name, static_cast<double>(low), static_cast<double>(high));
    if (x != std::floor(x))
      return static_cast<int64_t>(
        reject(name + ": expected a whole number, found " + text(x),
               static_cast<double>(low)));
    return static_cast<int64_t>(x);
  }

  bool flag(const std::string& name) {
    return whole(name, 0, 1) != 0;
  }

  /// @returns what was wrong first.
  const std::optional<fault>& wrong() const noexcept {
    return wrong_;
  }

private:
  static std::string text(double x);

  double reject(const std::string& reason, double instead);

  const std::map<std::string, double>& figures_;
  std::optional<fault> wrong_;
};

/// Checks what all models have in common: the architecture, the schema hash,
/// computed anew, and one usable scale for each column.
/// @returns the plan of its features.
fallible<feature_plan> check_manifest(const manifest& about,
                                      const std::string& architecture);

} // namespace qalpha
