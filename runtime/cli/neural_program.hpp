// From `qalpha` to `qalpha-neural`.

#pragma once

#include "runtime/cli/exit_code.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Becomes the program `qalpha-neural`, which lies beside this one, with the
/// same arguments. Returns only if that is not possible, and says why on the
/// standard error.
exit_code become_neural_program(const std::vector<std::string>& arguments);

} // namespace qalpha
