// The public messages of a venue after decoding: integers in the ticks and lots
// of an instrument, times in nanoseconds. Both venues decode into these.

#pragma once

#include "models/market/bar.hpp"
#include "models/market/depth.hpp"
#include "models/market/price.hpp"
#include "models/market/quantity.hpp"
#include "models/market/side.hpp"
#include "models/market/symbol_id.hpp"
#include "models/market/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace qalpha {

/// A depth message of one symbol.
struct symbol_depth {
  symbol_id symbol;
  utc_time sent;
  depth_update update;

  friend bool operator==(const symbol_depth&, const symbol_depth&) = default;
};

/// A snapshot of one symbol: Bybit's come in the stream, Binance's over REST.
struct symbol_snapshot {
  symbol_id symbol;
  utc_time sent;
  depth_snapshot snapshot;

  friend bool operator==(const symbol_snapshot&, const symbol_snapshot&)
    = default;
};

/// One public trade, or one aggregate of trades at one price.
struct public_trade {
  symbol_id symbol;
  utc_time sent;
  utc_time time;
  /// Grows by one a message where the venue numbers them (Binance), else zero.
  uint64_t id = 0;
  price px;
  quantity qty;
  side aggressor = side::buy;

  friend bool operator==(const public_trade&, const public_trade&) = default;
};

/// Best prices, in real time and not in step with the depth stream. What a
/// message leaves out, as Bybit's do, is zero.
struct best_prices {
  symbol_id symbol;
  utc_time time;
  uint64_t update = 0;
  price bid;
  price ask;
  quantity bid_size;
  quantity ask_size;

  friend bool operator==(const best_prices&, const best_prices&) = default;
};

/// Mark and index price, to the nearest tick, and the funding that is due. What
/// a message leaves out is zero.
struct mark_state {
  symbol_id symbol;
  utc_time time;
  price mark;
  price index;
  /// In units of 1e-8; long pays when positive.
  int64_t funding_rate_e8 = 0;
  utc_time next_funding;

  friend bool operator==(const mark_state&, const mark_state&) = default;
};

/// A candle of the venue. Only a closed one is final.
struct venue_bar {
  symbol_id symbol;
  utc_time sent;
  bar value;
  bool closed = false;

  friend bool operator==(const venue_bar&, const venue_bar&) = default;
};

/// A forced liquidation, by the side of the position that was liquidated.
struct liquidation {
  symbol_id symbol;
  utc_time time;
  price px;
  quantity qty;
  bool long_position = false;

  friend bool operator==(const liquidation&, const liquidation&) = default;
};

/// How many contracts are open.
struct open_contracts {
  symbol_id symbol;
  utc_time time;
  quantity qty;

  friend bool operator==(const open_contracts&, const open_contracts&)
    = default;
};

/// Answer to a command on the socket, a pong, or a notice of the server.
struct venue_reply {
  /// Id of the command; zero for notices.
  uint64_t id = 0;
  bool ok = false;
  std::string text;

  friend bool operator==(const venue_reply&, const venue_reply&) = default;
};

using venue_message = std::variant<symbol_depth, symbol_snapshot, public_trade,
                                   best_prices, mark_state, venue_bar,
                                   liquidation, venue_reply, open_contracts>;

/// Why a message was not decoded. Each is counted by the collector.
enum class decode_fault : uint8_t {
  /// Not JSON, or cut off.
  malformed = 1,
  /// Larger or deeper than any message of the venue.
  too_large,
  /// A message of spot, COIN-M or another product.
  wrong_product,
  /// A kind of message that was not asked for.
  unknown_kind,
  /// A symbol that the node does not trade.
  unknown_symbol,
  /// A field is missing or has the wrong type.
  bad_field,
  /// A number is not finite, negative, not a multiple of its step, or beyond
  /// its range.
  bad_number,
};

/// @relates decode_fault
constexpr std::string_view to_string(decode_fault x) noexcept {
  switch (x) {
    case decode_fault::malformed:
      return "malformed";
    case decode_fault::too_large:
      return "too_large";
    case decode_fault::wrong_product:
      return "wrong_product";
    case decode_fault::unknown_kind:
      return "unknown_kind";
    case decode_fault::unknown_symbol:
      return "unknown_symbol";
    case decode_fault::bad_field:
      return "bad_field";
    case decode_fault::bad_number:
      return "bad_number";
  }
  return "unknown";
}

} // namespace qalpha
