// What a person reads after steering a node.

#pragma once

#include <rapidjson/document.h>

#include <string>

namespace qalpha {

/// @returns what was done, the state, and what to type to go on:
///
///   halted: orders are being cancelled, positions stay
///   state  halted
///   to go on: qalpha resume 4711
std::string steer_text(const rapidjson::Value& reply, const std::string& run);

/// @returns where a person finds the code that `resume` asks for.
std::string where_the_code_is(const std::string& run);

} // namespace qalpha
