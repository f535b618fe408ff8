// What people can ask of a running node, as text and as a value.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/risk/guardian.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace qalpha {

/// Characters of a reason. It is a sentence: it goes into the journal and onto
/// every screen.
inline constexpr size_t longest_reason = 200;

struct ping_request {};

struct inspect_request {};

struct kill_request {
  /// Path or name of an actor, as in `find_actor`.
  std::string actor;
};

using control_request
  = std::variant<ping_request, inspect_request, kill_request, operator_command>;

/// Reads one line. Strict: what is not known is refused, since a command with a
/// typo must not be carried out in part.
/// @returns a fault that says what is wrong.
fallible<control_request> parse_request(std::string_view line);

/// @returns for example `"hlat", did you mean "halt"?`.
std::string quote_and_guess(std::string_view wrong,
                            std::span<const std::string_view> known);

} // namespace qalpha
