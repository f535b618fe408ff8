// What Binance USDⓈ-M would publish about a simulated market, as text.

#pragma once

#include "models/market/bar_aggregator.hpp"
#include "models/market/book.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// A message of one stream.
struct stream_message {
  /// For example "btcusdt@depth@100ms".
  std::string stream;
  /// The JSON of the event, without the wrapping of combined streams.
  std::string data;

  friend bool operator==(const stream_message&, const stream_message&)
    = default;
};

/// @returns the name of a stream, for example "btcusdt@aggTrade".
std::string stream_name(const instrument& of, std::string_view kind);

/// Writes the events of a market in the messages of the venue (depthUpdate,
/// bookTicker, aggTrade, markPriceUpdate, kline), and answers what its REST
/// interface is asked. Times are whole milliseconds, as the venue's are.
///
/// A snapshot in the events breaks the chain of depth messages, as after an
/// outage of the venue: who follows has to ask for the book. Owned by one
/// thread.
class binance_publisher {
public:
  /// Trades and candles kept for questions about the past, a symbol.
  static constexpr size_t kept_trades = 10'000;
  static constexpr size_t kept_bars = 1'500;

  /// @pre `all` outlives the publisher
  explicit binance_publisher(const universe& all);

  /// Takes candles from before the start, oldest first.
  void restore(const bar_closed& past);

  /// Appends what is published about `batch`.
  void publish(const market_batch& batch, std::vector<stream_message>& out);

  // -- answers ----------------------------------------------------------------

  /// /fapi/v1/depth: the best `limit` levels as of the last message.
  std::string depth(symbol_id symbol, size_t limit) const;

  /// /fapi/v1/aggTrades: up to `limit` trades from the id `first` on.
  std::string trades(symbol_id symbol, uint64_t first, size_t limit) const;

  /// /fapi/v1/klines: up to `limit` candles of a minute, the open one last,
  /// that open at `from` or later.
  std::string candles(symbol_id symbol, utc_time from, size_t limit) const;

  /// /fapi/v1/exchangeInfo
  std::string rules() const;

private:
  struct trade_record {
    uint64_t id;
    market_event event;
  };

  // What was published about one symbol.
  struct channel {
    explicit channel(const instrument& which);

    const instrument* rules;
    std::string lower;
    book levels;
    uint64_t last_update = 0;
    uint64_t last_trade = 0;
    std::string bids;
    std::string asks;
    uint64_t changes = 0;
    utc_time time;
    price mark;
    price index;
    int64_t rate_e8 = 0;
    utc_time funding_due;
    bar_aggregator candles{std::chrono::minutes{1}};
    std::deque<bar> past;
    std::deque<trade_record> trades;
  };

  using messages = std::vector<stream_message>;

  void apply(channel& to, const market_event& event, messages& out);
  void add_level(channel& to, const market_event& event);
  void add_trade(channel& to, const market_event& event, messages& out);
  void keep(channel& to, const bar& done);
  void complete(channel& to, utc_time time, messages& out);
  void tell_best(channel& to, utc_time time, messages& out);
  void tell_mark(channel& to, utc_time time, messages& out);
  void tell_candle(channel& to, const bar& value, bool closed, messages& out);

  std::vector<channel> channels_;
};

} // namespace qalpha
