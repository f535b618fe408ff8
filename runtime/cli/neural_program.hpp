// From `qalpha` to `qalpha-neural`.

#pragma once

#include "runtime/cli/exit_code.hpp"
#include "runtime/training/neural_support.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Becomes the program `qalpha-neural`, which lies beside this one, with the
/// same arguments. Returns only if that is not possible, and says why on the
/// standard error.
exit_code become_neural_program(const std::vector<std::string>& arguments);

/// Makes a program with LibTorch ready to answer: one thread a model, and a
/// word on the standard error where the machine multiplies matrices so slowly
/// that answers would be late. Nothing is done without LibTorch.
void prepare_models(const neural_support* neural);

/// @returns null without LibTorch.
const model_loaders* loaders_of(const neural_support* neural);

} // namespace qalpha
