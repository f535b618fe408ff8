// What the REST interface of Binance USDⓈ-M answers about markets.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/depth.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/venues/venue_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// All functions return one line that says what is wrong with the answer, or
/// why the venue refused the request.

/// Reads `GET /fapi/v1/depth`. An answer of spot, which has no times, is
/// refused.
fallible<depth_snapshot> read_binance_depth(std::string_view answer,
                                            const instrument& of);

/// Reads `GET /fapi/v1/aggTrades`, oldest first. `sent` is the time of a trade.
fallible<std::vector<public_trade>> read_binance_trades(std::string_view answer,
                                                        const instrument& of);

/// Reads `GET /fapi/v1/klines`, oldest first. A bar is closed if it ended
/// before `now`, the time of the venue.
fallible<std::vector<venue_bar>>
read_binance_bars(std::string_view answer, const instrument& of, utc_time now);

/// Reads `GET /fapi/v1/openInterest`.
fallible<open_contracts> read_binance_interest(std::string_view answer,
                                               const instrument& of);

/// Reads the rules of `names`, in their order, from
/// `GET /fapi/v1/exchangeInfo`. A name that is missing, or that is no perpetual
/// future in trading, is a fault.
fallible<std::vector<instrument_rules>>
read_binance_rules(std::string_view answer,
                   const std::vector<std::string>& names);

/// Reads `GET /fapi/v1/time`.
fallible<utc_time> read_binance_time(std::string_view answer);

} // namespace qalpha
