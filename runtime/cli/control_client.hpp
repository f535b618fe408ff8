// The client's side of the control endpoint.

#pragma once

#include "runtime/cli/verb.hpp"
#include "runtime/storage/run_directory.hpp"

#include <rapidjson/document.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

/// Options of all verbs that talk to a running node.
struct control_options {
  std::string run = run_paths::standard;
  bool json = false;
};

/// Adds --run and --json.
/// @pre `into` outlives the parsing
void add_control_options(verb& spec, control_options& into);

/// What a node said. A node that cannot be reached says so in the same form.
struct control_reply {
  /// What the process should end with.
  exit_code exit = exit_code::ok;
  /// One line of JSON.
  std::string line;
  rapidjson::Document json;
};

/// Members of a request; all are texts.
using control_members = std::vector<std::pair<const char*, std::string>>;

/// Sends one request to the node of a run directory and waits for the reply, no
/// longer than `patience` in all.
control_reply
ask_node(const std::string& run, const control_members& request,
         std::chrono::milliseconds patience = std::chrono::milliseconds{6'000});

/// Prints the line to the standard output if JSON is wanted, or else, if the
/// reply is a failure, its message to the standard error.
/// @returns the exit code of the reply.
exit_code report_failure(const control_reply& reply, bool json);

} // namespace qalpha
