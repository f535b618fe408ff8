// The program: one subcommand a verb.

#include "runtime/cli/verb.hpp"
#include "runtime/storage/sqlite.hpp"

#include <exception>
#include <iostream>

int main(int argc, char** argv) try {
  return code(qalpha::run_command_line(argc, argv, qalpha::all_verbs()));
} catch (const qalpha::sqlite_error& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::journal);
} catch (const std::exception& ex) {
  std::cerr << "qalpha: " << ex.what() << '\n';
  return qalpha::code(qalpha::exit_code::failure);
}
