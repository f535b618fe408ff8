// What a venue says about the instruments it trades.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "runtime/net/http_client.hpp"
#include "runtime/venues/market_settings.hpp"

#include <string>
#include <vector>

namespace qalpha {

/// Asks one venue for the rules of instruments. One thread asks; `cancel` is
/// for any other.
class rules_client {
public:
  /// @returns a fault if the address or the authorities are no good.
  static fallible<rules_client> make(const market_settings& settings,
                                     data_venue venue);

  /// @returns one instrument a name, or why there is none.
  fallible<universe> fetch(const std::vector<std::string>& names);

  /// @returns `true` if the last fault is in what the venue said, so that
  ///          asking again is of no use, and not in the way to it.
  bool has_answered() const noexcept {
    return answered_;
  }

  /// Fails the question under way and all later ones at once.
  void cancel() {
    client_.cancel();
  }

private:
  rules_client(http_client client, data_venue venue);

  fallible<std::string> ask(const std::string& target);
  fallible<std::vector<instrument_rules>>
  ask_binance(const std::vector<std::string>& names);
  fallible<std::vector<instrument_rules>>
  ask_bybit(const std::vector<std::string>& names);

  http_client client_;
  data_venue venue_;
  bool answered_ = false;
};

/// Asks `settings.venue` for the rules of `names`, once.
fallible<universe> fetch_instruments(const market_settings& settings,
                                     const std::vector<std::string>& names);

} // namespace qalpha
