// The program: one subcommand a verb.

#include "models/machine/nearest_name.hpp"
#include "runtime/cli/verb.hpp"
#include "runtime/storage/sqlite.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace qalpha;

constexpr const char* version = "0.1.0";

bool knows(const CLI::App& program, std::string_view name) {
  for (auto* verb : program.get_subcommands({}))
    if (verb->get_name() == name)
      return true;
  return false;
}

/// @returns the verb that was probably meant, as the end of a message.
std::string guess(const CLI::App& program, std::string_view wrong) {
  std::vector<std::string> names;
  for (auto* verb : program.get_subcommands({}))
    if (!verb->get_group().empty())
      names.push_back(verb->get_name());
  std::vector<std::string_view> views{names.begin(), names.end()};
  if (auto near = nearest_name(wrong, views))
    return ", did you mean " + std::string{*near} + "?";
  return "; see qalpha --help";
}

int run(int argc, char** argv) {
  CLI::App program{"Quantum Alpha: an actor-based trading system for crypto "
                   "perpetual futures.\nWithout a configuration it trades a "
                   "demo market: qalpha run",
                   "qalpha"};
  program.set_version_flag("--version", std::string{"qalpha "} + version);
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);
  auto exit = exit_code::ok;
  for (auto add : all_verbs())
    add(program, exit);
  if (argc > 1 && argv[1][0] != '-' && !knows(program, argv[1])) {
    std::cerr << "qalpha: unknown verb " << argv[1] << guess(program, argv[1])
              << '\n';
    return code(exit_code::usage);
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& ex) {
    // Help and version are no errors.
    return program.exit(ex) == 0 ? code(exit_code::ok) : code(exit_code::usage);
  }
  return code(exit);
}

} // namespace

int main(int argc, char** argv) try {
  return run(argc, argv);
} catch (const qalpha::sqlite_error& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::journal);
} catch (const std::exception& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::failure);
}
