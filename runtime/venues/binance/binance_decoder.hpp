// Public messages of Binance USDⓈ-M futures.

#pragma once

#include "models/market/instrument.hpp"
#include "runtime/venues/binance/binance_scan.hpp"
#include "runtime/venues/json_message.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/symbol_table.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace qalpha {

/// Turns frames of the public streams into messages: depthUpdate, aggTrade,
/// trade, bookTicker, markPriceUpdate, kline, forceOrder and the answers to
/// commands, bare or wrapped in `{"stream":..,"data":..}`, and arrays of them.
///
/// The layouts that the venue really sends are scanned in one pass. Whatever
/// deviates from them by a byte is parsed as JSON, so that both ways give the
/// same messages and the same faults.
///
/// Fields that the node does not use are ignored, also unknown ones. Trades
/// that were no trades of the market (`X` other than "MARKET") are left out, as
/// are foreign symbols inside arrays. Owned by one connection; not safe for
/// threads.
class binance_decoder {
public:
  explicit binance_decoder(const universe& all);

  binance_decoder(const binance_decoder&) = delete;
  binance_decoder& operator=(const binance_decoder&) = delete;

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
  binance_scanner scanner_;
  json_message message_;
  uint64_t fallbacks_ = 0;
};

} // namespace qalpha
