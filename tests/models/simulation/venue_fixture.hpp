// What the tests of the simulated venue share.

#pragma once

#include "models/simulation/venue.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace qalpha::test {

/// Keeps effects by kind, and one line of text each in the order of telling.
struct recorder final : simulated_venue::effects {
  std::vector<order_report> reports;
  std::vector<fill> fills;
  std::vector<funding_payment> payments;
  std::vector<std::string> lines;

  void tell(const order_report& x) override {
    reports.push_back(x);
    static constexpr const char* names[]
      = {"accepted",  "rejected", "partly_filled", "completed",
         "cancelled", "lost",     "absent"};
    lines.push_back(std::string{names[static_cast<size_t>(x.event)]} + " "
                    + std::to_string(x.id.sequence) + " @"
                    + std::to_string(x.time.ns) + " " + x.reason);
  }

  void tell(const fill& x) override {
    fills.push_back(x);
    lines.push_back("fill " + std::to_string(x.id.sequence) + " #"
                    + std::to_string(x.execution) + " "
                    + std::to_string(sign(x.direction) * x.size.lots) + "@"
                    + std::to_string(x.px.ticks) + " fee "
                    + std::to_string(x.fee.e8) + (x.maker ? " maker" : " taker")
                    + " @" + std::to_string(x.time.ns));
  }

  void tell(const funding_payment& x) override {
    payments.push_back(x);
    lines.push_back("funding " + std::to_string(x.symbol.index) + " "
                    + std::to_string(x.paid.e8) + " @"
                    + std::to_string(x.time.ns));
  }

  void clear() {
    *this = recorder{};
  }

  /// @returns the last report's event, or `lost` if there is none.
  order_event last_event() const {
    return reports.empty() ? order_event::lost : reports.back().event;
  }

  std::string last_reason() const {
    return reports.empty() ? "none" : reports.back().reason;
  }
};

/// One tick of one lot is worth 1e-4 USDT: ticks of 0.1, lots of 0.001.
inline universe make_universe(uint16_t count = 1, money min_notional = {},
                              quantity max_order = {}) {
  universe result;
  for (uint16_t i = 0; i < count; ++i)
    result.push_back(
      *instrument::make({i}, {"TEST" + std::to_string(i), 10'000'000, 100'000,
                              min_notional, max_order}));
  return result;
}

constexpr utc_time at_seconds(int64_t seconds) {
  return {seconds * 1'000'000'000};
}

/// A bar of one minute, number `minute` after the hour 1'000'000 h.
inline bar_closed make_bar(int64_t minute, int64_t open, int64_t high,
                           int64_t low, int64_t close, int64_t volume = 1'000,
                           uint16_t symbol = 0) {
  auto start = at_seconds(3'600'000'000 + minute * 60);
  return {{symbol},
          {start,
           start + std::chrono::minutes{1},
           {open},
           {high},
           {low},
           {close},
           {volume}}};
}

/// The close of bar `minute`: when a decision on it is made.
inline utc_time close_of(int64_t minute) {
  return at_seconds(3'600'000'000 + (minute + 1) * 60);
}

struct order_options {
  order_kind kind = order_kind::market;
  int64_t limit = 0;
  int64_t low = 1;
  int64_t high = std::numeric_limits<int64_t>::max();
  bool reduce_only = false;
  uint16_t symbol = 0;
};

inline order_intent make_order(uint32_t sequence, utc_time time, int64_t lots,
                               order_options options = {}) {
  order_intent result;
  result.right.id = {1, {options.symbol}, 1, sequence};
  result.right.direction = lots < 0 ? side::sell : side::buy;
  result.right.size = magnitude(quantity{lots});
  result.right.low = {options.low};
  result.right.high = {options.high};
  result.right.reduce_only = options.reduce_only;
  result.kind = options.kind;
  result.limit = {options.limit};
  result.time = time;
  return result;
}

inline order_intent limit_order(uint32_t sequence, utc_time time, int64_t lots,
                                int64_t limit) {
  return make_order(sequence, time, lots,
                    {.kind = order_kind::limit, .limit = limit});
}

inline order_intent post_only(uint32_t sequence, utc_time time, int64_t lots,
                              int64_t limit) {
  return make_order(sequence, time, lots,
                    {.kind = order_kind::post_only, .limit = limit});
}

inline order_id id_of(uint32_t sequence, uint16_t symbol = 0) {
  return {1, {symbol}, 1, sequence};
}

/// Builds a batch event by event.
class batch {
public:
  explicit batch(utc_time time, uint16_t symbol = 0) : time_(time) {
    value_.symbol = {symbol};
    value_.received = time;
  }

  batch& reset() {
    return add(market_event_kind::book_reset, 0, 0);
  }

  batch& bid(int64_t px, int64_t qty) {
    return add(market_event_kind::bid_level, px, qty);
  }

  batch& ask(int64_t px, int64_t qty) {
    return add(market_event_kind::ask_level, px, qty);
  }

  batch& complete() {
    return add(market_event_kind::book_complete, 0, 0);
  }

  batch& mark(int64_t px) {
    return add(market_event_kind::mark_price, px, 0);
  }

  /// A trade of `lots`; negative if a seller hit the bid.
  batch& trade(int64_t px, int64_t lots) {
    add(market_event_kind::trade, px, lots < 0 ? -lots : lots);
    value_.events.back().aggressor = lots < 0 ? side::sell : side::buy;
    return *this;
  }

  operator const market_batch&() const {
    return value_;
  }

private:
  batch& add(market_event_kind kind, int64_t px, int64_t qty) {
    market_event event;
    event.time = time_;
    event.kind = kind;
    event.px = {px};
    event.qty = {qty};
    value_.events.push_back(event);
    return *this;
  }

  utc_time time_;
  market_batch value_;
};

/// A venue with one symbol (unless told otherwise) and 10'000 USDT.
struct venue_fixture {
  universe instruments = make_universe();
  venue_settings settings;
  recorder out;
  simulated_venue venue = make();

  simulated_venue make() const {
    return simulated_venue{instruments, settings, money{10'000 * money::scale}};
  }

  /// Starts over with other settings.
  void use(const venue_settings& chosen) {
    settings = chosen;
    venue = make();
    out.clear();
  }

  /// Starts over with other instruments.
  void use(universe chosen) {
    instruments = std::move(chosen);
    venue = make();
    out.clear();
  }

  template <class Event>
  void step(const Event& event) {
    venue.step(event, out);
  }

  /// Steps a batch given as its builder.
  void step(const batch& events) {
    venue.step(static_cast<const market_batch&>(events), out);
  }

  int64_t position(uint16_t symbol = 0) const {
    return venue.account().positions[symbol].lots;
  }
};

} // namespace qalpha::test
