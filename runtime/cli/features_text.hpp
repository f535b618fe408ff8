// What `qalpha features` says.

#pragma once

#include "models/features/feature_plan.hpp"
#include "models/features/lookahead.hpp"
#include "runtime/features/market_table.hpp"

#include <span>
#include <string>

namespace qalpha {

/// @returns each feature with inputs, parameters, outputs, warm-up, source and
///          an example, for people.
std::string catalogue_text();

/// @returns the same as one JSON object.
std::string catalogue_json();

/// @returns what was read and written, for people.
std::string features_text(const std::string& file, const std::string& out,
                          const feature_plan& plan, const market_table& table);

/// @returns the same as one JSON object.
std::string features_json(const std::string& file, const std::string& out,
                          const feature_plan& plan, const market_table& table);

std::string lookahead_text(const feature_plan& plan, const market_table& table,
                           std::span<const lookahead_finding> findings);

std::string lookahead_json(const feature_plan& plan, const market_table& table,
                           std::span<const lookahead_finding> findings);

} // namespace qalpha
