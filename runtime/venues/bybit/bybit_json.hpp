// Messages of Bybit from their JSON: the reference that defines what each
// field means and which values are refused.

#pragma once

#include "runtime/venues/json_fields.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <rapidjson/document.h>

#include <optional>

namespace qalpha {

/// Appends the messages of one frame to `out`.
/// @returns the first fault, or nothing; with a fault the new messages have no
///          meaning.
std::optional<decode_fault> read_bybit_frame(const rapidjson::Value& frame,
                                             const symbol_table& symbols,
                                             message_list& out);

} // namespace qalpha
