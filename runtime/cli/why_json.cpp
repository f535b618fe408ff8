#include "models/market/decimal.hpp"
#include "runtime/cli/why_text.hpp"
#include "runtime/telemetry/printable.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace qalpha {

namespace {

/// Builds one line; keys and values alternate.
class json_line {
public:
  json_line& text(const char* key, std::string_view value) {
    auto clean = printable(value);
    out_.Key(key);
    out_.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
    return *this;
  }

  json_line& time(const char* key, utc_time value) {
    return text(key, format_iso(value));
  }

  json_line& amount(const char* key, int64_t e8) {
    return text(key, format_decimal_e8(e8));
  }

  json_line& figure(const char* key, int64_t value) {
    out_.Key(key);
    out_.Int64(value);
    return *this;
  }

  json_line& flag(const char* key, bool value) {
    out_.Key(key);
    out_.Bool(value);
    return *this;
  }

  json_line& nothing(const char* key) {
    out_.Key(key);
    out_.Null();
    return *this;
  }

  template <class Write>
  json_line& object(const char* key, Write write) {
    out_.Key(key);
    return object(write);
  }

  template <class Write>
  json_line& object(Write write) {
    out_.StartObject();
    write();
    out_.EndObject();
    return *this;
  }

  template <class List, class Write>
  json_line& list(const char* key, const List& all, Write write) {
    out_.Key(key);
    out_.StartArray();
    for (auto& each : all)
      object([&] { write(each); });
    out_.EndArray();
    return *this;
  }

  std::string take() const {
    return {text_.GetString(), text_.GetSize()};
  }

private:
  rapidjson::StringBuffer text_;
  rapidjson::Writer<rapidjson::StringBuffer> out_{text_};
};

void write_order(json_line& out, const instrument& rules,
                 const order_story& x) {
  auto& right = x.intent.right;
  out.text("id", to_string(right.id))
    .time("time", x.intent.time)
    .text("side", to_string(right.direction))
    .text("size", rules.text(right.size))
    .text("kind", to_string(x.intent.kind))
    .text("limit", rules.text(x.intent.limit))
    .flag("reduce_only", right.reduce_only)
    .text("status", to_string(x.status))
    .text("filled", rules.text(x.filled))
    .list("fills", x.fills,
          [&](const fill& each) {
            out.time("time", each.time)
              .text("price", rules.text(each.px))
              .text("size", rules.text(each.size))
              .amount("fee", each.fee.e8)
              .flag("maker", each.maker);
          })
    .list("reports", x.reports, [&](const order_report& each) {
      out.time("time", each.time)
        .text("event", event_text(each.event))
        .text("reason", each.reason);
    });
}

void write_outcome(json_line& out, const instrument& rules,
                   const decision_outcome& x) {
  out.text("result", to_string(x.result)).time("time", x.time);
  if (x.result == decision_result::ordered)
    out.text("order", to_string(x.order));
  if (x.result == decision_result::refused)
    out.text("gate", to_string(x.gate))
      .figure("value", x.value)
      .figure("limit", x.limit)
      .text("text", refusal_text(rules, x.gate, x.value, x.limit));
}

void write_story(json_line& out, const instrument& rules,
                 const decision_story& x) {
  out.figure("decision", static_cast<int64_t>(x.what.id.sequence))
    .time("time", x.what.time)
    .figure("wanted_bps", x.what.wanted.bps)
    .text("target", rules.text(x.what.target))
    .text("reference", rules.text(x.what.reference))
    .amount("equity", x.what.equity.e8)
    .text("reason", x.what.reason);
  if (x.outcome)
    out.object("outcome", [&] { write_outcome(out, rules, *x.outcome); });
  else
    out.nothing("outcome");
  out.list("orders", x.orders,
           [&](const order_story& each) { write_order(out, rules, each); });
}

} // namespace

std::string why_json(const instrument& rules,
                     const std::vector<decision_story>& stories) {
  json_line out;
  out.object([&] {
    out.flag("ok", true).text("symbol", rules.name());
    out.list("decisions", stories, [&](const decision_story& each) {
      write_story(out, rules, each);
    });
  });
  return out.take();
}

} // namespace qalpha
