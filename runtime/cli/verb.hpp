// How a verb becomes part of the command line.

#pragma once

#include "runtime/cli/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <span>

namespace qalpha {

/// Adds one verb: options, help with an example, and a callback that runs the
/// verb and puts its end into `exit`. One file a verb defines one of these.
using verb_adder = void (*)(CLI::App& program, exit_code& exit);

/// @returns all verbs, in the order of the help text.
std::span<const verb_adder> all_verbs();

// -- one line a verb ----------------------------------------------------------

void add_run(CLI::App& program, exit_code& exit);
void add_backtest(CLI::App& program, exit_code& exit);
void add_check(CLI::App& program, exit_code& exit);
void add_features(CLI::App& program, exit_code& exit);
void add_inspect(CLI::App& program, exit_code& exit);
void add_top(CLI::App& program, exit_code& exit);
void add_why(CLI::App& program, exit_code& exit);
void add_halt(CLI::App& program, exit_code& exit);
void add_resume(CLI::App& program, exit_code& exit);
void add_reduce(CLI::App& program, exit_code& exit);
void add_flatten(CLI::App& program, exit_code& exit);
void add_kill(CLI::App& program, exit_code& exit);

} // namespace qalpha
