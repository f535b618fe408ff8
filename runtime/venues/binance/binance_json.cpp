#include "runtime/venues/binance/binance_json.hpp"

#include "models/market/decimal.hpp"
#include "runtime/venues/step_number.hpp"

#include <string>

namespace qalpha {

namespace {

constexpr timespan one_ms{1'000'000};

// A rate beyond this is no funding rate.
constexpr int64_t largest_rate_e8 = 100'000'000;

/// What the readers of one event share.
struct event {
  json_fields& fields;
  const symbol_table& symbols;
  message_list& out;

  /// @returns the instrument of `of`, or `nullptr` and a fault.
  const instrument* find_instrument(json_fields& of) {
    auto name = of.text("s");
    if (!of.ok())
      return nullptr;
    auto result = symbols.find(name);
    // COIN-M names are BTCUSD_PERP and BTCUSD_240329.
    if (!result)
      of.fail(name.find("USD_") != name.npos ? decode_fault::wrong_product
                                             : decode_fault::unknown_symbol,
              "s");
    return result;
  }

  const instrument* find_instrument() {
    return find_instrument(fields);
  }
};

void read_depth(event x) {
  // Only futures link an event to the one before.
  if (!x.fields.has("pu"))
    return x.fields.fail(decode_fault::wrong_product, "pu");
  auto traded = x.find_instrument();
  if (!traded)
    return;
  auto& depth = x.out.add<symbol_depth>();
  depth.symbol = traded->id();
  depth.sent = x.fields.time("E");
  auto& update = depth.update;
  update.time = x.fields.time("T");
  update.first = x.fields.count("U");
  update.last = x.fields.count("u");
  update.previous = x.fields.count("pu");
  if (update.first > update.last)
    x.fields.fail(decode_fault::bad_number, "U");
  x.fields.levels("b", *traded, update.bids);
  x.fields.levels("a", *traded, update.asks);
}

void read_trade(event x, std::string_view id) {
  // Only spot says whether the trade was the best match.
  if (x.fields.has("M"))
    return x.fields.fail(decode_fault::wrong_product, "M");
  auto traded = x.find_instrument();
  if (!traded)
    return;
  public_trade trade{.symbol = traded->id()};
  trade.sent = x.fields.time("E");
  trade.time = x.fields.time("T");
  trade.id = x.fields.count(id);
  trade.px = x.fields.exact_price("p", *traded);
  trade.qty = x.fields.positive_size("q", *traded);
  trade.aggressor = x.fields.flag("m") ? side::sell : side::buy;
  x.out.add<public_trade>() = trade;
}

void read_single_trade(event x) {
  // Insurance fund and deleveraging; they may have price zero.
  if (!x.fields.has("X"))
    return x.fields.fail(decode_fault::wrong_product, "X");
  if (x.fields.text("X") == "MARKET")
    read_trade(x, "t");
  else
    x.find_instrument();
}

void read_best_prices(event x) {
  auto traded = x.find_instrument();
  if (!traded)
    return;
  best_prices best{.symbol = traded->id()};
  best.time = x.fields.time("T");
  best.update = x.fields.count("u");
  best.bid = x.fields.exact_price("b", *traded);
  best.ask = x.fields.exact_price("a", *traded);
  best.bid_size = x.fields.size("B", *traded);
  best.ask_size = x.fields.size("A", *traded);
  x.out.add<best_prices>() = best;
}

int64_t read_rate(json_fields& fields) {
  auto text = fields.text("r");
  if (text.empty()) // a contract with a delivery date
    return 0;
  auto rate = parse_decimal_e8(text);
  if (!rate || *rate > largest_rate_e8 || *rate < -largest_rate_e8)
    fields.fail(decode_fault::bad_number, "r");
  return rate.value_or(0);
}

void read_mark(event x) {
  auto traded = x.find_instrument();
  if (!traded)
    return;
  mark_state mark{.symbol = traded->id()};
  mark.time = x.fields.time("E");
  mark.mark = x.fields.near_price("p", *traded);
  // A contract before its listing has no index.
  if (plain_decimal_e8(x.fields.text("i")) != 0)
    mark.index = x.fields.near_price("i", *traded);
  mark.funding_rate_e8 = read_rate(x.fields);
  mark.next_funding = x.fields.optional_time("T");
  x.out.add<mark_state>() = mark;
}

void read_bar(event x) {
  auto traded = x.find_instrument();
  if (!traded)
    return;
  venue_bar result{.symbol = traded->id()};
  result.sent = x.fields.time("E");
  auto bar = x.fields.object("k");
  result.value.open_time = bar.time("t");
  // The venue names the last millisecond inside.
  result.value.close_time = bar.time("T") + one_ms;
  result.value.open = bar.exact_price("o", *traded);
  result.value.high = bar.exact_price("h", *traded);
  result.value.low = bar.exact_price("l", *traded);
  result.value.close = bar.exact_price("c", *traded);
  result.value.volume = bar.size("v", *traded);
  result.closed = bar.flag("x");
  if (broken_rule(result.value))
    bar.fail(decode_fault::bad_number, "k");
  x.out.add<venue_bar>() = result;
}

void read_liquidation(event x) {
  auto order = x.fields.object("o");
  auto traded = x.find_instrument(order);
  if (!traded)
    return;
  liquidation result{.symbol = traded->id()};
  result.time = order.time("T");
  // The price at which the position is bankrupt: no multiple of the tick.
  result.px = order.near_price("p", *traded);
  result.qty = order.positive_size("q", *traded);
  // The side of the order that closes the position.
  auto direction = order.text("S");
  result.long_position = direction == "SELL";
  if (direction != "SELL" && direction != "BUY")
    order.fail(decode_fault::bad_field, "S");
  x.out.add<liquidation>() = result;
}

/// Since 2026 the streams of all markets carry COIN-M as well.
bool is_other_product(json_fields& fields) {
  if (!fields.has("st") || fields.count("st") == 1)
    return false;
  fields.fail(decode_fault::wrong_product, "st");
  return true;
}

void read_event(json_fields& fields, const symbol_table& symbols,
                message_list& out) {
  auto kind = fields.text("e");
  if (!fields.ok() || is_other_product(fields))
    return;
  event x{fields, symbols, out};
  if (kind == "depthUpdate")
    return read_depth(x);
  if (kind == "aggTrade")
    return read_trade(x, "a");
  if (kind == "trade")
    return read_single_trade(x);
  if (kind == "bookTicker")
    return read_best_prices(x);
  if (kind == "markPriceUpdate")
    return read_mark(x);
  if (kind == "kline")
    return read_bar(x);
  if (kind == "forceOrder")
    return read_liquidation(x);
  if (kind == "serverShutdown") {
    auto& notice = out.add<venue_reply>();
    notice.ok = true;
    notice.text = kind;
    return;
  }
  fields.fail(decode_fault::unknown_kind, "e");
}

/// Joins the stream names of an answer to LIST_SUBSCRIPTIONS.
std::string joined(const rapidjson::Value& list) {
  std::string result;
  for (const auto& x : list.GetArray())
    if (auto name = text_of(x)) {
      if (!result.empty())
        result += ',';
      result += *name;
    }
  return result;
}

/// Errors stand in `error`, or in the answer itself.
void read_error(json_fields error, venue_reply& reply) {
  auto code = error.find("code");
  if (!code || !code->IsInt())
    error.fail(decode_fault::bad_field, "code");
  auto text = error.text("msg");
  if (!error.ok())
    return;
  reply.text = std::to_string(code->GetInt());
  reply.text += ": ";
  reply.text += text;
}

void read_reply(json_fields& fields, message_list& out) {
  auto& reply = out.add<venue_reply>();
  auto id = fields.find("id");
  if (id && !id->IsNull()) // null where the command had none that was legible
    reply.id = fields.count("id");
  if (auto result = fields.find("result")) {
    reply.ok = true;
    if (result->IsArray())
      reply.text = joined(*result);
  } else if (fields.has("error")) {
    read_error(fields.object("error"), reply);
  } else {
    read_error(fields, reply);
  }
}

/// A message without a kind: an answer, or a best price of spot, the only event
/// whose kind is not in it.
void read_untitled(json_fields& fields, message_list& out) {
  if (fields.has("result") || fields.has("error") || fields.has("code"))
    return read_reply(fields, out);
  if (fields.has("u") && fields.has("B") && fields.has("A"))
    return fields.fail(decode_fault::wrong_product, "e");
  fields.fail(decode_fault::unknown_kind, "e");
}

std::optional<field_fault> read_object(const rapidjson::Value& object,
                                       const symbol_table& symbols,
                                       message_list& out) {
  std::optional<field_fault> fault;
  json_fields fields{object, fault};
  if (fields.has("e"))
    read_event(fields, symbols, out);
  else if (fields.ok())
    read_untitled(fields, out);
  return fault;
}

constexpr bool is_foreign(decode_fault x) noexcept {
  return x == decode_fault::unknown_symbol || x == decode_fault::wrong_product;
}

/// An event, or the array that the streams of all markets send.
std::optional<decode_fault> read_payload(const rapidjson::Value& payload,
                                         const symbol_table& symbols,
                                         message_list& out) {
  if (!payload.IsArray()) {
    auto fault = read_object(payload, symbols, out);
    return fault ? std::optional{fault->what} : std::nullopt;
  }
  for (const auto& x : payload.GetArray())
    if (auto fault = read_object(x, symbols, out))
      if (!is_foreign(fault->what))
        return fault->what;
  return std::nullopt;
}

} // namespace

std::optional<decode_fault> read_binance_frame(const rapidjson::Value& frame,
                                               const symbol_table& symbols,
                                               message_list& out) {
  if (!frame.IsObject())
    return read_payload(frame, symbols, out);
  std::optional<field_fault> fault;
  json_fields fields{frame, fault};
  auto is_wrapped = fields.has("stream");
  auto data = is_wrapped ? fields.find("data") : nullptr;
  if (fault || (is_wrapped && !data))
    return decode_fault::bad_field;
  return read_payload(data ? *data : frame, symbols, out);
}

} // namespace qalpha
