// Public messages of Bybit v5, linear.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/venues/bybit/bybit_scan.hpp"
#include "runtime/venues/json_message.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// Turns frames of the public linear stream into messages: orderbook (any
/// depth), publicTrade, tickers, kline, allLiquidation, and the answers to
/// commands and pings.
///
/// A book message is a snapshot if it says so, if its update is number 1, which
/// means that the venue was restarted, or if it is of depth 1, which has no
/// changes. A ticker is a `mark_state`, a `best_prices`, an
/// `open_contracts` or all of them; what it does not say, or says as "" or "0",
/// is zero and means "unchanged". Block trades are left out, since they are no
/// trades of the book.
///
/// Books and trades are scanned in one pass; whatever deviates from the layouts
/// that the venue really sends is parsed as JSON, so that both ways give the
/// same messages and the same faults. Owned by one connection; not safe for
/// threads.
class bybit_decoder {
public:
  explicit bybit_decoder(const universe& all);

  bybit_decoder(const bybit_decoder&) = delete;
  bybit_decoder& operator=(const bybit_decoder&) = delete;

  /// Decodes one frame into `out`, replacing what it holds.
  /// @returns what is wrong with the frame, or nothing. With a fault `out` is
  ///          empty.
  std::optional<decode_fault> decode(std::string_view bytes, message_list& out);

  /// As `decode`, by the general parser alone.
  std::optional<decode_fault> decode_json(std::string_view bytes,
                                          message_list& out);

  /// @returns how many frames did not have the layout that the scanner knows.
  uint64_t fallbacks() const noexcept {
    return fallbacks_;
  }

private:
  std::optional<decode_fault> parse_loaded(message_list& out);

  symbol_table symbols_;
  bybit_scanner scanner_;
  json_message message_;
  uint64_t fallbacks_ = 0;
};

} // namespace qalpha
