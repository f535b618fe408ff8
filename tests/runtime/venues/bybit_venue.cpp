#include "tests/runtime/venues/bybit_venue.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace qalpha::test {

namespace {

constexpr int64_t start_ms = 1'700'000'000'000;

std::string price_text(int64_t ticks) {
  return fmt::format("{}.{}", ticks / 10, ticks % 10);
}

std::string book_text(bybit_state& all, const std::string& name, bool snapshot,
                      std::chrono::milliseconds ahead = {}) {
  auto& x = all.symbols.at(name);
  auto ts = start_ms + ++all.sent + ahead.count();
  x.snapshots += snapshot;
  return fmt::format(
    R"({{"topic":"orderbook.50.{0}","type":"{1}","ts":{2},"data":{{"s":"{0}",)"
    R"("b":[["{3}","0.{4}"]],"a":[["{5}","1.000"]],"u":{6},"seq":{6}}},)"
    R"("cts":{2}}})",
    name, snapshot ? "snapshot" : "delta", ts, price_text(x.bid_ticks),
    100 + x.update % 800, price_text(x.bid_ticks + 1), x.update);
}

std::string ticker_text(bybit_state& all, const std::string& name) {
  auto& x = all.symbols.at(name);
  auto ts = start_ms + ++all.sent;
  return fmt::format(
    R"({{"topic":"tickers.{0}","type":"snapshot","data":{{"symbol":"{0}",)"
    R"("markPrice":"{1}","indexPrice":"{1}","fundingRate":"0.0001",)"
    R"("nextFundingTime":"{2}"}},"cs":{3},"ts":{3}}})",
    name, price_text(x.bid_ticks), start_ms + 3'600'000, ts);
}

std::string trade_text(bybit_state& all, const std::string& name) {
  auto& x = all.symbols.at(name);
  auto ts = start_ms + ++all.sent;
  return fmt::format(
    R"({{"topic":"publicTrade.{0}","type":"snapshot","ts":{1},"data":[)"
    R"({{"T":{1},"s":"{0}","S":"Buy","v":"0.001","p":"{2}","L":"PlusTick",)"
    R"("i":"trade-{3}","BT":false}}]}})",
    name, ts, price_text(x.bid_ticks + 1), ++x.trades);
}

void publish(bybit_state& all, const std::string& topic,
             const std::string& text) {
  for (auto& [socket, topics] : all.sockets)
    if (topics.contains(topic))
      socket->send(text);
}

std::string answer(const std::string& result) {
  return R"({"retCode":0,"retMsg":"OK","result":)" + result
         + R"(,"retExtInfo":{},"time":1700000000100})";
}

std::string rules_answer(const bybit_state& all) {
  std::string rows;
  for (auto& [name, symbol] : all.symbols)
    rows += fmt::format(
      R"({}{{"symbol":"{}","contractType":"LinearPerpetual",)"
      R"("status":"Trading","priceFilter":{{"tickSize":"0.1"}},)"
      R"("lotSizeFilter":{{"maxOrderQty":"1000.000","qtyStep":"0.001",)"
      R"("minNotionalValue":"5"}}}})",
      rows.empty() ? "" : ",", name);
  return answer(R"({"category":"linear","list":[)" + rows
                + R"(],"nextPageCursor":""})");
}

} // namespace

