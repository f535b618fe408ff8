// What was asked of a policy, and what it achieved.

#pragma once

#include "runtime/reports/picture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Mean returns of episodes, one a target. What is not finite is left out.
struct return_picture {
  std::string title;
  std::vector<double> asked;
  std::vector<double> achieved;
  /// Mean return of those from whom the policy has learned.
  std::optional<double> behaviour;
};

/// @relates return_picture
void draw(const return_picture& x, canvas& on);

} // namespace qalpha
