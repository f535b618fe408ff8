// Where a running node takes questions and commands from people.

#pragma once

#include "actors/supervision/directory.hpp"
#include "models/machine/fallible.hpp"
#include "runtime/node/control_answers.hpp"

#include <caf/actor_system.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>

namespace qalpha {

/// Bounds of the endpoint; tests shorten them.
struct control_settings {
  /// Longest request, the end of the line included.
  size_t longest_request = 64 * 1024;

  /// Time a client has to send its line, and then to take the reply.
  std::chrono::milliseconds patience{5'000};

  /// Clients at a time. One more displaces the oldest that has not asked yet,
  /// so that idle clients cannot keep a halt out.
  size_t most_clients = 16;

  answer_limits limits;
};

/// A Unix stream socket in the run directory, for this user and root only. One
/// request and one reply a connection, each one line of JSON:
///
///   {"verb":"inspect"}
///   {"verb":"halt","reason":"a test"}       also "reduce", "flatten"
///   {"verb":"resume","code":"4711","reason":"the test is over"}
///   {"verb":"kill","actor":"oracle/feed BTCUSDT"}
///   {"verb":"ping"}
///
///   {"ok":true,"node":{...},"stores":[...],"tree":{...}}
///   {"ok":true,"message":"halted: ...","state":"halted","code":"4711"}
///   {"ok":false,"code":"refused","message":"resume needs the code ..."}
///
/// Codes of failures: "invalid" (the request is wrong), "refused", "not_found",
/// "timeout", "busy", "failed".
///
/// One thread serves the socket; each request is answered on a thread of its
/// own, so that a halt never waits for an inspect.
class control_endpoint {
public:
  /// Opens the socket and begins to serve. Replaces the socket of a dead node.
  /// @param where usually `run_paths::control()`, in a directory of this user
  /// @returns a fault if the path is too long for a socket, the directory is
  ///          not ours, or something else is there.
  /// @pre `sys` runs on threads; `sys` and `book` outlive the endpoint
  static fallible<std::unique_ptr<control_endpoint>>
  open(caf::actor_system& sys, supervisor_actor top, const directory& book,
       std::filesystem::path where, node_facts facts,
       control_settings settings = {});

  control_endpoint(const control_endpoint&) = delete;
  control_endpoint& operator=(const control_endpoint&) = delete;

  /// Closes all connections, waits for the answers under way (seconds at most),
  /// and removes the socket file. Before the trees are stopped.
  ~control_endpoint();

private:
  class service;

  explicit control_endpoint(std::unique_ptr<service> serving);

  std::unique_ptr<service> service_;
};

} // namespace qalpha
