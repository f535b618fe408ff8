#include "runtime/venues/simulated/public_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace qalpha {

namespace {

using std::chrono::minutes;

struct stream_kind {
  const char* suffix;
  const char* path;
};

constexpr std::array kinds{
  stream_kind{"@depth@100ms", "/public/stream"},
  stream_kind{"@bookTicker", "/public/stream"},
  stream_kind{"@aggTrade", "/market/stream"},
  stream_kind{"@markPrice@1s", "/market/stream"},
  stream_kind{"@kline_1m", "/market/stream"},
  stream_kind{"@forceOrder", "/market/stream"},
};

// What the venue gives when no number is asked for, and at most.
constexpr uint64_t usual_count = 500;
constexpr uint64_t most_rows = 1'500;

constexpr auto bad_command = R"({"code":2,"msg":"Invalid request"})";

/// @returns the value of a parameter, empty if there is none.
std::string_view parameter(std::string_view target, std::string_view name) {
  auto rest = target.substr(std::min(target.find('?'), target.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(part.size());
    if (part.size() > name.size() && part.starts_with(name)
        && part[name.size()] == '=')
      return part.substr(name.size() + 1);
  }
  return {};
}

uint64_t number(std::string_view text, uint64_t otherwise) {
  uint64_t result = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, result);
  return read.ec == std::errc{} && read.ptr == end ? result : otherwise;
}

uint64_t count_in(std::string_view target) {
  return std::min(number(parameter(target, "limit"), usual_count), most_rows);
}

std::string address(const char* scheme, const loopback_server& server) {
  return fmt::format("{}://127.0.0.1:{}", scheme, server.port());
}

} // namespace

public_server::public_server(const universe& all)
  : all_(all), publisher_(all),
    server_(std::nullopt,
            {.on_get = [this](const auto& x) { return on_get(x.target); },
             .on_text = [this](const auto& socket,
                               auto text) { on_text(socket, text); },
             .on_closed
             = [this](const auto& socket) { on_closed(socket->number()); }}) {
  std::lock_guard hold{mutex_};
  for (const auto& rules : all)
    for (const auto& kind : kinds)
      streams_[stream_name(rules, kind.suffix)].path = kind.path;
}

std::string public_server::rest() const {
  return address("http", server_);
}

std::string public_server::streams() const {
  return address("ws", server_);
}

public_server_counters public_server::counters() const {
  std::lock_guard hold{mutex_};
  return counters_;
}

// -- the market ---------------------------------------------------------------

void public_server::restore(const bar_closed& past) {
  std::lock_guard hold{mutex_};
  now_ = std::max(now_, past.value.close_time);
  publisher_.restore(past);
}

void public_server::prepare(const market_batch& batch) {
  std::lock_guard hold{mutex_};
  now_ = std::max(now_, batch.received);
  publisher_.publish(batch, said_);
  said_.clear();
}

void public_server::publish(const market_batch& batch) {
  std::lock_guard hold{mutex_};
  now_ = std::max(now_, batch.received);
  publisher_.publish(batch, said_);
  for (const auto& message : said_) {
    auto to = streams_.find(message.stream);
    if (to == streams_.end())
      continue;
    for (auto& [connection, socket] : to->second.subscribers) {
      ++counters_.messages;
      socket->send(fmt::format(R"({{"stream":"{}","data":{}}})", message.stream,
                               message.data));
    }
  }
  said_.clear();
}

// -- subscriptions ------------------------------------------------------------

std::vector<std::string>
public_server::wait_for_subscribers(std::chrono::nanoseconds limit) {
  std::unique_lock hold{mutex_};
  changed_.wait_for(hold, limit, [this] {
    return std::none_of(streams_.begin(), streams_.end(), [](const auto& x) {
      return x.second.subscribers.empty();
    });
  });
  return without_subscribers();
}

std::vector<std::string> public_server::without_subscribers() const {
  std::vector<std::string> result;
  for (const auto& [name, what] : streams_)
    if (what.subscribers.empty())
      result.push_back(name);
  return result;
}

