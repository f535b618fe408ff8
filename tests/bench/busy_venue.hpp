// A venue on this machine that sends as fast as it is told to, with TLS.

#pragma once

#include "runtime/net/loopback_server.hpp"
#include "tests/bench/generated_stream.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha::bench {

/// Speaks like Binance. Each stream begins when it is subscribed to, with one
/// message; everything after that is sent by `send`.
class busy_venue {
public:
  /// Called with symbol and number of a message right before its bytes are
  /// handed to the server's socket.
  using stamp = std::function<void(size_t symbol, bool is_trade, uint64_t)>;

  explicit busy_venue(const universe& instruments,
                      const std::vector<price>& middles)
    : server_(authority_.issue(),
              {.on_get = [this](auto& x) { return on_get(x); },
               .on_text = [this](auto& x, auto text) { on_text(x, text); }}) {
    for (size_t i = 0; i < instruments.size(); ++i)
      streams_.emplace_back(instruments[i], middles[i],
                            static_cast<uint32_t>(i + 1));
  }

  std::string address(const char* scheme) const {
    return scheme + std::string{"://localhost:"}
           + std::to_string(server_.port());
  }

  std::string ca_file() const {
    return authority_.file();
  }

  /// Hands over each of the next `count` messages by itself: a TLS record and a
  /// write a message, as the venue does.
  void send(uint64_t count, const stamp& about_to) {
    std::lock_guard hold{mutex_};
    auto now = ms();
    for (; count > 0; --count) {
      std::string frame;
      auto [symbol, is_trade] = write_next(now, frame);
      auto& of = streams_[symbol];
      about_to(symbol, is_trade, is_trade ? of.trades() : of.depth());
      sockets_[is_trade]->raw(std::move(frame));
    }
  }

  /// Hands over the next `count` messages in as few writes as possible.
  void send_packed(uint64_t count) {
    std::lock_guard hold{mutex_};
    auto now = ms();
    std::array<std::string, 2> frames;
    for (; count > 0; --count)
      write_next(now, frames[kinds_[next_ / streams_.size() % kinds_.size()]]);
    for (size_t i = 0; i < frames.size(); ++i)
      if (!frames[i].empty())
        sockets_[i]->raw(std::move(frames[i]));
  }

  /// Not while it sends.
  const generated_stream& stream(size_t symbol) const {
    return streams_[symbol];
  }

private:
  static uint64_t ms() {
    using namespace std::chrono;
    auto now = system_clock::now().time_since_epoch();
    return static_cast<uint64_t>(duration_cast<milliseconds>(now).count());
  }

  /// Symbols take turns, and so do depth updates and trades.
  std::pair<size_t, bool> write_next(uint64_t now, std::string& out) {
    auto symbol = next_ % streams_.size();
    auto is_trade = kinds_[next_ / streams_.size() % kinds_.size()];
    ++next_;
    if (is_trade)
      streams_[symbol].write_trade(now, out);
    else
      streams_[symbol].write_depth(now, out);
    return {symbol, is_trade};
  }

  http_answer on_get(const http_question& question) {
    std::lock_guard hold{mutex_};
    auto asks = [&](std::string_view path) {
      return question.target.find(path) != std::string::npos;
    };
    if (asks("/fapi/v1/time"))
      return {.body = R"({"serverTime":)" + std::to_string(ms()) + '}'};
    if (asks("/fapi/v1/depth"))
      for (auto& x : streams_)
        if (asks("symbol=" + upper(x.lower()) + '&'))
          return {.body = x.snapshot(ms())};
    return {.status = 404};
  }

  void on_text(const server_socket_ptr& socket, std::string_view text) {
    std::lock_guard hold{mutex_};
    auto is_market = socket->target().find("/market") != std::string::npos;
    sockets_[is_market] = socket;
    socket->send(R"({"result":null,"id":1})");
    std::string frames;
    for (auto& x : streams_) {
      auto wants = [&](const char* kind) {
        return text.find('"' + x.lower() + kind) != std::string_view::npos;
      };
      if (wants("@depth"))
        x.write_depth(ms(), frames);
      if (wants("@bookTicker"))
        socket->send(x.best_text(ms()));
      if (wants("@aggTrade"))
        x.write_trade(ms(), frames);
      if (wants("@markPrice"))
        socket->send(x.mark_text(ms()));
    }
    socket->raw(std::move(frames));
  }

  static std::string upper(std::string text) {
    for (auto& c : text)
      c = static_cast<char>(c - 'a' + 'A');
    return text;
  }

  static constexpr std::array kinds_{false, true};

  std::mutex mutex_;
  std::vector<generated_stream> streams_;
  uint64_t next_ = 0;
  // Of depth updates and of trades.
  std::array<server_socket_ptr, 2> sockets_;
  test::test_authority authority_;
  // Last: it calls the others until it is gone.
  loopback_server server_;
};

} // namespace qalpha::bench
