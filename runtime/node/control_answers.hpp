// What a node answers to one request of a person.

#pragma once

#include "actors/supervision/directory.hpp"
#include "messages/interfaces.hpp"
#include "runtime/node/node_view.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What a node knows about itself.
struct node_facts {
  /// Identity of the run.
  std::string run;
  /// "demo", "paper" ...
  std::string mode;
  uint64_t seed = 0;
  /// For people, for example "20x" or "max".
  std::string speed;
  /// Begin of the run, for people.
  std::string start;
  /// Names of the universe.
  std::vector<std::string> symbols;
  /// Event time as text. Called from threads of the endpoint.
  std::function<std::string()> event_time;
  /// What copies go to. Called from threads of the endpoint; may be empty.
  std::function<std::vector<store_view>()> stores;
  /// Whether `kill` is allowed: a demo shows how actors come back.
  bool allow_kill = false;
};

/// How long actors have to answer.
struct answer_limits {
  /// For questions; who takes longer is shown as not answering.
  std::chrono::milliseconds question{1'000};
  /// For commands to the guardian, restarts of the guardian included.
  std::chrono::milliseconds command{2'000};
};

/// Answers requests. Thread-safe: each call talks to the actors on its own, and
/// none waits for another.
class control_answers {
public:
  /// @pre `sys` and `book` outlive the object
  control_answers(caf::actor_system& sys, supervisor_actor top,
                  const directory& book, node_facts facts,
                  answer_limits limits);

  /// Carries out one request. Blocks, but no longer than the limits add up to.
  /// @returns the reply as one line without its end; never throws.
  std::string answer(std::string_view request) const noexcept;

private:
  caf::actor_system* system_;
  supervisor_actor top_;
  const directory* book_;
  node_facts facts_;
  answer_limits limits_;
};

/// @returns a reply that reports a failure.
std::string failure_reply(std::string_view code, std::string_view message);

} // namespace qalpha
