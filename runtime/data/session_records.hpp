// The lines of a collector as records of a venue.

#pragma once

#include "runtime/data/recorded_session.hpp"
#include "runtime/venues/record_stream.hpp"

#include <memory>
#include <string>

namespace qalpha {

/// @param symbol whose book a snapshot without an address is
/// @returns messages of one connection, and answers. A time that goes back
///          counts as the one before it.
std::unique_ptr<record_stream> records_of(recorded_session session,
                                          std::string symbol);

} // namespace qalpha
