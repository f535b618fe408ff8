// The market of one symbol as Binance would send it, in frames that cost next
// to nothing to make: a cycle of ready ones, in which only times and ids are
// written anew.

#pragma once

#include "models/market/book.hpp"
#include "models/market/depth.hpp"
#include "models/market/instrument.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha::bench {

/// A WebSocket frame of a server with gaps for numbers of 13 digits.
class ready_frame {
public:
  /// What is written into a gap.
  enum gap : size_t { time, first, last, previous, gaps };

  using numbers = std::array<uint64_t, gaps>;

  ready_frame& text(std::string_view x) {
    body_ += x;
    return *this;
  }

  ready_frame& number(gap which) {
    places_.push_back({body_.size(), which});
    body_.append(digits, '0');
    return *this;
  }

  /// Appends the frame.
  /// @pre the body has less than 64 KiB
  void write(const numbers& values, std::string& out) const {
    constexpr size_t short_text = 126;
    out += '\x81'; // the one and last part of a text
    if (body_.size() < short_text) {
      out += static_cast<char>(body_.size());
    } else {
      out += static_cast<char>(short_text);
      out += static_cast<char>(body_.size() >> 8);
      out += static_cast<char>(body_.size() & 0xFF);
    }
    auto begin = out.size();
    out += body_;
    for (auto [at, which] : places_) {
      auto left = values[which];
      for (auto i = digits; i-- > 0; left /= 10)
        out[begin + at + i] = static_cast<char>('0' + left % 10);
    }
  }

private:
  static constexpr size_t digits = 13;

  std::string body_;
  std::vector<std::pair<size_t, gap>> places_;
};

/// What was sent about one symbol, and what has to be known about it at the
/// other end. Depth updates change the best level and four others a side of
/// forty; their ids have holes, and `pu` links them.
class generated_stream {
public:
  /// Number 0 of both streams.
  static constexpr uint64_t first_id = 1'000'000'000'000;

  /// Ids in a depth update.
  static constexpr uint64_t ids_an_update = 10;

  generated_stream(const instrument& rules, price middle, uint32_t seed)
    : rules_(&rules), middle_(middle), dice_(seed) {
    for (auto c : rules.name())
      lower_ += static_cast<char>(c - 'A' + 'a');
    for (size_t i = 0; i < cycle; ++i) {
      add_depth_pattern();
      add_trade_pattern();
    }
  }

  /// Appends the next depth update.
  void write_depth(uint64_t ms, std::string& out) {
    auto last = update_id(++depth_);
    updates_[depth_ % cycle].frame.write(
      {ms, last - ids_an_update + 1, last, last - ids_an_update}, out);
  }

  /// Appends the next trade.
  void write_trade(uint64_t ms, std::string& out) {
    auto& next = deals_[++trades_ % cycle];
    volume_ += next.qty;
    next.frame.write({ms, 0, first_id + trades_, 0}, out);
  }

  static uint64_t update_id(uint64_t number) {
    return first_id + ids_an_update * number;
  }

  const std::string& lower() const {
    return lower_;
  }

  /// How many there were: the number of the last one.
  uint64_t depth() const {
    return depth_;
  }

  uint64_t trades() const {
    return trades_;
  }

  quantity volume() const {
    return volume_;
  }

  /// The book after the last update. Each price of a cycle is set in each, so
  /// that the last one says it all.
  book levels() const {
    book result;
    for (auto i = depth_ > cycle ? depth_ - cycle + 1 : 1; i <= depth_; ++i) {
      for (auto& x : updates_[i % cycle].bids)
        result.set(side::buy, x.px, x.qty);
      for (auto& x : updates_[i % cycle].asks)
        result.set(side::sell, x.px, x.qty);
    }
    return result;
  }

  /// What /fapi/v1/depth answers.
  std::string snapshot(uint64_t ms) const {
    auto now = levels();
    auto rows = [&](side which) {
      std::vector<level_change> all;
      for (auto& x : now.top(which, levels_a_side))
        all.push_back({x.px, x.qty});
      return text_of(all);
    };
    return R"({"lastUpdateId":)" + std::to_string(update_id(depth_))
           + R"(,"E":)" + std::to_string(ms) + R"(,"T":)" + std::to_string(ms)
           + R"(,"bids":)" + rows(side::buy) + R"(,"asks":)" + rows(side::sell)
           + '}';
  }

