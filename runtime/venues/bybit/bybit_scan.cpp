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
  out.is_snapshot = in.skip(",\"type\":\"snapshot\"");
  return out.is_snapshot || in.skip(",\"type\":\"delta\"");
}

/// Type and time, in the order of the topic.
bool scan_envelope(layout_scanner& in, envelope& out) {
  if (in.skip(",\"ts\":"))
    return scan_time(in, out.sent) && scan_type(in, out);
  return scan_type(in, out) && in.skip(",\"ts\":") && scan_time(in, out.sent);
}

} // namespace

bool bybit_scanner::scan(std::string_view text, message_list& out) {
  symbols_.prepare(text);
  layout_scanner in{text};
  if (!in.skip("{\"topic\":\""))
    return false;
  if (in.skip("publicTrade."))
    return scan_trades(in, out) && in.at_end();
  if (!in.skip("orderbook."))
    return false;
  if (in.skip("1."))
    return scan_book(in, out, true) && in.at_end();
  if (!in.skip("50.") && !in.skip("200.") && !in.skip("500.")
      && !in.skip("1000."))
    return false;
  return scan_book(in, out, false) && in.at_end();
}

bool bybit_scanner::scan_book_data(layout_scanner& in, scanned_symbol& traded) {
  return in.skip("\",\"b\":") && symbols_.read_levels(in, traded, update_.bids)
         && in.skip(",\"a\":") && symbols_.read_levels(in, traded, update_.asks)
         && in.skip(",\"u\":") && in.number(update_.last)
         && in.skip(",\"seq\":") && in.skip_number() && in.skip("}");
}

bool bybit_scanner::scan_book(layout_scanner& in, message_list& out,
                              bool always_snapshot) {
  envelope head;
  auto traded = symbols_.read(in);
  if (!traded || !in.skip("\"") || !scan_envelope(in, head)
      || !in.skip(",\"data\":{\"s\":\"") || symbols_.read(in) != traded
      || !scan_book_data(in, *traded) || update_.last == 0)
    return false;
  update_.time = head.sent;
  if (in.skip(",\"cts\":") && !scan_time(in, update_.time))
    return false;
  if (head.is_snapshot || always_snapshot || update_.last == 1) {
    auto& message = out.add<symbol_snapshot>();
    message.symbol = traded->id;
    message.sent = head.sent;
    message.snapshot.time = update_.time;
    message.snapshot.last = update_.last;
    std::swap(message.snapshot.bids, update_.bids);
    std::swap(message.snapshot.asks, update_.asks);
    return in.skip("}");
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
  return in.skip("}");
}

bool bybit_scanner::scan_trades(layout_scanner& in, message_list& out) {
  envelope head;
  auto topic = symbols_.read(in);
  if (!topic || !in.skip("\"") || !scan_envelope(in, head)
      || !in.skip(",\"data\":["))
    return false;
  do {
    if (!scan_trade(in, *topic, head.sent, out))
      return false;
  } while (in.skip(","));
  return in.skip("]}");
}

bool bybit_scanner::scan_trade(layout_scanner& in, const scanned_symbol& topic,
                               utc_time sent, message_list& out) {
  public_trade trade{.symbol = topic.id, .sent = sent};
  if (!in.skip("{\"T\":") || !scan_time(in, trade.time)
      || !in.skip(",\"s\":\""))
    return false;
  auto traded = symbols_.read(in);
  if (traded != &topic || !in.skip("\",\"S\":\""))
    return false;
  if (in.skip("Sell\""))
    trade.aggressor = side::sell;
  else if (!in.skip("Buy\""))
    return false;
  auto is_block = false;
  auto is_retail = false;
  if (!in.skip(",\"v\":\"") || !scan_size(in, *traded, trade.qty)
      || trade.qty.lots == 0 || !in.skip(",\"p\":\"")
      || !scan_price(in, *traded, trade.px) || !in.skip(",\"L\":\"")
      || !in.skip_text() || !in.skip("\",\"i\":\"") || !in.skip_text()
      || !in.skip("\",\"BT\":") || !in.flag(is_block))
    return false;
  // Retail orders have been marked since 2025.
  if (in.skip(",\"RPI\":") && !in.flag(is_retail))
    return false;
  if (in.skip(",\"seq\":") && !in.skip_number())
    return false;
  if (!is_block)
    out.add<public_trade>() = trade;
  return in.skip("}");
}

} // namespace qalpha