void public_server::on_text(const server_socket_ptr& socket,
                            std::string_view text) {
  std::lock_guard hold{mutex_};
  ++counters_.replies;
  auto understood = !command_.load(text) && !command_.parse()
                    && command_.root().IsObject();
  if (!understood)
    return socket->send(bad_command);
  auto& root = command_.root();
  auto method = root.FindMember("method");
  auto names = root.FindMember("params");
  auto id = root.FindMember("id");
  auto end = root.MemberEnd();
  if (method == end || !method->value.IsString() || names == end
      || !names->value.IsArray() || id == end || !id->value.IsUint64())
    return socket->send(bad_command);
  std::string_view verb{method->value.GetString()};
  for (const auto& name : names->value.GetArray()) {
    if (!name.IsString())
      continue;
    if (verb == "SUBSCRIBE")
      subscribe(socket, name.GetString());
    else if (verb == "UNSUBSCRIBE")
      unsubscribe(socket->number(), name.GetString());
  }
  socket->send(
    fmt::format(R"({{"result":null,"id":{}}})", id->value.GetUint64()));
  changed_.notify_all();
}

// A name that does not exist, or belongs to the other path, is accepted and
// never heard of again.
void public_server::subscribe(const server_socket_ptr& socket,
                              const std::string& name) {
  auto found = streams_.find(name);
  if (found != streams_.end() && found->second.path == socket->target())
    found->second.subscribers[socket->number()] = socket;
}

void public_server::unsubscribe(uint64_t connection, const std::string& name) {
  if (auto found = streams_.find(name); found != streams_.end())
    found->second.subscribers.erase(connection);
}

void public_server::hang_up() {
  std::lock_guard hold{mutex_};
  for (auto& [name, what] : streams_)
    for (auto& [connection, socket] : std::exchange(what.subscribers, {}))
      socket->reset();
}

void public_server::on_closed(uint64_t connection) {
  std::lock_guard hold{mutex_};
  for (auto& [name, what] : streams_)
    what.subscribers.erase(connection);
}

// -- questions ----------------------------------------------------------------

http_answer public_server::on_get(std::string_view target) {
  std::lock_guard hold{mutex_};
  auto path = target.substr(0, target.find('?'));
  if (path == "/fapi/v1/depth" || path == "/fapi/v1/aggTrades"
      || path == "/fapi/v1/klines") {
    if (!symbol_in(target)) {
      ++counters_.refused;
      return {.status = 400,
              .body = R"({"code":-1121,"msg":"Invalid symbol."})"};
    }
  }
  auto body = answer(target);
  if (body.empty()) {
    ++counters_.refused;
    return {.status = 404};
  }
  ++counters_.answers;
  return {.body = std::move(body)};
}

std::string public_server::answer(std::string_view target) const {
  auto path = target.substr(0, target.find('?'));
  if (path == "/fapi/v1/time")
    return fmt::format(R"({{"serverTime":{}}})", now_.ns / 1'000'000);
  if (path == "/fapi/v1/exchangeInfo")
    return publisher_.rules();
  auto of = symbol_in(target);
  if (!of)
    return {};
  auto count = count_in(target);
  if (path == "/fapi/v1/depth")
    return publisher_.depth(of->id(), count);
  if (path == "/fapi/v1/aggTrades")
    return publisher_.trades(of->id(), number(parameter(target, "fromId"), 0),
                             count);
  if (path != "/fapi/v1/klines")
    return {};
  // The latest ones, the open one among them.
  utc_time open{now_.ns - now_.ns % timespan{minutes{1}}.count()};
  return publisher_.candles(
    of->id(), open - (static_cast<int64_t>(count) - 1) * minutes{1}, count);
}

const instrument* public_server::symbol_in(std::string_view target) const {
  return find_instrument(all_, parameter(target, "symbol"));
}

} // namespace qalpha