universe bitcoin_and_ether() {
  universe result;
  for (auto name : {"BTCUSDT", "ETHUSDT"}) {
    auto made = instrument::make({static_cast<uint16_t>(result.size())},
                                 {name, 10'000'000, 100'000, {}, {}});
    if (!made)
      throw std::runtime_error{made.error().text};
    result.push_back(*made);
  }
  return result;
}

bybit_venue::bybit_venue(const universe& traded) {
  serve(traded, own_.emplace());
}

bybit_venue::bybit_venue(const universe& traded,
                         const test_authority& authority) {
  serve(traded, authority);
}

void bybit_venue::serve(const universe& traded,
                        const test_authority& authority) {
  ca_file_ = authority.file();
  state_.change([&](bybit_state& x) {
    for (auto& one : traded)
      x.symbols[one.name()];
  });
  server_ = std::make_unique<loopback_server>(
    authority.issue(),
    server_script{
      .on_get = [this](const http_question& x) { return on_get(x); },
      .on_text = [this](const server_socket_ptr& socket,
                        std::string_view text) { on_text(socket, text); },
    });
}

std::string bybit_venue::rest() const {
  return "https://localhost:" + std::to_string(server_->port());
}

std::string bybit_venue::streams() const {
  return "wss://localhost:" + std::to_string(server_->port())
         + "/v5/public/linear";
}

std::string bybit_venue::ca_file() const {
  return ca_file_;
}

void bybit_venue::tick() {
  state_.change([](bybit_state& x) {
    for (auto& [name, symbol] : x.symbols) {
      publish(x, "tickers." + name, ticker_text(x, name));
      publish(x, "publicTrade." + name, trade_text(x, name));
    }
  });
}

void bybit_venue::depth(const std::string& symbol) {
  state_.change([&](bybit_state& x) {
    ++x.symbols.at(symbol).update;
    publish(x, "orderbook.50." + symbol, book_text(x, symbol, false));
  });
}

void bybit_venue::depth_ahead(const std::string& symbol,
                              std::chrono::milliseconds by) {
  state_.change([&](bybit_state& x) {
    ++x.symbols.at(symbol).update;
    publish(x, "orderbook.50." + symbol, book_text(x, symbol, false, by));
  });
}

void bybit_venue::move(const std::string& symbol, int64_t bid_ticks) {
  state_.change([&](bybit_state& x) {
    auto& of = x.symbols.at(symbol);
    of.bid_ticks = bid_ticks;
    ++of.update;
    publish(x, "orderbook.50." + symbol, book_text(x, symbol, true));
  });
}

void bybit_venue::reset() {
  state_.change([](bybit_state& x) {
    for (auto& [socket, topics] : x.sockets)
      socket->reset();
    x.sockets.clear();
  });
}

void bybit_venue::on_text(const server_socket_ptr& socket,
                          std::string_view text) {
  state_.change([&](bybit_state& x) {
    auto is = [&](const std::string& part) {
      return text.find(part) != std::string_view::npos;
    };
    if (is("\"ping\""))
      return socket->send(R"({"success":true,"ret_msg":"pong","conn_id":"x",)"
                          R"("req_id":"","op":"ping"})");
    socket->send(R"({"success":true,"ret_msg":"","conn_id":"x",)"
                 R"("req_id":"1","op":"subscribe"})");
    // Handles of one connection differ; its number does not.
    auto known = socket;
    for (auto& [other, topics] : x.sockets)
      if (other->number() == socket->number())
        known = other;
    for (auto& [name, symbol] : x.symbols)
      for (std::string kind : {"orderbook.50.", "tickers.", "publicTrade."}) {
        if (!is('"' + kind + name + '"'))
          continue;
        if (!is("\"subscribe\"")) {
          x.sockets[known].erase(kind + name);
          continue;
        }
        x.sockets[known].insert(kind + name);
        known->send(kind == "tickers."       ? ticker_text(x, name)
                    : kind == "publicTrade." ? trade_text(x, name)
                                             : book_text(x, name, true));
      }
  });
}

http_answer bybit_venue::on_get(const http_question& question) {
  auto path = question.target.substr(0, question.target.find('?'));
  if (path == "/v5/market/instruments-info")
    return {.body = rules_answer(state_.copy())};
  if (path == "/v5/market/time")
    return {.body = answer(R"({"timeSecond":"1700000000",)"
                           R"("timeNano":"1700000000100000000"})")};
  if (path == "/v5/market/kline") {
    auto at = question.target.find("symbol=") + 7;
    auto end = question.target.find('&', at);
    return {.body = answer(R"({"category":"linear","symbol":")"
                           + question.target.substr(at, end - at)
                           + R"(","list":[]})")};
  }
  return {.status = 404};
}

} // namespace qalpha::test
