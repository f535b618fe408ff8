// What the REST interface of Bybit v5 answers about linear markets.

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
/// why the venue refused the request. Its HTTP status says nothing.

/// Reads `GET /v5/market/orderbook`.
fallible<depth_snapshot> read_bybit_depth(std::string_view answer,
                                          const instrument& of);

/// Reads `GET /v5/market/kline` with bars of length `interval`, and puts the
/// oldest first. A bar is closed if it ended before the time of the answer.
fallible<std::vector<venue_bar>> read_bybit_bars(std::string_view answer,
                                                 const instrument& of,
                                                 timespan interval);

/// The rules on one page, of the instruments that were asked for.
struct bybit_rules_page {
  std::vector<instrument_rules> rules;
  /// Names the next page, in the encoding of a URL; empty on the last one.
  std::string next;
};

/// Reads one page of `GET /v5/market/instruments-info`: there are more linear
/// instruments than a page holds. One of `names` that is no perpetual future in
/// trading is a fault.
fallible<bybit_rules_page>
read_bybit_rules(std::string_view answer,
                 const std::vector<std::string>& names);

/// Reads `GET /v5/market/time`.
fallible<utc_time> read_bybit_time(std::string_view answer);

} // namespace qalpha
