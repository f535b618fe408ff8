// The first lines of a run.

#pragma once

#include "runtime/config/node_config.hpp"
#include "runtime/node/node.hpp"
#include "runtime/storage/sqlite_journal.hpp"

#include <chrono>
#include <string>

namespace qalpha {

/// @returns who runs, on what, within which limits, and what to type next.
std::string banner(const node_config& config, const journal_summary& summary,
                   const node& running,
                   std::chrono::steady_clock::duration took);

} // namespace qalpha
