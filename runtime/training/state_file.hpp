// Where a training is, as a file.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/training/training_state.hpp"

#include <string>

namespace qalpha {

/// Writes a line of JSON with the figures and the tensors behind it; the file
/// is complete or still the one before.
/// @param fingerprint of what the training depends on
fallible<bool> write_state_file(const std::string& path,
                                const training_state& state,
                                const std::string& fingerprint);

/// @returns a fault naming the file if it is not such a file, damaged, or that
/// of
///          a training with another configuration or seed.
fallible<training_state> read_state_file(const std::string& path,
                                         const std::string& fingerprint);

} // namespace qalpha