  std::string best_text(uint64_t ms) const {
    auto now = levels();
    auto bid = *now.best(side::buy);
    auto ask = *now.best(side::sell);
    return R"({"stream":")" + lower_
           + R"(@bookTicker","data":{"e":"bookTicker","u":)"
           + std::to_string(update_id(depth_)) + R"(,"s":")" + rules_->name()
           + R"(","b":")" + rules_->text(bid.px) + R"(","B":")"
           + rules_->text(bid.qty) + R"(","a":")" + rules_->text(ask.px)
           + R"(","A":")" + rules_->text(ask.qty) + R"(","T":)"
           + std::to_string(ms) + R"(,"E":)" + std::to_string(ms) + "}}";
  }

  std::string mark_text(uint64_t ms) const {
    auto px = rules_->text(middle_);
    return R"({"stream":")" + lower_
           + R"(@markPrice@1s","data":{"e":"markPriceUpdate","E":)"
           + std::to_string(ms) + R"(,"s":")" + rules_->name() + R"(","p":")"
           + px + R"(","i":")" + px + R"(","P":")" + px
           + R"(","r":"0.00010000","T":)" + std::to_string(ms + 3'600'000)
           + "}}";
  }

private:
  static constexpr size_t cycle = 1'024;
  static constexpr int64_t levels_a_side = 40;
  static constexpr size_t changes_a_side = 5;

  struct update_pattern {
    ready_frame frame;
    std::vector<level_change> bids;
    std::vector<level_change> asks;
  };

  struct trade_pattern {
    ready_frame frame;
    quantity qty;
  };

  int64_t roll(int64_t end) {
    return static_cast<int64_t>(dice_() % static_cast<uint32_t>(end));
  }

  price level(side which, int64_t away) const {
    return {which == side::buy ? middle_.ticks - 1 - away
                               : middle_.ticks + 1 + away};
  }

  std::vector<level_change> changes(side which) {
    std::vector<level_change> result{{level(which, 0), {1 + roll(9'999)}}};
    while (result.size() < changes_a_side) {
      auto px = level(which, 1 + roll(levels_a_side - 1));
      auto known = std::any_of(result.begin(), result.end(),
                               [px](auto& x) { return x.px == px; });
      if (!known)
        result.push_back({px, {roll(4) == 0 ? 0 : roll(10'000)}});
    }
    return result;
  }

  std::string text_of(const std::vector<level_change>& levels) const {
    std::string result;
    for (auto& x : levels)
      result += (result.empty() ? "[\"" : ",[\"") + rules_->text(x.px) + "\",\""
                + rules_->text(x.qty) + "\"]";
    return '[' + result + ']';
  }

  void add_depth_pattern() {
    update_pattern x;
    x.bids = changes(side::buy);
    x.asks = changes(side::sell);
    x.frame.text(R"({"stream":")" + lower_)
      .text(R"(@depth@100ms","data":{"e":"depthUpdate","E":)")
      .number(ready_frame::time)
      .text(R"(,"T":)")
      .number(ready_frame::time)
      .text(R"(,"s":")" + rules_->name() + R"(","U":)")
      .number(ready_frame::first)
      .text(R"(,"u":)")
      .number(ready_frame::last)
      .text(R"(,"pu":)")
      .number(ready_frame::previous)
      .text(R"(,"b":)" + text_of(x.bids) + R"(,"a":)" + text_of(x.asks) + "}}");
    updates_.push_back(std::move(x));
  }

  void add_trade_pattern() {
    trade_pattern x{.frame = {}, .qty = {1 + roll(999)}};
    auto sale = roll(2) == 0;
    auto px = level(sale ? side::buy : side::sell, roll(3));
    x.frame.text(R"({"stream":")" + lower_)
      .text(R"(@aggTrade","data":{"e":"aggTrade","E":)")
      .number(ready_frame::time)
      .text(R"(,"a":)")
      .number(ready_frame::last)
      .text(R"(,"s":")" + rules_->name() + R"(","p":")" + rules_->text(px))
      .text(R"(","q":")" + rules_->text(x.qty) + R"(","f":)")
      .number(ready_frame::last)
      .text(R"(,"l":)")
      .number(ready_frame::last)
      .text(R"(,"T":)")
      .number(ready_frame::time)
      .text(sale ? R"(,"m":true}})" : R"(,"m":false}})");
    deals_.push_back(std::move(x));
  }

  const instrument* rules_;
  price middle_;
  std::mt19937 dice_;
  std::string lower_;
  std::vector<update_pattern> updates_;
  std::vector<trade_pattern> deals_;
  uint64_t depth_ = 0;
  uint64_t trades_ = 0;
  quantity volume_;
};

} // namespace qalpha::bench
