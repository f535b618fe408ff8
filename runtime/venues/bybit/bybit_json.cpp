#include "runtime/venues/bybit/bybit_json.hpp"

#include "models/market/decimal.hpp"
#include "runtime/venues/step_number.hpp"

namespace qalpha {

namespace {

constexpr timespan one_ms{1'000'000};

// A rate beyond this is no funding rate.
constexpr int64_t largest_rate_e8 = 100'000'000;

/// A topic, such as "orderbook.50.BTCUSDT", in its parts. Symbols contain no
/// point.
struct topic_parts {
  std::string_view kind;
  std::string_view argument;
  std::string_view symbol;
};

topic_parts split(std::string_view topic) {
  topic_parts result;
  auto first = topic.find('.');
  result.kind = topic.substr(0, first);
  if (first == topic.npos)
    return result;
  auto last = topic.rfind('.');
  result.symbol = topic.substr(last + 1);
  if (last > first)
    result.argument = topic.substr(first + 1, last - first - 1);
  return result;
}

/// What the readers of one frame share.
struct frame_context {
  json_fields& fields;
  const topic_parts& topic;
  const instrument& traded;
  message_list& out;
  std::optional<field_fault>& fault;
};

void check_symbol(json_fields& fields, const frame_context& x) {
  if (fields.text("s") != x.topic.symbol)
    fields.fail(decode_fault::bad_field, "s");
}

bool is_known_depth(std::string_view depth) {
  return depth == "1" || depth == "50" || depth == "200" || depth == "500"
         || depth == "1000";
}

/// @returns whether the frame replaces the book.
bool read_is_snapshot(frame_context x, uint64_t update) {
  auto type = x.fields.text("type");
  if (type != "snapshot" && type != "delta")
    x.fields.fail(decode_fault::bad_field, "type");
  return type == "snapshot" || update == 1 || x.topic.argument == "1";
}

void read_book(frame_context x) {
  if (!is_known_depth(x.topic.argument))
    return x.fields.fail(decode_fault::unknown_kind, "topic");
  auto sent = x.fields.time("ts");
  // Time of the matching engine; older messages lack it.
  auto time = x.fields.has("cts") ? x.fields.time("cts") : sent;
  auto data = x.fields.object("data");
  check_symbol(data, x);
  auto update = data.count("u");
  if (update == 0)
    data.fail(decode_fault::bad_number, "u");
  auto fill = [&](auto& into) {
    into.time = time;
    into.last = update;
    data.levels("b", x.traded, into.bids);
    data.levels("a", x.traded, into.asks);
  };
  if (read_is_snapshot(x, update)) {
    auto& message = x.out.add<symbol_snapshot>();
    message.symbol = x.traded.id();
    message.sent = sent;
    fill(message.snapshot);
    return;
  }
  auto& message = x.out.add<symbol_depth>();
  message.symbol = x.traded.id();
  message.sent = sent;
  message.update.first = update;
  message.update.previous = update - 1;
  fill(message.update);
}

/// Reads the side called `S`.
side read_side(json_fields& fields) {
  auto text = fields.text("S");
  if (text != "Buy" && text != "Sell")
    fields.fail(decode_fault::bad_field, "S");
  return text == "Sell" ? side::sell : side::buy;
}

void read_trades(frame_context x) {
  auto sent = x.fields.time("ts");
  for (const auto& element : x.fields.list("data").GetArray()) {
    json_fields fields{element, x.fault};
    check_symbol(fields, x);
    public_trade trade{.symbol = x.traded.id(), .sent = sent};
    trade.time = fields.time("T");
    trade.aggressor = read_side(fields);
    trade.qty = fields.positive_size("v", x.traded);
    trade.px = fields.exact_price("p", x.traded);
    auto is_block = fields.has("BT") && fields.flag("BT");
    if (!fields.ok())
      return;
    if (!is_block)
      x.out.add<public_trade>() = trade;
  }
}

/// @returns whether a field of a ticker says something.
bool is_said(json_fields& data, std::string_view name) {
  if (!data.has(name))
    return false;
  auto text = data.text(name);
  return !text.empty() && plain_decimal_e8(text) != 0;
}

void read_ticker_mark(json_fields& data, frame_context x, utc_time time) {
  mark_state mark{.symbol = x.traded.id(), .time = time};
  if (is_said(data, "markPrice"))
    mark.mark = data.near_price("markPrice", x.traded);
  if (is_said(data, "indexPrice"))
    mark.index = data.near_price("indexPrice", x.traded);
  if (is_said(data, "fundingRate")) {
    auto rate = parse_decimal_e8(data.text("fundingRate"));
    if (!rate || *rate > largest_rate_e8 || *rate < -largest_rate_e8)
      data.fail(decode_fault::bad_number, "fundingRate");
    mark.funding_rate_e8 = rate.value_or(0);
  }
  if (is_said(data, "nextFundingTime")) {
    auto ms = whole_number(data.text("nextFundingTime"));
    mark.next_funding = time_of_ms(ms.value_or(0));
    if (mark.next_funding.ns == 0)
      data.fail(decode_fault::bad_number, "nextFundingTime");
  }
  if (mark != mark_state{.symbol = mark.symbol, .time = time})
    x.out.add<mark_state>() = mark;
}

void read_ticker_best(json_fields& data, frame_context x, utc_time time) {
  best_prices best{.symbol = x.traded.id(), .time = time};
  if (is_said(data, "bid1Price"))
    best.bid = data.exact_price("bid1Price", x.traded);
  if (is_said(data, "ask1Price"))
    best.ask = data.exact_price("ask1Price", x.traded);
  if (is_said(data, "bid1Size"))
    best.bid_size = data.size("bid1Size", x.traded);
  if (is_said(data, "ask1Size"))
    best.ask_size = data.size("ask1Size", x.traded);
  if (best != best_prices{.symbol = best.symbol, .time = time})
    x.out.add<best_prices>() = best;
}

void read_ticker_open(json_fields& data, frame_context x, utc_time time) {
  if (is_said(data, "openInterest"))
    x.out.add<open_contracts>() = {x.traded.id(), time,
                                   data.near_size("openInterest", x.traded)};
}

void read_ticker(frame_context x) {
  auto time = x.fields.time("ts");
  auto data = x.fields.object("data");
  // Spot has an index in USD, and no price to mark positions at.
  if (data.has("usdIndexPrice"))
    return data.fail(decode_fault::wrong_product, "usdIndexPrice");
  if (data.text("symbol") != x.topic.symbol)
    data.fail(decode_fault::bad_field, "symbol");
  read_ticker_mark(data, x, time);
  read_ticker_best(data, x, time);
  read_ticker_open(data, x, time);
}

void read_bars(frame_context x) {
  auto sent = x.fields.time("ts");
  for (const auto& element : x.fields.list("data").GetArray()) {
    json_fields fields{element, x.fault};
    venue_bar result{.symbol = x.traded.id(), .sent = sent};
    result.value.open_time = fields.time("start");
    // The venue names the last millisecond inside.
    result.value.close_time = fields.time("end") + one_ms;
    result.value.open = fields.exact_price("open", x.traded);
    result.value.high = fields.exact_price("high", x.traded);
    result.value.low = fields.exact_price("low", x.traded);
    result.value.close = fields.exact_price("close", x.traded);
    result.value.volume = fields.size("volume", x.traded);
    result.closed = fields.flag("confirm");
    if (broken_rule(result.value))
      fields.fail(decode_fault::bad_number, "data");
    if (!fields.ok())
      return;
    x.out.add<venue_bar>() = result;
  }
}

void read_liquidations(frame_context x) {
  for (const auto& element : x.fields.list("data").GetArray()) {
    json_fields fields{element, x.fault};
    check_symbol(fields, x);
    liquidation result{.symbol = x.traded.id()};
    result.time = fields.time("T");
    // The side of the position, where Binance names that of the order.
    result.long_position = read_side(fields) == side::buy;
    result.qty = fields.positive_size("v", x.traded);
    // The price at which the position is bankrupt: no multiple of the tick.
    result.px = fields.near_price("p", x.traded);
    if (!fields.ok())
      return;
    x.out.add<liquidation>() = result;
  }
}

using reader = void (*)(frame_context);

reader reader_of(std::string_view kind) {
  if (kind == "orderbook")
    return read_book;
  if (kind == "publicTrade")
    return read_trades;
  if (kind == "tickers")
    return read_ticker;
  if (kind == "kline")
    return read_bars;
  if (kind == "allLiquidation")
    return read_liquidations;
  return nullptr;
}

/// Commands are answered with `success`; a pong may have only its `op`.
void read_reply(json_fields& fields, message_list& out) {
  auto& reply = out.add<venue_reply>();
  auto op = fields.has("op") ? fields.text("op") : std::string_view{};
  if (fields.has("success")) {
    reply.ok = fields.flag("success");
    reply.text = fields.text("ret_msg");
  } else if (op == "pong") {
    reply.ok = true;
    reply.text = op;
  } else {
    fields.fail(decode_fault::unknown_kind, "topic");
  }
  // Ours are numbers; the venue echoes whatever text it was sent.
  if (fields.has("req_id"))
    reply.id = whole_number(fields.text("req_id")).value_or(0);
}

} // namespace

std::optional<decode_fault> read_bybit_frame(const rapidjson::Value& frame,
                                             const symbol_table& symbols,
                                             message_list& out) {
  std::optional<field_fault> fault;
  json_fields fields{frame, fault};
  if (!fields.has("topic")) {
    read_reply(fields, out);
    return fault ? std::optional{fault->what} : std::nullopt;
  }
  auto topic = split(fields.text("topic"));
  if (fault)
    return fault->what;
  auto read = reader_of(topic.kind);
  if (!read)
    return decode_fault::unknown_kind;
  auto traded = symbols.find(topic.symbol);
  if (!traded)
    return decode_fault::unknown_symbol;
  read({fields, topic, *traded, out, fault});
  return fault ? std::optional{fault->what} : std::nullopt;
}

} // namespace qalpha
