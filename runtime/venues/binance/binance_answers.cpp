#include "runtime/venues/binance/binance_answers.hpp"

#include "runtime/telemetry/printable.hpp"
#include "runtime/venues/venue_answer.hpp"

#include <algorithm>

namespace qalpha {

namespace {

constexpr timespan one_ms{1'000'000};

/// Refusals are objects with a code and a message, whatever was asked for.
void check_refusal(venue_answer& answer) {
  if (!answer.ok() || !answer.root().IsObject())
    return;
  auto fields = answer.fields();
  auto code = fields.find("code");
  if (!code || !code->IsInt64())
    return;
  auto text = fields.find("msg");
  answer.refuse(code->GetInt64(),
                text ? text_of(*text).value_or("") : std::string_view{});
}

/// @returns the rows of an answer that is a list; none after a fault.
rapidjson::Value::ConstArray rows_of(venue_answer& answer) {
  static const rapidjson::Value none{rapidjson::kArrayType};
  check_refusal(answer);
  if (answer.ok() && answer.root().IsArray())
    return answer.root().GetArray();
  if (answer.ok())
    answer.fault = {decode_fault::bad_field, "the answer"};
  return none.GetArray();
}

void read_bar_row(const rapidjson::Value& row, const instrument& of,
                  venue_bar& out, venue_answer& answer) {
  // Seven of twelve columns are of use.
  if (!row.IsArray() || row.Size() < 7 || !row[0].IsUint64()
      || !row[6].IsUint64()) {
    answer.fault = {decode_fault::bad_field, "row"};
    return;
  }
  out.value.open_time = time_of_ms(row[0].GetUint64());
  // The venue names the last millisecond inside.
  out.value.close_time = time_of_ms(row[6].GetUint64()) + one_ms;
  read_bar_columns(row, 1, of, out.value, answer);
}

const rapidjson::Value* find_symbol(json_fields& fields,
                                    const std::string& name) {
  for (const auto& x : fields.list("symbols").GetArray()) {
    std::optional<field_fault> ignored;
    if (json_fields{x, ignored}.text("symbol") == name)
      return &x;
  }
  return nullptr;
}

void read_filter(json_fields filter, instrument_rules& out) {
  auto type = filter.text("filterType");
  if (type == "PRICE_FILTER")
    out.tick_e8 = read_positive_e8(filter, "tickSize");
  else if (type == "LOT_SIZE")
    out.lot_e8 = read_positive_e8(filter, "stepSize");
  else if (type == "MIN_NOTIONAL")
    out.min_notional.e8 = read_positive_e8(filter, "notional");
}

/// Limits are in lots, so the lot has to be known.
void read_limit(json_fields filter, instrument_rules& out) {
  auto type = filter.text("filterType");
  if (type != "LOT_SIZE" && type != "MARKET_LOT_SIZE")
    return;
  auto limit = quantity{read_positive_e8(filter, "maxQty") / out.lot_e8};
  out.max_order = smaller_limit(out.max_order, limit);
}

void read_rules(json_fields symbol, instrument_rules& out,
                std::optional<field_fault>& fault) {
  if (symbol.text("contractType") != "PERPETUAL")
    symbol.fail(decode_fault::wrong_product, "contractType");
  if (symbol.text("status") != "TRADING")
    symbol.fail(decode_fault::wrong_product, "status");
  const auto& filters = symbol.list("filters");
  for (const auto& x : filters.GetArray())
    read_filter({x, fault}, out);
  if (out.tick_e8 <= 0 || out.lot_e8 <= 0)
    return symbol.fail(decode_fault::bad_field, "filters");
  for (const auto& x : filters.GetArray())
    read_limit({x, fault}, out);
}

} // namespace

fallible<depth_snapshot> read_binance_depth(std::string_view bytes,
                                            const instrument& of) {
  venue_answer answer{"binance depth of " + of.name(), bytes};
  check_refusal(answer);
  if (!answer.ok())
    return answer.error();
  auto fields = answer.fields();
  depth_snapshot result;
  if (!fields.has("T"))
    fields.fail(decode_fault::wrong_product, "T");
  result.time = fields.time("T");
  result.last = fields.count("lastUpdateId");
  fields.levels("bids", of, result.bids);
  fields.levels("asks", of, result.asks);
  return answer.result(std::move(result));
}

fallible<open_contracts> read_binance_interest(std::string_view bytes,
                                               const instrument& of) {
  venue_answer answer{"binance open interest of " + of.name(), bytes};
  check_refusal(answer);
  if (!answer.ok())
    return answer.error();
  auto fields = answer.fields();
  if (fields.text("symbol") != of.name())
    fields.fail(decode_fault::unknown_symbol, "symbol");
  open_contracts result{.symbol = of.id()};
  result.time = fields.time("time");
  result.qty = fields.near_size("openInterest", of);
  return answer.result(result);
}

fallible<std::vector<public_trade>> read_binance_trades(std::string_view bytes,
                                                        const instrument& of) {
  venue_answer answer{"binance trades of " + of.name(), bytes};
  std::vector<public_trade> result;
  for (const auto& row : rows_of(answer)) {
    json_fields fields{row, answer.fault};
    // Only spot says whether the trade was the best match.
    if (fields.has("M"))
      fields.fail(decode_fault::wrong_product, "M");
    public_trade trade{.symbol = of.id()};
    trade.id = fields.count("a");
    trade.time = fields.time("T");
    trade.sent = trade.time;
    trade.px = fields.exact_price("p", of);
    trade.qty = fields.positive_size("q", of);
    trade.aggressor = fields.flag("m") ? side::sell : side::buy;
    if (!result.empty() && trade.id <= result.back().id)
      fields.fail(decode_fault::bad_number, "a");
    if (!answer.ok())
      break;
    result.push_back(trade);
  }
  return answer.result(std::move(result));
}

fallible<std::vector<venue_bar>>
read_binance_bars(std::string_view bytes, const instrument& of, utc_time now) {
  venue_answer answer{"binance bars of " + of.name(), bytes};
  std::vector<venue_bar> result;
  for (const auto& row : rows_of(answer)) {
    venue_bar x{.symbol = of.id(), .sent = now};
    read_bar_row(row, of, x, answer);
    if (answer.ok() && !result.empty()
        && x.value.open_time <= result.back().value.open_time)
      answer.fault = {decode_fault::bad_number, "open time"};
    if (!answer.ok())
      break;
    x.closed = x.value.close_time <= now;
    result.push_back(x);
  }
  return answer.result(std::move(result));
}

fallible<std::vector<instrument_rules>>
read_binance_rules(std::string_view bytes,
                   const std::vector<std::string>& names) {
  venue_answer answer{"binance rules", bytes};
  check_refusal(answer);
  if (!answer.ok())
    return answer.error();
  auto fields = answer.fields();
  std::vector<instrument_rules> result;
  for (const auto& name : names) {
    auto symbol = find_symbol(fields, name);
    if (!answer.ok())
      return answer.error();
    if (!symbol)
      return qalpha::fault{"binance rules: there is no " + printable(name)};
    auto& rules = result.emplace_back();
    rules.name = name;
    read_rules({*symbol, answer.fault}, rules, answer.fault);
    if (!answer.ok())
      return qalpha::fault{answer.error().text + " in " + printable(name)};
  }
  return result;
}

fallible<utc_time> read_binance_time(std::string_view bytes) {
  venue_answer answer{"binance time", bytes};
  check_refusal(answer);
  if (!answer.ok())
    return answer.error();
  return answer.result(answer.fields().time("serverTime"));
}

} // namespace qalpha
