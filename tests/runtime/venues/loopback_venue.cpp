#include "tests/runtime/venues/loopback_venue.hpp"

#include <stdexcept>

namespace qalpha::test {

namespace {

using std::to_string;

constexpr uint64_t start_ms = 1'700'000'000'000;

std::string ms(uint64_t number) {
  return to_string(start_ms + number);
}

std::string wrapped(const std::string& stream, const std::string& data) {
  return R"({"stream":")" + stream + R"(","data":)" + data + '}';
}

std::string lots(uint64_t count) {
  auto part = to_string(count % 1'000);
  return to_string(count / 1'000) + '.' + std::string(3 - part.size(), '0')
         + part;
}

std::string depth_text(uint64_t u, uint64_t ahead_ms = 0) {
  auto time = ms(u + ahead_ms);
  return wrapped("btcusdt@depth@100ms",
                 R"({"e":"depthUpdate","E":)" + time + R"(,"T":)" + time
                   + R"(,"s":"BTCUSDT","U":)" + to_string(u) + R"(,"u":)"
                   + to_string(u) + R"(,"pu":)" + to_string(u - 1)
                   + R"(,"b":[["100.0",")" + lots(u)
                   + R"("]],"a":[["100.1","1.000"]]})");
}

std::string trade_fields(uint64_t id) {
  return R"("a":)" + to_string(id) + R"(,"p":"100.0","q":"0.001","f":)"
         + to_string(id) + R"(,"l":)" + to_string(id) + R"(,"T":)" + ms(id)
         + R"(,"m":true)";
}

std::string trade_text(uint64_t id) {
  return wrapped("btcusdt@aggTrade", R"({"e":"aggTrade","E":)" + ms(id)
                                       + R"(,"s":"BTCUSDT",)" + trade_fields(id)
                                       + '}');
}

std::string ticker_text(uint64_t u) {
  return wrapped("btcusdt@bookTicker",
                 R"({"e":"bookTicker","u":)" + to_string(u)
                   + R"(,"s":"BTCUSDT","b":"100.0","B":"1.000","a":"100.1",)"
                     R"("A":"1.000","T":)"
                   + ms(u) + R"(,"E":)" + ms(u) + '}');
}

std::string mark_text(uint64_t u) {
  return wrapped("btcusdt@markPrice@1s",
                 R"({"e":"markPriceUpdate","E":)" + ms(u)
                   + R"(,"s":"BTCUSDT","p":"100.00000000",)"
                     R"("i":"100.10000000","P":"100.00000000",)"
                     R"("r":"0.00010000","T":)"
                   + ms(3'600'000) + '}');
}

uint64_t parameter(const std::string& target, const std::string& name) {
  auto at = target.find(name + '=');
  return at == std::string::npos
           ? 0
           : std::stoull(target.substr(at + name.size() + 1));
}

void publish(venue_state& x, const std::string& stream,
             const std::string& text) {
  if (x.ignored.contains(stream))
    return;
  for (auto& [socket, streams] : x.sockets)
    if (streams.contains(stream))
      socket->send(text);
}

void move(venue_state& x, bool is_trade, bool silently) {
  auto number = is_trade ? ++x.trades : ++x.depth;
  if (!silently)
    publish(x, is_trade ? "btcusdt@aggTrade" : "btcusdt@depth@100ms",
            is_trade ? trade_text(number) : depth_text(number));
}

// What a stream sends at once.
void greet(venue_state& x, const server_socket_ptr& socket,
           const std::string& stream) {
  if (x.ignored.contains(stream))
    return;
  if (stream == "btcusdt@depth@100ms")
    move(x, false, false);
  else if (stream == "btcusdt@aggTrade")
    move(x, true, false);
  else if (stream == "btcusdt@bookTicker")
    socket->send(ticker_text(x.depth));
  else if (stream == "btcusdt@markPrice@1s")
    // Not older than the book, however long a connection took.
    socket->send(mark_text(x.depth + ++x.marks));
}

std::string depth_answer(uint64_t u) {
  return R"({"lastUpdateId":)" + to_string(u) + R"(,"E":)" + ms(u) + R"(,"T":)"
         + ms(u) + R"(,"bids":[["100.0",")" + lots(u)
         + R"("]],"asks":[["100.1","1.000"]]})";
}

std::string trades_answer(const venue_state& x, uint64_t from) {
  std::string result = "[";
  for (auto id = from; id <= x.trades && id < from + x.trades_a_page; ++id)
    result += (id > from ? ",{" : "{") + trade_fields(id) + '}';
  return result + ']';
}

