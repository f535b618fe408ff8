// A venue on this machine that sends as fast as it is told to, with TLS.

#pragma once

#include "runtime/net/loopback_server.hpp"
#include "tests/bench/bulletin.hpp"
#include "tests/bench/generated_stream.hpp"
#include "tests/runtime/loopback/test_authority.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha::bench {

/// Speaks like Binance. Each stream begins when it is subscribed to, with one
/// message; everything after that is sent as the bulletin says. Everything
/// happens on the server's thread, which writes what it makes itself.
class busy_venue {
public:
  busy_venue(const universe& instruments, const std::vector<price>& middles,
             bulletin& board)
    : board_(board),
      server_(authority_.issue(),
              {.on_get = [this](auto& x) { return on_get(x); },
               .on_text = [this](auto& x, auto text) { on_text(x, text); }}),
      timer_(server_.home()) {
    for (size_t i = 0; i < instruments.size(); ++i)
      streams_.emplace_back(instruments[i], middles[i],
                            static_cast<uint32_t>(i + 1));
    std::snprintf(board.ca_file.data(), board.ca_file.size(), "%s",
                  authority_.file().c_str());
    board.port = server_.port();
  }

  busy_venue(const busy_venue&) = delete;
  busy_venue& operator=(const busy_venue&) = delete;

  ~busy_venue() {
    server_.home().run([this] { timer_.cancel(); });
  }

  /// Begins to send what the bulletin asks for.
  void send() {
    server_.home().post([this] { begin(); });
  }

private:
  // -- sending ----------------------------------------------------------------

  void begin() {
    now_ = board_.wanted;
    sent_ = {};
    used_before_ = usage::now();
    tick();
  }

  void tick() {
    auto now = now_ns();
    if (now >= now_.end_ns)
      return settle();
    if (auto count = due(now); count > 0)
      now_.how == packing::alone ? send_alone(count) : send_together(count);
    timer_.start(std::chrono::microseconds{100}, [this] { tick(); });
  }

  /// @returns how many messages are late and not too many for the sockets.
  uint64_t due(int64_t now) {
    constexpr uint64_t most_at_once = 2'048;
    // What the reader has not taken waits in the sockets, and then here: some
    // megabytes.
    auto most_waiting = now_.how == packing::alone ? size_t{4'096} : size_t{16};
    for (auto& x : sockets_)
      if (x->waiting() > most_waiting)
        return 0;
    auto passed = static_cast<double>(now - now_.begin_ns) / 1e9;
    auto wanted = static_cast<uint64_t>(now_.rate * std::max(passed, 0.0));
    auto left = wanted - std::min(wanted, sent_.messages);
    sent_.latest_seconds = std::max(sent_.latest_seconds,
                                    static_cast<double>(left) / now_.rate);
    return std::min(left, most_at_once);
  }

  void send_alone(uint64_t count) {
    auto now = ms();
    for (; count > 0; --count) {
      std::string frame;
      auto [symbol, is_trade] = write_next(now, frame);
      stamp(symbol, is_trade, now_ns());
      write(is_trade, std::move(frame));
    }
  }

  // The time is taken when all frames are ready, right before the first write.
  void send_together(uint64_t count) {
    auto now = ms();
    std::array<std::string, 2> frames;
    auto first = next_;
    for (auto left = count; left > 0; --left)
      write_next(now, frames[kind_of_next()]);
    if (now_.stamped) {
      auto handed = now_ns();
      auto last = std::exchange(next_, first);
      stamp_range(last, handed);
    }
    for (size_t i = 0; i < frames.size(); ++i)
      if (!frames[i].empty())
        write(i, std::move(frames[i]));
  }

  // The numbers of the messages from `next_` on, counted back from the newest.
  void stamp_range(uint64_t last, int64_t handed) {
    std::array<std::array<uint64_t, 2>, bulletin::most_symbols> later{};
    for (auto i = last; i-- > next_;) {
      auto symbol = i % streams_.size();
      auto kind = kind_at(i);
      auto& of = streams_[symbol];
      auto newest = kind ? of.trades() : of.depth();
      put(symbol, kind, newest - later[symbol][kind]++, handed);
    }
    next_ = last;
  }

  void stamp(size_t symbol, bool is_trade, int64_t handed) {
    auto& of = streams_[symbol];
    put(symbol, is_trade, is_trade ? of.trades() : of.depth(), handed);
  }

  void put(size_t symbol, size_t kind, uint64_t number, int64_t handed) {
    auto stamps = board_.stamped[symbol][kind];
    if (number < stamps.size())
      stamps[number].store(handed, std::memory_order_relaxed);
  }

  void write(size_t socket, std::string bytes) {
    ++sent_.writes;
    sent_.bytes += bytes.size();
    sockets_[socket]->raw(std::move(bytes));
  }

  // Answers when the sockets have taken everything.
  void settle() {
    for (auto& x : sockets_)
      if (x->waiting() > 0)
        return timer_.start(std::chrono::milliseconds{1}, [this] { settle(); });
    sent_.used = usage::now() - used_before_;
    board_.sent = sent_;
    for (size_t i = 0; i < streams_.size(); ++i)
      tell(streams_[i], board_.tallies[i]);
    board_.answered = board_.asked.load();
  }

  static void tell(const generated_stream& of, tally& to) {
    to.depth = of.depth();
    to.trades = of.trades();
    to.volume = of.volume();
    auto levels = of.levels();
    to.counts = {levels.copy_top(side::buy, to.levels[0]),
                 levels.copy_top(side::sell, to.levels[1])};
  }

  static uint64_t ms() {
    using namespace std::chrono;
    auto now = system_clock::now().time_since_epoch();
    return static_cast<uint64_t>(duration_cast<milliseconds>(now).count());
  }

  // Symbols take turns, and so do depth updates and trades.
  bool kind_at(uint64_t i) const {
    return i / streams_.size() % 2 == 1;
  }

  bool kind_of_next() const {
    return kind_at(next_);
  }

  std::pair<size_t, bool> write_next(uint64_t now, std::string& out) {
    auto symbol = next_ % streams_.size();
    auto is_trade = kind_of_next();
    ++next_;
    ++sent_.messages;
    if (is_trade)
      streams_[symbol].write_trade(now, out);
    else
      streams_[symbol].write_depth(now, out);
    return {symbol, is_trade};
  }

  // -- answering --------------------------------------------------------------

  http_answer on_get(const http_question& question) {
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

  bulletin& board_;
  std::vector<generated_stream> streams_;
  uint64_t next_ = 0;
  offer now_;
  sent_counters sent_;
  usage used_before_;
  // Of depth updates and of trades.
  std::array<server_socket_ptr, 2> sockets_;
  test::test_authority authority_;
  loopback_server server_;
  // Last: its thread calls the others until the server is gone.
  network_timer timer_;
};

} // namespace qalpha::bench
