#include "runtime/venues/simulated/binance_publisher.hpp"

#include "models/market/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace qalpha {

namespace {

// Update ids of the venue have holes; a snapshot leaves a large one.
constexpr uint64_t hole = 10;

int64_t ms(utc_time time) {
  return time.ns / 1'000'000;
}

void append_level(std::string& to, const instrument& rules, price px,
                  quantity qty) {
  fmt::format_to(std::back_inserter(to), R"({}["{}","{}"])",
                 to.empty() ? "" : ",", rules.text(px), rules.text(qty));
}

std::string levels_of(const instrument& rules, const book& levels, side which,
                      size_t limit) {
  std::string result;
  for (const auto& level : levels.top(which, limit))
    append_level(result, rules, level.px, level.qty);
  return result;
}

std::string candle_row(const instrument& rules, const bar& value) {
  return fmt::format(R"([{},"{}","{}","{}","{}","{}",{},"0",0,"0","0","0"])",
                     ms(value.open_time), rules.text(value.open),
                     rules.text(value.high), rules.text(value.low),
                     rules.text(value.close), rules.text(value.volume),
                     ms(value.close_time) - 1);
}

std::string rules_row(const instrument& x) {
  auto& rules = x.rules();
  auto most = rules.max_order.lots == 0 ? quantity{1'000'000'000}
                                        : rules.max_order;
  auto smallest
    = rules.min_notional.e8 == 0
        ? std::string{}
        : fmt::format(R"(,{{"filterType":"MIN_NOTIONAL","notional":"{}"}})",
                      format_decimal_e8(rules.min_notional.e8));
  return fmt::format(
    R"({{"symbol":"{0}","pair":"{0}","contractType":"PERPETUAL",)"
    R"("status":"TRADING","quoteAsset":"USDT","marginAsset":"USDT",)"
    R"("filters":[{{"filterType":"PRICE_FILTER","tickSize":"{1}",)"
    R"("minPrice":"{1}","maxPrice":"10000000"}},)"
    R"({{"filterType":"LOT_SIZE","stepSize":"{2}","minQty":"{2}",)"
    R"("maxQty":"{3}"}}{4}]}})",
    rules.name, format_decimal_e8(rules.tick_e8),
    format_decimal_e8(rules.lot_e8), x.text(most), smallest);
}

} // namespace

std::string stream_name(const instrument& of, std::string_view kind) {
  auto result = of.name();
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  result += kind;
  return result;
}

binance_publisher::channel::channel(const instrument& which)
  : rules(&which), lower(stream_name(which, {})) {
  // nop
}

binance_publisher::binance_publisher(const universe& all) {
  for (const auto& which : all)
    channels_.emplace_back(which);
}

void binance_publisher::restore(const bar_closed& past) {
  auto& to = channels_[past.symbol.index];
  // Bars of another length are summed up to minutes.
  for (auto px : {past.value.open, past.value.high, past.value.low})
    if (auto done = to.candles.add(past.value.open_time, px, {}))
      keep(to, *done);
  if (auto done = to.candles.add(past.value.open_time, past.value.close,
                                 past.value.volume))
    keep(to, *done);
}

void binance_publisher::publish(const market_batch& batch, messages& out) {
  auto& to = channels_[batch.symbol.index];
  for (const auto& event : batch.events)
    apply(to, event, out);
}

void binance_publisher::apply(channel& to, const market_event& event,
                              messages& out) {
  to.time = std::max(to.time, event.time);
  switch (event.kind) {
    case market_event_kind::trade:
      add_trade(to, event, out);
      return;
    case market_event_kind::book_reset:
    case market_event_kind::interrupted:
      to.levels.clear();
      to.bids.clear();
      to.asks.clear();
      to.changes = 0;
      to.last_update += hole;
      return;
    case market_event_kind::bid_level:
    case market_event_kind::ask_level:
      add_level(to, event);
      return;
    case market_event_kind::book_complete:
      complete(to, event.time, out);
      tell_best(to, event.time, out);
      return;
    case market_event_kind::mark_price:
      to.mark = event.px;
      tell_mark(to, event.time, out);
      return;
    case market_event_kind::index_price:
      to.index = event.px;
      return;
    case market_event_kind::open_interest:   // Told in no stream.
    case market_event_kind::reference_price: // Another venue's.
      return;
    case market_event_kind::funding:
      to.rate_e8 = event.rate_e8;
      to.funding_due = {static_cast<int64_t>(event.sequence)};
      return;
  }
}

// -- streams ------------------------------------------------------------------

void binance_publisher::add_level(channel& to, const market_event& event) {
  auto bid = event.kind == market_event_kind::bid_level;
  to.levels.set(bid ? side::buy : side::sell, event.px, event.qty);
  append_level(bid ? to.bids : to.asks, *to.rules, event.px, event.qty);
  ++to.changes;
}

void binance_publisher::complete(channel& to, utc_time time, messages& out) {
  auto previous = to.last_update;
  to.last_update += std::max<uint64_t>(1, to.changes);
  out.push_back(
    {to.lower + "@depth@100ms",
     fmt::format(R"({{"e":"depthUpdate","E":{0},"T":{0},"s":"{1}","U":{2},)"
                 R"("u":{3},"pu":{4},"b":[{5}],"a":[{6}]}})",
                 ms(time), to.rules->name(), previous + 1, to.last_update,
                 previous, to.bids, to.asks)});
  to.bids.clear();
  to.asks.clear();
  to.changes = 0;
}

void binance_publisher::tell_best(channel& to, utc_time time, messages& out) {
  auto bid = to.levels.best(side::buy);
  auto ask = to.levels.best(side::sell);
  if (!bid || !ask)
    return;
  auto& rules = *to.rules;
  out.push_back(
    {to.lower + "@bookTicker",
     fmt::format(R"({{"e":"bookTicker","u":{0},"s":"{1}","b":"{2}","B":"{3}",)"
                 R"("a":"{4}","A":"{5}","T":{6},"E":{6}}})",
                 to.last_update, rules.name(), rules.text(bid->px),
                 rules.text(bid->qty), rules.text(ask->px),
                 rules.text(ask->qty), ms(time))});
}

void binance_publisher::add_trade(channel& to, const market_event& event,
                                  messages& out) {
  auto& rules = *to.rules;
  auto id = ++to.last_trade;
  to.trades.push_back({id, event});
  if (to.trades.size() > kept_trades)
    to.trades.pop_front();
  out.push_back(
    {to.lower + "@aggTrade",
     fmt::format(R"({{"e":"aggTrade","E":{0},"a":{2},"s":"{1}","p":"{3}",)"
                 R"("q":"{4}","f":{2},"l":{2},"T":{0},"m":{5}}})",
                 ms(event.time), rules.name(), id, rules.text(event.px),
                 rules.text(event.qty), event.aggressor == side::sell)});
  if (auto done = to.candles.add(event.time, event.px, event.qty)) {
    keep(to, *done);
    tell_candle(to, *done, true, out);
  }
  tell_candle(to, *to.candles.open(), false, out);
}

void binance_publisher::keep(channel& to, const bar& done) {
  to.past.push_back(done);
  if (to.past.size() > kept_bars)
    to.past.pop_front();
}

void binance_publisher::tell_candle(channel& to, const bar& value, bool closed,
                                    messages& out) {
  auto& rules = *to.rules;
  out.push_back(
    {to.lower + "@kline_1m",
     fmt::format(R"({{"e":"kline","E":{0},"s":"{1}","k":{{"t":{2},"T":{3},)"
                 R"("s":"{1}","i":"1m","f":0,"L":0,"o":"{4}","c":"{5}",)"
                 R"("h":"{6}","l":"{7}","v":"{8}","n":0,"x":{9},"q":"0",)"
                 R"("V":"0","Q":"0","B":"0"}}}})",
                 ms(to.time), rules.name(), ms(value.open_time),
                 ms(value.close_time) - 1, rules.text(value.open),
                 rules.text(value.close), rules.text(value.high),
                 rules.text(value.low), rules.text(value.volume), closed)});
}

void binance_publisher::tell_mark(channel& to, utc_time time, messages& out) {
  auto& rules = *to.rules;
  // A market that knows no index tells its mark for it.
  auto index = to.index.ticks == 0 ? to.mark : to.index;
  out.push_back(
    {to.lower + "@markPrice@1s",
     fmt::format(R"({{"e":"markPriceUpdate","E":{},"s":"{}","p":"{}",)"
                 R"("i":"{}","P":"{}","r":"{}","T":{}}})",
                 ms(time), rules.name(), rules.text(to.mark), rules.text(index),
                 rules.text(to.mark), format_fixed_e8(to.rate_e8, 8),
                 ms(to.funding_due))});
}

// -- answers ------------------------------------------------------------------

std::string binance_publisher::depth(symbol_id symbol, size_t limit) const {
  auto& from = channels_[symbol.index];
  return fmt::format(
    R"({{"lastUpdateId":{0},"E":{1},"T":{1},"bids":[{2}],"asks":[{3}]}})",
    from.last_update, ms(from.time),
    levels_of(*from.rules, from.levels, side::buy, limit),
    levels_of(*from.rules, from.levels, side::sell, limit));
}

std::string binance_publisher::trades(symbol_id symbol, uint64_t first,
                                      size_t limit) const {
  auto& from = channels_[symbol.index];
  std::string rows;
  for (const auto& [id, event] : from.trades) {
    if (id < first)
      continue;
    if (limit-- == 0)
      break;
    fmt::format_to(
      std::back_inserter(rows),
      R"({}{{"a":{},"p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{}}})",
      rows.empty() ? "" : ",", id, from.rules->text(event.px),
      from.rules->text(event.qty), id, id, ms(event.time),
      event.aggressor == side::sell);
  }
  return "[" + rows + "]";
}

std::string binance_publisher::candles(symbol_id symbol, utc_time from,
                                       size_t limit) const {
  auto& source = channels_[symbol.index];
  std::vector<bar> chosen;
  for (const auto& value : source.past)
    if (value.open_time >= from)
      chosen.push_back(value);
  if (auto& open = source.candles.open(); open && open->open_time >= from)
    chosen.push_back(*open);
  std::string rows;
  for (size_t i = 0; i < std::min(limit, chosen.size()); ++i)
    rows += (i == 0 ? "" : ",") + candle_row(*source.rules, chosen[i]);
  return "[" + rows + "]";
}

std::string binance_publisher::rules() const {
  std::string rows;
  for (const auto& from : channels_)
    rows += (rows.empty() ? "" : ",") + rules_row(*from.rules);
  return R"({"timezone":"UTC","rateLimits":[],"symbols":[)" + rows + "]}";
}

} // namespace qalpha
