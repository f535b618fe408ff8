#include "runtime/venues/binance/binance_scan.hpp"

namespace qalpha {

namespace {

constexpr timespan one_ms{1'000'000};

bool skip_string(layout_scanner& in) {
  return in.skip("\"") && in.skip_text() && in.skip("\"");
}

/// Fields that messages gained in 2026, in either order: the symbol of the pair
/// and the product, which has to be USDⓈ-M.
bool skip_product(layout_scanner& in) {
  if (in.skip(",\"ps\":") && !skip_string(in))
    return false;
  if (!in.skip(",\"st\":1"))
    return true;
  return !in.skip(",\"ps\":") || skip_string(in);
}

/// Ends an event; those that have not named their product so far may do so.
bool end_event(layout_scanner& in) {
  return skip_product(in) && in.skip("}");
}

/// Reads a signed decimal of at most eight places, or nothing, up to its quote.
bool scan_rate(layout_scanner& in, int64_t& e8) {
  constexpr uint64_t largest_e8 = 100'000'000;
  e8 = 0;
  if (in.skip("\""))
    return true;
  auto negative = in.skip("-");
  uint64_t digits = 0;
  unsigned places = 0;
  if (!in.decimal(digits, places) || !in.skip("\""))
    return false;
  auto unit = step_scale::powers[step_scale::most_places - places];
  if (digits * unit > largest_e8)
    return false;
  e8 = static_cast<int64_t>(digits * unit);
  e8 = negative ? -e8 : e8;
  return true;
}

/// Reads a quoted price to the nearest tick; zero stays zero.
bool scan_near_price(layout_scanner& in, const scanned_symbol& x, price& out) {
  uint64_t digits = 0;
  unsigned places = 0;
  if (!in.decimal(digits, places) || !in.skip("\""))
    return false;
  auto unit = step_scale::powers[step_scale::most_places - places];
  auto e8 = static_cast<int64_t>(digits * unit);
  out = e8 > 0 ? x.traded->nearest_price(e8) : price{};
  return true;
}

} // namespace

bool binance_scanner::scan(std::string_view text, message_list& out) {
  symbols_.prepare(text);
  layout_scanner in{text};
  if (!in.skip("{\"stream\":\""))
    return scan_event(in, out) && in.at_end();
  return in.skip_text() && in.skip("\",\"data\":") && scan_event(in, out)
         && in.skip("}") && in.at_end();
}

bool binance_scanner::scan_event(layout_scanner& in, message_list& out) {
  if (!in.skip("{\"e\":\""))
    return false;
  if (in.skip("depthUpdate\",\"E\":"))
    return scan_depth(in, out);
  if (in.skip("aggTrade\",\"E\":"))
    return scan_aggregate(in, out);
  if (in.skip("bookTicker\",\"u\":"))
    return scan_best(in, out);
  if (in.skip("trade\",\"E\":"))
    return scan_trade(in, out);
  if (in.skip("markPriceUpdate\",\"E\":"))
    return scan_mark(in, out);
  if (in.skip("kline\",\"E\":"))
    return scan_bar(in, out);
  return in.skip("forceOrder\",\"E\":") && scan_liquidation(in, out);
}

bool binance_scanner::scan_depth(layout_scanner& in, message_list& out) {
  auto& depth = out.add<symbol_depth>();
  auto& update = depth.update;
  if (!scan_time(in, depth.sent) || !in.skip(",\"T\":")
      || !scan_time(in, update.time) || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\"") || !skip_product(in) || !in.skip(",\"U\":")
      || !in.number(update.first) || !in.skip(",\"u\":")
      || !in.number(update.last) || !in.skip(",\"pu\":")
      || !in.number(update.previous) || update.first > update.last)
    return false;
  depth.symbol = traded->id;
  return in.skip(",\"b\":") && symbols_.read_levels(in, *traded, update.bids)
         && in.skip(",\"a\":") && symbols_.read_levels(in, *traded, update.asks)
         && in.skip("}");
}

bool binance_scanner::scan_aggregate(layout_scanner& in, message_list& out) {
  auto& trade = out.add<public_trade>();
  if (!scan_time(in, trade.sent) || !in.skip(",\"a\":") || !in.number(trade.id)
      || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\",\"p\":\"") || !scan_price(in, *traded, trade.px)
      || !in.skip(",\"q\":\"") || !scan_size(in, *traded, trade.qty)
      || trade.qty.lots == 0)
    return false;
  // The quantity without that of retail orders, since 2026.
  if (in.skip(",\"nq\":") && !skip_string(in))
    return false;
  auto is_sale = false;
  if (!in.skip(",\"f\":") || !in.skip_number() || !in.skip(",\"l\":")
      || !in.skip_number() || !in.skip(",\"T\":") || !scan_time(in, trade.time)
      || !in.skip(",\"m\":") || !in.flag(is_sale))
    return false;
  trade.symbol = traded->id;
  trade.aggressor = is_sale ? side::sell : side::buy;
  return end_event(in);
}

