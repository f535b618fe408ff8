// Values with units, as text in a configuration.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/machine/quoted_text.hpp"
#include "models/market/money.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace qalpha {

// The texts of the faults begin with what was expected: `expected money such as
// "250 USDT", found "250"`. The caller puts file and key in front.

/// Reads for example "10000 USDT" or "0.5 USDT".
fallible<money> parse_money(std::string_view text);

/// Reads for example "250ms", "5 s" or "1.5h": units ns, us, ms, s, m, h, d.
/// The duration has to be a whole number of nanoseconds.
fallible<timespan> parse_timespan(std::string_view text);

/// Reads for example "0.055 %" or "5.5 bp".
/// @returns the share in units of 1e-8.
fallible<int64_t> parse_share_e8(std::string_view text);

/// Reads plain decimal text such as "0.001".
/// @returns the number in units of 1e-8.
fallible<int64_t> parse_plain_e8(std::string_view text);

/// @returns for example "10000 USDT"; inverse of `parse_money`.
std::string format_money(money amount);

/// @returns for example "0.055 %"; inverse of `parse_share_e8`.
std::string format_share_e8(int64_t share);

} // namespace qalpha
