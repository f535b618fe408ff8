#include "runtime/venues/bybit/bybit_dialect.hpp"

#include "runtime/venues/bybit/bybit_answers.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

// A command of two kilobytes at most.
constexpr size_t names_a_command = 50;

constexpr size_t most_bars = 1'000;

std::vector<std::string>
commands(const char* op, const std::vector<std::string>& names, uint64_t& id) {
  std::vector<std::string> result;
  for (size_t i = 0; i < names.size(); i += names_a_command) {
    auto end = std::min(names.size(), i + names_a_command);
    std::string text = R"({"op":")";
    text += op;
    text += R"(","args":[)";
    for (size_t j = i; j < end; ++j)
      text += (j > i ? ",\"" : "\"") + names[j] + '"';
    text += R"(],"req_id":")" + std::to_string(++id) + "\"}";
    result.push_back(std::move(text));
  }
  return result;
}

fault not_asked(std::string_view what) {
  return {"bybit: " + std::string{what} + " come in the stream"};
}

} // namespace

bybit_dialect::bybit_dialect(bybit_settings settings, universe instruments,
                             address streams)
  : settings_(std::move(settings)), instruments_(std::move(instruments)),
    streams_(std::move(streams)), decoder_(instruments_) {
  // nop
}

// -- streams ------------------------------------------------------------------

std::vector<stream_spec> bybit_dialect::streams_of(const instrument& of) const {
  auto& name = of.name();
  return {
    {"orderbook.50." + name, of.id(), kind_of<symbol_snapshot>,
     settings_.first_snapshot},
    {"publicTrade." + name, of.id(), kind_of<public_trade>,
     settings_.first_trade},
    {"tickers." + name, of.id(), kind_of<mark_state>, settings_.first_snapshot},
    {"kline.1." + name, of.id(), kind_of<venue_bar>, {}}};
}

std::vector<line_plan> bybit_dialect::plan() const {
  std::vector<line_plan> result;
  size_t characters = 0;
  for (auto& x : instruments_) {
    auto streams = streams_of(x);
    size_t more = 0;
    for (auto& stream : streams)
      more += stream.name.size() + 3; // quotes and comma
    if (result.empty()
        || characters + more > settings_.characters_a_connection) {
      std::string name = "bybit linear";
      if (!result.empty())
        name += ' ' + std::to_string(result.size() + 1);
      result.push_back({std::move(name), streams_, {}});
      characters = 0;
    }
    characters += more;
    auto& all = result.back().streams;
    all.insert(all.end(), streams.begin(), streams.end());
  }
  return result;
}

std::optional<decode_fault> bybit_dialect::decode(std::string_view bytes,
                                                  message_list& out) {
  return decoder_.decode(bytes, out);
}

std::vector<std::string>
bybit_dialect::subscribe(const std::vector<std::string>& names,
                         uint64_t& id) const {
  return commands("subscribe", names, id);
}

std::vector<std::string>
bybit_dialect::unsubscribe(const std::vector<std::string>& names,
                           uint64_t& id) const {
  return commands("unsubscribe", names, id);
}

std::string bybit_dialect::heartbeat(uint64_t& id) const {
  return R"({"op":"ping","req_id":")" + std::to_string(++id) + "\"}";
}

bool bybit_dialect::announces_shutdown(const venue_reply&) const {
  return false;
}

// -- REST ---------------------------------------------------------------------

sync_rule bybit_dialect::book_rule() const {
  return sync_rule::streamed_snapshot;
}

bool bybit_dialect::numbers_trades() const {
  return false;
}

std::optional<rest_request> bybit_dialect::snapshot(const instrument&) const {
  return std::nullopt;
}

fallible<depth_snapshot> bybit_dialect::read_snapshot(std::string_view,
                                                      const instrument&) const {
  return not_asked("snapshots");
}

std::optional<rest_request> bybit_dialect::trades(const instrument&,
                                                  uint64_t) const {
  return std::nullopt;
}

fallible<std::vector<public_trade>>
bybit_dialect::read_trades(std::string_view, const instrument&) const {
  return not_asked("trades");
}

std::optional<rest_request> bybit_dialect::bars(const instrument& of,
                                                size_t count) const {
  // The newest bar of an answer is usually unfinished.
  auto limit = std::min(count + 1, most_bars);
  return rest_request{"/v5/market/kline?category=linear&symbol=" + of.name()
                        + "&interval=1&limit=" + std::to_string(limit),
                      1};
}

fallible<std::vector<venue_bar>>
bybit_dialect::read_bars(std::string_view answer, const instrument& of,
                         utc_time) const {
  return read_bybit_bars(answer, of, std::chrono::minutes{1});
}

std::optional<rest_request> bybit_dialect::interest(const instrument&) const {
  return std::nullopt;
}

fallible<open_contracts> bybit_dialect::read_interest(std::string_view,
                                                      const instrument&) const {
  return not_asked("open contracts");
}

rest_request bybit_dialect::clock() const {
  return {"/v5/market/time", 1};
}

fallible<utc_time> bybit_dialect::read_clock(std::string_view answer) const {
  return read_bybit_time(answer);
}

std::string_view bybit_dialect::weight_header() const {
  return {};
}

} // namespace qalpha
