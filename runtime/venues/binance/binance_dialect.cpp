#include "runtime/venues/binance/binance_dialect.hpp"

#include "runtime/venues/binance/binance_answers.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace qalpha {

namespace {

// A command of ten kilobytes at most, far below what the venue takes.
constexpr size_t names_a_command = 100;

// Levels of a snapshot, and its weight.
constexpr int snapshot_levels = 1'000;
constexpr uint64_t snapshot_weight = 20;

constexpr int trades_a_page = 1'000;
constexpr uint64_t trades_weight = 20;

constexpr size_t most_bars = 1'500;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

std::vector<std::string> commands(const char* method,
                                  const std::vector<std::string>& names,
                                  uint64_t& id) {
  std::vector<std::string> result;
  for (size_t i = 0; i < names.size(); i += names_a_command) {
    auto end = std::min(names.size(), i + names_a_command);
    std::string text = R"({"method":")";
    text += method;
    text += R"(","params":[)";
    for (size_t j = i; j < end; ++j)
      text += (j > i ? ",\"" : "\"") + names[j] + '"';
    text += R"(],"id":)" + std::to_string(++id) + '}';
    result.push_back(std::move(text));
  }
  return result;
}

// Weights of `klines` by the number of bars.
uint64_t bars_weight(size_t count) {
  if (count < 100)
    return 1;
  if (count < 500)
    return 2;
  return count <= 1'000 ? 5 : 10;
}

} // namespace

binance_dialect::binance_dialect(binance_settings settings,
                                 universe instruments, endpoint streams)
  : settings_(std::move(settings)), instruments_(std::move(instruments)),
    streams_(std::move(streams)), decoder_(instruments_) {
  // nop
}

// -- streams ------------------------------------------------------------------

std::vector<stream_spec> binance_dialect::streams_of(const instrument& of,
                                                     bool is_public) const {
  auto name = lower(of.name());
  if (is_public)
    return {{name + "@depth@100ms", of.id(), kind_of<symbol_depth>,
             settings_.first_depth},
            {name + "@bookTicker", of.id(), kind_of<best_prices>,
             settings_.first_depth}};
  return {
    {name + "@aggTrade", of.id(), kind_of<public_trade>, settings_.first_trade},
    {name + "@markPrice@1s", of.id(), kind_of<mark_state>,
     settings_.first_mark},
    {name + "@kline_1m", of.id(), kind_of<venue_bar>, {}},
    {name + "@forceOrder", of.id(), kind_of<liquidation>, {}}};
}

std::vector<line_plan> binance_dialect::plan() const {
  std::vector<line_plan> result;
  for (auto is_public : {true, false}) {
    auto kind = is_public ? "public" : "market";
    size_t number = 0;
    auto fresh = true;
    for (auto& x : instruments_) {
      auto streams = streams_of(x, is_public);
      if (fresh
          || result.back().streams.size() + streams.size()
               > settings_.streams_a_connection) {
        auto name = std::string{"binance "} + kind;
        if (++number > 1)
          name += ' ' + std::to_string(number);
        result.push_back(
          {name, {streams_, std::string{"/"} + kind + "/stream"}, {}});
        fresh = false;
      }
      auto& all = result.back().streams;
      all.insert(all.end(), streams.begin(), streams.end());
    }
  }
  return result;
}

std::optional<decode_fault> binance_dialect::decode(std::string_view bytes,
                                                    message_list& out) {
  return decoder_.decode(bytes, out);
}

std::vector<std::string>
binance_dialect::subscribe(const std::vector<std::string>& names,
                           uint64_t& id) const {
  return commands("SUBSCRIBE", names, id);
}

std::vector<std::string>
binance_dialect::unsubscribe(const std::vector<std::string>& names,
                             uint64_t& id) const {
  return commands("UNSUBSCRIBE", names, id);
}

std::string binance_dialect::heartbeat(uint64_t&) const {
  return {};
}

bool binance_dialect::announces_shutdown(const venue_reply& reply) const {
  return reply.text == "serverShutdown";
}

// -- REST ---------------------------------------------------------------------

sync_rule binance_dialect::book_rule() const {
  return sync_rule::requested_snapshot;
}

bool binance_dialect::numbers_trades() const {
  return true;
}

std::optional<rest_request>
binance_dialect::snapshot(const instrument& of) const {
  return rest_request{"/fapi/v1/depth?symbol=" + of.name()
                        + "&limit=" + std::to_string(snapshot_levels),
                      snapshot_weight};
}

fallible<depth_snapshot>
binance_dialect::read_snapshot(std::string_view answer,
                               const instrument& of) const {
  return read_binance_depth(answer, of);
}

// A page that begins at an id needs no window of time, which may be an hour at
// most.
std::optional<rest_request> binance_dialect::trades(const instrument& of,
                                                    uint64_t from) const {
  return rest_request{"/fapi/v1/aggTrades?symbol=" + of.name()
                        + "&fromId=" + std::to_string(from)
                        + "&limit=" + std::to_string(trades_a_page),
                      trades_weight};
}

fallible<std::vector<public_trade>>
binance_dialect::read_trades(std::string_view answer,
                             const instrument& of) const {
  return read_binance_trades(answer, of);
}

std::optional<rest_request> binance_dialect::bars(const instrument& of,
                                                  size_t count) const {
  // The last bar of an answer is usually unfinished.
  auto limit = std::min(count + 1, most_bars);
  return rest_request{"/fapi/v1/klines?symbol=" + of.name()
                        + "&interval=1m&limit=" + std::to_string(limit),
                      bars_weight(limit)};
}

fallible<std::vector<venue_bar>>
binance_dialect::read_bars(std::string_view answer, const instrument& of,
                           utc_time now) const {
  return read_binance_bars(answer, of, now);
}

std::optional<rest_request>
binance_dialect::interest(const instrument& of) const {
  return rest_request{"/fapi/v1/openInterest?symbol=" + of.name(), 1};
}

fallible<open_contracts>
binance_dialect::read_interest(std::string_view answer,
                               const instrument& of) const {
  return read_binance_interest(answer, of);
}

rest_request binance_dialect::clock() const {
  return {"/fapi/v1/time", 1};
}

fallible<utc_time> binance_dialect::read_clock(std::string_view answer) const {
  return read_binance_time(answer);
}

std::string_view binance_dialect::weight_header() const {
  return "X-MBX-USED-WEIGHT-1M";
}

} // namespace qalpha
