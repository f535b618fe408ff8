// From `qalpha` to `qalpha-neural`.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/cli/exit_code.hpp"
#include "runtime/training/neural_support.hpp"

#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// Becomes the program `qalpha-neural`, which lies beside this one, with the
/// same arguments. Returns only if that is not possible, and says why on the
/// standard error.
exit_code become_neural_program(const std::vector<std::string>& arguments);

/// Makes a program with LibTorch ready to answer: one thread a model. Nothing
/// is done without LibTorch.
/// @param least speed of matrix products, in 1e9 operations a second
/// @returns what the speed is and what to do, if the machine is slower: answers
///          of models would be late.
std::optional<fault> prepare_models(const neural_support* neural, double least);

/// The same where nothing is late because nothing waits: a slow machine is a
/// word on the standard error.
void prepare_models_without_haste(const neural_support* neural, double least);

/// @returns null without LibTorch.
const model_loaders* loaders_of(const neural_support* neural);

} // namespace qalpha
