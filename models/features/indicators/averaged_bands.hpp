// Bands of standard deviations around an average that is chosen.

#pragma once

#include "models/features/indicators/chosen_average.hpp"

namespace qalpha {

/// Reads one column; gives the upper band, the average and the lower band. The
/// deviation is that of the last rows from their own mean, whatever average is
/// in the middle.
/// @param above deviations up to the upper band
/// @param below deviations down to the lower band
fallible<made_feature> make_averaged_bands(const average_request& middle,
                                           double above, double below);

} // namespace qalpha
