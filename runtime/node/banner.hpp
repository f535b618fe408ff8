// The first lines of a run.

#pragma once

#include "runtime/config/node_config.hpp"
#include "runtime/node/node.hpp"
#include "runtime/storage/sqlite_journal.hpp"

#include <chrono>
#include <string>

namespace qalpha {

/// What the journal of an earlier life says about the account.
struct recalled_account {
  money equity;
  money peak;
};

/// @returns who runs, on what, within which limits, and what to type next; for
/// a
///          resumed run also what it continues with.
std::string banner(const node_config& config, const journal_summary& summary,
                   const recalled_account& account, const node& running,
                   const std::vector<std::string>& models,
                   std::chrono::steady_clock::duration took);

} // namespace qalpha
