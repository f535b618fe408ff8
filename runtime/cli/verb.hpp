// How a verb becomes part of the command line.

#pragma once

#include "runtime/cli/exit_code.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace CLI {

class App;
class Option;

} // namespace CLI

namespace qalpha {

struct neural_support;

/// What all verbs of one run of the program share.
struct program_context {
  /// What the process ends with.
  exit_code exit = exit_code::ok;
  /// As they were given, without the program's name.
  std::vector<std::string> arguments;
  /// `nullptr` in a program without LibTorch.
  const neural_support* neural = nullptr;
};

/// What restricts one option. A handle: it is as valid as its verb.
class verb_option final {
public:
  explicit verb_option(CLI::Option* option) noexcept : option_{option} {
    // nop
  }

  /// The verb refuses to run without it.
  verb_option& required();

  /// Any other value is refused.
  verb_option& one_of(const std::vector<std::string>& values);

  /// Numbers out of [least, most] are refused.
  verb_option& between(int least, int most);
  verb_option& between(double least, double most);

private:
  CLI::Option* option_;
};

/// A verb being described: its options, its help and what it does. The program
/// is one, too, so that verbs may have verbs of their own: qalpha data fetch.
///
/// `names` are one or more of "-n", "--number", separated by commas, or, for an
/// argument without dashes, one such as "FILE". What an option writes to must
/// outlive the parsing: let the action own it.
///
/// A handle: it is valid while `run_command_line` runs. The library that parses
/// is known to its source only, since it is long and compiled slowly.
class verb final {
public:
  verb(CLI::App* app, program_context* context) noexcept
    : app_{app}, context_{context} {
    // nop
  }

  /// Adds a verb below this one. A verb with verbs needs one of them.
  verb add(const std::string& name, const std::string& help);

  // -- options ---------------------------------------------------------------

  verb_option flag(const std::string& names, bool& into,
                   const std::string& help);

  verb_option text(const std::string& names, std::string& into,
                   const std::string& help);

  /// May be repeated.
  verb_option texts(const std::string& names, std::vector<std::string>& into,
                    const std::string& help);

  verb_option number(const std::string& names, double& into,
                     const std::string& help);

  verb_option number(const std::string& names, std::optional<uint64_t>& into,
                     const std::string& help);

  // -- the verb
  // ----------------------------------------------------------------

  /// Ends the help text; every verb shows an example there.
  verb& footer(const std::string& text);

  /// Keeps the verb out of the list of verbs and out of guesses.
  verb& hidden();

  /// Valid while `run_command_line` runs.
  const program_context& context() const noexcept {
    return *context_;
  }

  /// Runs if this verb was named; the process ends with its result.
  verb& action(std::function<exit_code()> run);

private:
  CLI::App* app_;
  program_context* context_;
};

/// Adds one verb with its options, help with an example, and action. One file a
/// verb defines one of these.
using verb_adder = void (*)(verb& program);

/// @returns all verbs, in the order of the help text.
std::span<const verb_adder> all_verbs();

/// Parses the arguments and runs the verb that they name. Help goes to the
/// standard output, what is wrong with the arguments to the standard error.
/// @param neural what the program can do with LibTorch; outlives the call
/// @returns what the process should end with.
exit_code run_command_line(int argc, const char* const* argv,
                           std::span<const verb_adder> verbs,
                           const neural_support* neural = nullptr);

// -- one line a verb ----------------------------------------------------------

void add_run(verb& program);
void add_backtest(verb& program);
void add_study(verb& program);
void add_check(verb& program);
void add_features(verb& program);
void add_train(verb& program);
void add_data(verb& program);
void add_models(verb& program);
void add_inspect(verb& program);
void add_top(verb& program);
void add_why(verb& program);
void add_halt(verb& program);
void add_resume(verb& program);
void add_reduce(verb& program);
void add_flatten(verb& program);
void add_kill(verb& program);

} // namespace qalpha
