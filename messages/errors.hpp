// Error codes of the actors.

#pragma once

#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <string>

namespace qalpha {

/// Why an actor failed. Code 0 is reserved for "no error" by CAF.
enum class ec : uint8_t {
  /// A handler threw; the context holds the text of the exception.
  crashed = 1,
  /// A child crashed more often than its supervisor allows.
  restart_budget_exhausted,
  /// The command is refused; the context holds the reason.
  refused,
  /// The actor is not there at the moment.
  not_running,
  /// A message has a value that no sender may send.
  invalid_message,
  /// A person asked for the death of the actor, to see it restart.
  killed,
};

/// @relates ec
std::string to_string(ec x);

} // namespace qalpha

// Must follow the enum directly (T14).
CAF_ERROR_CODE_ENUM(qalpha::ec, "qalpha")