bool binance_scanner::scan_trade(layout_scanner& in, message_list& out) {
  auto& trade = out.add<public_trade>();
  if (!scan_time(in, trade.sent) || !in.skip(",\"T\":")
      || !scan_time(in, trade.time) || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  auto is_sale = false;
  if (!traded || !in.skip("\",\"t\":") || !in.number(trade.id)
      || !in.skip(",\"p\":\"") || !scan_price(in, *traded, trade.px)
      || !in.skip(",\"q\":\"") || !scan_size(in, *traded, trade.qty)
      || trade.qty.lots == 0 || !in.skip(",\"X\":\"MARKET\",\"m\":")
      || !in.flag(is_sale))
    return false;
  trade.symbol = traded->id;
  trade.aggressor = is_sale ? side::sell : side::buy;
  return end_event(in);
}

bool binance_scanner::scan_best(layout_scanner& in, message_list& out) {
  auto& best = out.add<best_prices>();
  utc_time sent;
  if (!in.number(best.update))
    return false;
  // The times come after the prices, or before them as the venue documents.
  auto times_first = in.skip(",\"E\":");
  if (times_first
      && (!scan_time(in, sent) || !in.skip(",\"T\":")
          || !scan_time(in, best.time)))
    return false;
  if (!in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\",\"b\":\"") || !scan_price(in, *traded, best.bid)
      || !in.skip(",\"B\":\"") || !scan_size(in, *traded, best.bid_size)
      || !in.skip(",\"a\":\"") || !scan_price(in, *traded, best.ask)
      || !in.skip(",\"A\":\"") || !scan_size(in, *traded, best.ask_size))
    return false;
  if (!times_first
      && (!in.skip(",\"T\":") || !scan_time(in, best.time)
          || !in.skip(",\"E\":") || !scan_time(in, sent)))
    return false;
  best.symbol = traded->id;
  return end_event(in);
}

bool binance_scanner::scan_mark(layout_scanner& in, message_list& out) {
  auto& mark = out.add<mark_state>();
  if (!scan_time(in, mark.time) || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\",\"p\":\"")
      || !scan_near_price(in, *traded, mark.mark) || mark.mark.ticks == 0)
    return false;
  // The moving average of the mark price, since 2026; the estimated settlement
  // price stands on either side of the index.
  if (in.skip(",\"ap\":") && !skip_string(in))
    return false;
  auto settlement_first = in.skip(",\"P\":");
  if (settlement_first && !skip_string(in))
    return false;
  if (!in.skip(",\"i\":\"") || !scan_near_price(in, *traded, mark.index))
    return false;
  if (!settlement_first && (!in.skip(",\"P\":") || !skip_string(in)))
    return false;
  if (!in.skip(",\"r\":\"") || !scan_rate(in, mark.funding_rate_e8)
      || !in.skip(",\"T\":"))
    return false;
  // Zero is "none" here.
  if (!in.skip("0") && !scan_time(in, mark.next_funding))
    return false;
  mark.symbol = traded->id;
  return end_event(in);
}

bool binance_scanner::scan_bar(layout_scanner& in, message_list& out) {
  auto& result = out.add<venue_bar>();
  auto& value = result.value;
  if (!scan_time(in, result.sent) || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\",\"k\":{\"t\":") || !scan_time(in, value.open_time)
      || !in.skip(",\"T\":") || !scan_time(in, value.close_time)
      || !in.skip(",\"s\":") || !skip_string(in) || !in.skip(",\"i\":")
      || !skip_string(in))
    return false;
  // Trade ids are -1 in a bar without trades.
  if (!in.skip(",\"f\":") || !in.skip_number() || !in.skip(",\"L\":")
      || !in.skip_number() || !in.skip(",\"o\":\"")
      || !scan_price(in, *traded, value.open) || !in.skip(",\"c\":\"")
      || !scan_price(in, *traded, value.close) || !in.skip(",\"h\":\"")
      || !scan_price(in, *traded, value.high) || !in.skip(",\"l\":\"")
      || !scan_price(in, *traded, value.low) || !in.skip(",\"v\":\"")
      || !scan_size(in, *traded, value.volume) || !in.skip(",\"n\":")
      || !in.skip_number() || !in.skip(",\"x\":") || !in.flag(result.closed))
    return false;
  value.close_time = value.close_time + one_ms;
  result.symbol = traded->id;
  return broken_rule(value) == nullptr && in.skip(",\"q\":") && skip_string(in)
         && in.skip(",\"V\":") && skip_string(in) && in.skip(",\"Q\":")
         && skip_string(in) && in.skip(",\"B\":") && skip_string(in)
         && in.skip("}") && end_event(in);
}

bool binance_scanner::scan_liquidation(layout_scanner& in, message_list& out) {
  auto& result = out.add<liquidation>();
  utc_time sent;
  if (!scan_time(in, sent) || !in.skip(",\"o\":{\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\",\"S\":\""))
    return false;
  result.long_position = in.skip("SELL\"");
  if (!result.long_position && !in.skip("BUY\""))
    return false;
  if (!in.skip(",\"o\":") || !skip_string(in) || !in.skip(",\"f\":")
      || !skip_string(in) || !in.skip(",\"q\":\"")
      || !scan_size(in, *traded, result.qty) || result.qty.lots == 0
      || !in.skip(",\"p\":\"") || !scan_near_price(in, *traded, result.px)
      || result.px.ticks == 0)
    return false;
  result.symbol = traded->id;
  return in.skip(",\"ap\":") && skip_string(in) && in.skip(",\"X\":")
         && skip_string(in) && in.skip(",\"l\":") && skip_string(in)
         && in.skip(",\"z\":") && skip_string(in) && in.skip(",\"T\":")
         && scan_time(in, result.time) && in.skip("}") && end_event(in);
}

} // namespace qalpha