std::string bars_answer() {
  std::string result = "[";
  for (uint64_t i = 0; i < 3; ++i) {
    auto open = i < 2 ? start_ms / 60'000 * 60'000 - (2 - i) * 60'000
                      : uint64_t{4'000'000'000'000};
    result += (i ? ",[" : "[") + to_string(open)
              + R"(,"100.0","100.2","99.9","100.1","1.000",)"
              + to_string(open + 59'999) + R"(,"100.0",3,"0.5","50.0","0"])";
  }
  return result + ']';
}

} // namespace

universe one_symbol() {
  auto made = instrument::make({0}, {"BTCUSDT", 10'000'000, 100'000, {}, {}});
  if (!made)
    throw std::runtime_error{made.error().text};
  return {*made};
}

loopback_venue::loopback_venue() {
  server_ = std::make_unique<loopback_server>(
    authority_.issue(),
    server_script{
      .on_get = [this](const http_question& x) { return on_get(x); },
      .on_open =
        [this](const server_socket_ptr&) {
          state_.change([&](venue_state& x) {
            x.connected.push_back(std::chrono::steady_clock::now());
          });
        },
      .on_text = [this](const server_socket_ptr& socket,
                        std::string_view text) { on_text(socket, text); },
    });
}

std::string loopback_venue::rest() const {
  return "https://localhost:" + to_string(server_->port());
}

std::string loopback_venue::streams() const {
  return "wss://localhost:" + to_string(server_->port());
}

std::string loopback_venue::ca_file() const {
  return authority_.file();
}

void loopback_venue::trade(bool silently) {
  state_.change([&](venue_state& x) { move(x, true, silently); });
}

void loopback_venue::depth(bool silently) {
  state_.change([&](venue_state& x) { move(x, false, silently); });
}

void loopback_venue::depth_ahead(std::chrono::milliseconds by) {
  state_.change([&](venue_state& x) {
    publish(x, "btcusdt@depth@100ms",
            depth_text(++x.depth, static_cast<uint64_t>(by.count())));
  });
}

void loopback_venue::trades(uint64_t count) {
  state_.change([&](venue_state& x) {
    std::string frames;
    for (; count > 0; --count) {
      auto text = trade_text(++x.trades);
      // The head of a text of 126 bytes to 64 KiB.
      frames += "\x81\x7e";
      frames += static_cast<char>(text.size() >> 8);
      frames += static_cast<char>(text.size() & 0xFF);
      frames += text;
    }
    for (auto& [socket, streams] : x.sockets)
      if (streams.contains("btcusdt@aggTrade"))
        socket->raw(frames);
  });
}

void loopback_venue::send(const std::string& text) {
  state_.change([&](venue_state& x) {
    for (auto& [socket, streams] : x.sockets)
      socket->send(text);
  });
}

void loopback_venue::reset() {
  state_.change([](venue_state& x) {
    for (auto& [socket, streams] : x.sockets)
      socket->reset();
    x.sockets.clear();
  });
}

void loopback_venue::on_text(const server_socket_ptr& socket,
                             std::string_view text) {
  state_.change([&](venue_state& x) {
    x.commands.emplace_back(text);
    // Handles of one connection differ; its number does not.
    auto known = socket;
    for (auto& [other, streams] : x.sockets)
      if (other->number() == socket->number())
        known = other;
    if (text.find("SUBSCRIBE") == std::string_view::npos)
      return;
    socket->send(R"({"result":null,"id":1})");
    for (std::string stream : {"btcusdt@depth@100ms", "btcusdt@bookTicker",
                               "btcusdt@aggTrade", "btcusdt@markPrice@1s"})
      if (text.find('"' + stream + '"') != std::string_view::npos) {
        x.sockets[known].insert(stream);
        greet(x, known, stream);
      }
  });
}

http_answer loopback_venue::on_get(const http_question& question) {
  return state_.change([&](venue_state& x) -> http_answer {
    auto path = question.target.substr(0, question.target.find('?'));
    x.asked[path].push_back(std::chrono::steady_clock::now());
    if (auto& queue = x.instead[path]; !queue.empty()) {
      auto result = queue.front();
      queue.erase(queue.begin());
      return result;
    }
    if (path == "/fapi/v1/depth")
      return {.body = depth_answer(x.depth)};
    if (path == "/fapi/v1/aggTrades")
      return {.body = trades_answer(x, parameter(question.target, "fromId"))};
    if (path == "/fapi/v1/klines")
      return {.body = bars_answer()};
    if (path == "/fapi/v1/openInterest")
      return {.body = R"({"symbol":"BTCUSDT","openInterest":"12.5","time":)"
                      + ms(0) + '}'};
    if (path == "/fapi/v1/time")
      return {.body = R"({"serverTime":)" + ms(0) + '}'};
    return {.status = 404};
  });
}

} // namespace qalpha::test
