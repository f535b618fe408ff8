#include "runtime/venues/bybit/bybit_answers.hpp"

#include "runtime/telemetry/printable.hpp"
#include "runtime/venues/step_number.hpp"
#include "runtime/venues/venue_answer.hpp"

#include <algorithm>
#include <limits>

namespace qalpha {

namespace {

/// Checks the envelope.
/// @returns `result`, of no meaning after a fault.
json_fields open_result(venue_answer& answer) {
  static const rapidjson::Value none{rapidjson::kObjectType};
  if (!answer.ok())
    return {none, answer.fault};
  auto fields = answer.fields();
  auto code = fields.find("retCode");
  if (!code || !code->IsInt64())
    fields.fail(decode_fault::bad_field, "retCode");
  else if (code->GetInt64() != 0)
    answer.refuse(code->GetInt64(), fields.text("retMsg"));
  return answer.ok() ? fields.object("result")
                     : json_fields{none, answer.fault};
}

void check_symbol(json_fields& fields, std::string_view key,
                  const instrument& of) {
  if (fields.text(key) != of.name())
    fields.fail(decode_fault::unknown_symbol, key);
}

void read_bar_row(const rapidjson::Value& row, const instrument& of,
                  timespan interval, venue_bar& out, venue_answer& answer) {
  auto text = row.IsArray() && row.Size() >= 6 ? text_of(row[0]) : std::nullopt;
  if (!text) {
    answer.fault = {decode_fault::bad_field, "row"};
    return;
  }
  out.value.open_time = time_of_ms(whole_number(*text).value_or(0));
  if (out.value.open_time.ns == 0) {
    answer.fault = {decode_fault::bad_number, "open time"};
    return;
  }
  out.value.close_time = out.value.open_time + interval;
  read_bar_columns(row, 1, of, out.value, answer);
}

/// Reads an optional limit in lots of `lot_e8`.
quantity read_limit(json_fields& fields, std::string_view name,
                    int64_t lot_e8) {
  return fields.has(name) ? quantity{read_positive_e8(fields, name) / lot_e8}
                          : quantity{};
}

void read_rules(json_fields& symbol, instrument_rules& out) {
  if (symbol.text("contractType") != "LinearPerpetual")
    symbol.fail(decode_fault::wrong_product, "contractType");
  if (symbol.text("status") != "Trading")
    symbol.fail(decode_fault::wrong_product, "status");
  auto prices = symbol.object("priceFilter");
  out.tick_e8 = read_positive_e8(prices, "tickSize");
  auto lots = symbol.object("lotSizeFilter");
  out.lot_e8 = read_positive_e8(lots, "qtyStep");
  if (lots.has("minNotionalValue"))
    out.min_notional.e8 = read_positive_e8(lots, "minNotionalValue");
  out.max_order = smaller_limit(read_limit(lots, "maxOrderQty", out.lot_e8),
                                read_limit(lots, "maxMktOrderQty", out.lot_e8));
}

} // namespace

fallible<depth_snapshot> read_bybit_depth(std::string_view bytes,
                                          const instrument& of) {
  venue_answer answer{"bybit depth of " + of.name(), bytes};
  auto fields = open_result(answer);
  if (!answer.ok())
    return answer.error();
  depth_snapshot result;
  check_symbol(fields, "s", of);
  // Time of the matching engine; older answers lack it.
  result.time = fields.time(fields.has("cts") ? "cts" : "ts");
  result.last = fields.count("u");
  fields.levels("b", of, result.bids);
  fields.levels("a", of, result.asks);
  return answer.result(std::move(result));
}

fallible<std::vector<venue_bar>> read_bybit_bars(std::string_view bytes,
                                                 const instrument& of,
                                                 timespan interval) {
  venue_answer answer{"bybit bars of " + of.name(), bytes};
  auto fields = open_result(answer);
  if (!answer.ok())
    return answer.error();
  auto now = answer.fields().time("time");
  check_symbol(fields, "symbol", of);
  std::vector<venue_bar> result;
  for (const auto& row : fields.list("list").GetArray()) {
    venue_bar x{.symbol = of.id(), .sent = now};
    read_bar_row(row, of, interval, x, answer);
    if (answer.ok() && !result.empty()
        && x.value.open_time >= result.back().value.open_time)
      answer.fault = {decode_fault::bad_number, "open time"};
    if (!answer.ok())
      break;
    x.closed = x.value.close_time <= now;
    result.push_back(x);
  }
  std::reverse(result.begin(), result.end());
  return answer.result(std::move(result));
}

fallible<bybit_rules_page>
read_bybit_rules(std::string_view bytes,
                 const std::vector<std::string>& names) {
  venue_answer answer{"bybit rules", bytes};
  auto fields = open_result(answer);
  if (!answer.ok())
    return answer.error();
  bybit_rules_page result;
  for (const auto& x : fields.list("list").GetArray()) {
    json_fields symbol{x, answer.fault};
    auto name = symbol.text("symbol");
    if (std::find(names.begin(), names.end(), name) == names.end())
      continue;
    auto& rules = result.rules.emplace_back();
    rules.name = name;
    read_rules(symbol, rules);
    if (!answer.ok())
      return fault{answer.error().text + " in " + printable(name)};
  }
  if (fields.has("nextPageCursor"))
    result.next = fields.text("nextPageCursor");
  return answer.result(std::move(result));
}

fallible<utc_time> read_bybit_time(std::string_view bytes) {
  venue_answer answer{"bybit time", bytes};
  auto fields = open_result(answer);
  if (!answer.ok())
    return answer.error();
  auto ns = whole_number(fields.text("timeNano"));
  if (!ns || *ns == 0
      || *ns > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    fields.fail(decode_fault::bad_number, "timeNano");
  return answer.result(utc_time{static_cast<int64_t>(ns.value_or(0))});
}

} // namespace qalpha
