// Sums over processes on one or several machines.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/training/neural_support.hpp"

#include <memory>

namespace qalpha {

/// Meets the other processes and waits until all are there. Sums go over TCP,
/// with Gloo; with NCCL where LibTorch has it and each process sees a GPU, the
/// one that its rank has on its machine.
/// @returns a fault if they do not come in time.
fallible<std::shared_ptr<all_reduce>>
join_processes(const process_place& place);

} // namespace qalpha
