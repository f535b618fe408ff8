#include "runtime/venues/bybit/bybit_scan.hpp"

#include <utility>

namespace qalpha {

namespace {

/// What a frame says before its data.
struct envelope {
  bool is_snapshot = false;
  utc_time sent;
};

bool scan_type(layout_scanner& in, envelope& out) {
  out.is_snapshot = in.take(",\"type\":\"snapshot\"");
  return out.is_snapshot || in.take(",\"type\":\"delta\"");
}

/// Type and time, in the order of the topic.
bool scan_envelope(layout_scanner& in, envelope& out) {
  if (in.take(",\"ts\":"))
    return scan_time(in, out.sent) && scan_type(in, out);
  return scan_type(in, out) && in.take(",\"ts\":") && scan_time(in, out.sent);
}

} // namespace

bool bybit_scanner::scan(std::string_view text, message_list& out) {
  symbols_.prepare(text);
  layout_scanner in{text};
  if (!in.take("{\"topic\":\""))
    return false;
  if (in.take("publicTrade."))
    return scan_trades(in, out) && in.at_end();
  if (!in.take("orderbook."))
    return false;
  if (in.take("1."))
    return scan_book(in, out, true) && in.at_end();
  if (!in.take("50.") && !in.take("200.") && !in.take("500.")
      && !in.take("1000."))
    return false;
  return scan_book(in, out, false) && in.at_end();
}

bool bybit_scanner::scan_book_data(layout_scanner& in, scanned_symbol& traded) {
  return in.take("\",\"b\":") && symbols_.read_levels(in, traded, update_.bids)
         && in.take(",\"a\":") && symbols_.read_levels(in, traded, update_.asks)
         && in.take(",\"u\":") && in.number(update_.last)
         && in.take(",\"seq\":") && in.skip_number() && in.take("}");
}

bool bybit_scanner::scan_book(layout_scanner& in, message_list& out,
                              bool always_snapshot) {
  envelope head;
  auto traded = symbols_.read(in);
  if (!traded || !in.take("\"") || !scan_envelope(in, head)
      || !in.take(",\"data\":{\"s\":\"") || symbols_.read(in) != traded
      || !scan_book_data(in, *traded) || update_.last == 0)
    return false;
  update_.time = head.sent;
  if (in.take(",\"cts\":") && !scan_time(in, update_.time))
    return false;
  if (head.is_snapshot || always_snapshot || update_.last == 1) {
    auto& message = out.add<symbol_snapshot>();
    message.symbol = traded->id;
    message.sent = head.sent;
    message.snapshot.time = update_.time;
    message.snapshot.last = update_.last;
    std::swap(message.snapshot.bids, update_.bids);
    std::swap(message.snapshot.asks, update_.asks);
    return in.take("}");
  }
  auto& message = out.add<symbol_depth>();
  message.symbol = traded->id;
  message.sent = head.sent;
  message.update.time = update_.time;
  message.update.first = update_.last;
  message.update.last = update_.last;
  message.update.previous = update_.last - 1;
  std::swap(message.update.bids, update_.bids);
  std::swap(message.update.asks, update_.asks);
  return in.take("}");
}

bool bybit_scanner::scan_trades(layout_scanner& in, message_list& out) {
  envelope head;
  auto topic = symbols_.read(in);
  if (!topic || !in.take("\"") || !scan_envelope(in, head)
      || !in.take(",\"data\":["))
    return false;
  do {
    if (!scan_trade(in, *topic, head.sent, out))
      return false;
  } while (in.take(","));
  return in.take("]}");
}

bool bybit_scanner::scan_trade(layout_scanner& in, const scanned_symbol& topic,
                               utc_time sent, message_list& out) {
  public_trade trade{.symbol = topic.id, .sent = sent};
  if (!in.take("{\"T\":") || !scan_time(in, trade.time)
      || !in.take(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (traded != &topic || !in.take("\",\"S\":\""))
    return false;
  if (in.take("Sell\""))
    trade.aggressor = side::sell;
  else if (!in.take("Buy\""))
    return false;
  auto is_block = false;
  auto is_retail = false;
  if (!in.take(",\"v\":\"") || !scan_size(in, *traded, trade.qty)
      || trade.qty.lots == 0 || !in.take(",\"p\":\"")
      || !scan_price(in, *traded, trade.px) || !in.take(",\"L\":\"")
      || !in.skip_text() || !in.take("\",\"i\":\"") || !in.skip_text()
      || !in.take("\",\"BT\":") || !in.flag(is_block))
    return false;
  // Retail orders have been marked since 2025.
  if (in.take(",\"RPI\":") && !in.flag(is_retail))
    return false;
  if (in.take(",\"seq\":") && !in.skip_number())
    return false;
  if (!is_block)
    out.add<public_trade>() = trade;
  return in.take("}");
}

} // namespace qalpha
