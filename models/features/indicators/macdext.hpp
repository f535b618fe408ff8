// Convergence of averages whose kinds are chosen.

#pragma once

#include "models/features/indicators/chosen_average.hpp"

namespace qalpha {

/// Reads one column; gives the difference of two averages, the average of that
/// and what lies between both.
fallible<made_feature> make_macdext(average_request fast, average_request slow,
                                    average_request signal);

} // namespace qalpha
