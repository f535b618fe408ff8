#include "models/simulation/demo_symbol.hpp"

#include <algorithm>
#include <cstdlib>

namespace qalpha {

namespace {

constexpr int64_t one_q16 = 65'536;
constexpr int64_t second_ns = 1'000'000'000;
constexpr int64_t millisecond_ns = 1'000'000;

/// Time in which the pull towards the anchor undoes 63 % of a deviation.
constexpr int64_t pull_seconds = 3 * 3'600;

/// The true price stays within this factor of the anchor, whatever happens.
constexpr int64_t range_factor = 4;

/// Jumps: one in this time, of 3 to 14 basis points. More would hide how the
/// regimes differ in volatility.
constexpr int64_t jump_seconds = 600;
constexpr int64_t smallest_jump_bps = 3;
constexpr int64_t jump_spread_bps = 12;

/// A frame has at most this many trades; at usual rates far fewer.
constexpr int64_t trade_slots = 8;

/// Share of the old activity that a frame keeps is 15/16: bursts of trades last
/// about two seconds.
constexpr int64_t activity_memory = 16;

/// Books are this much thinner and wider under stress, trades more frequent.
constexpr int64_t stress_factor = 4;

/// Open interest in smallest usual trades, but for what activity adds: in a
/// market as volatile as usual another fifth.
constexpr int64_t usual_interest = 20'000;

// floor(sqrt(x))
int64_t square_root(__int128 x) {
  __int128 low = 0;
  __int128 high = __int128{1} << 62;
  while (low < high) {
    auto middle = (low + high + 1) / 2;
    if (middle * middle <= x)
      low = middle;
    else
      high = middle - 1;
  }
  return static_cast<int64_t>(low);
}

// `x` per 1e9 as a multiple of 2^-40.
int64_t q40_from_e9(int64_t x) {
  return static_cast<int64_t>((static_cast<__int128>(x) << 40) / second_ns);
}

int64_t scaled(int64_t x, int64_t factor_q40) {
  return static_cast<int64_t>(static_cast<__int128>(x) * factor_q40 >> 40);
}

int64_t floor_to(int64_t x, int64_t step) {
  return x - x % step;
}

} // namespace

demo_symbol::demo_symbol(const demo_profile& profile, uint64_t seed)
  : profile_(&profile), base_e8_(profile.anchor_e8),
    shown_e8_(profile.anchor_e8), bids_(side::buy, profile.level_ticks),
    asks_(side::sell, profile.level_ticks) {
  // Streams are numbered by symbol, not by position in the run: a symbol has
  // the same path whoever else is there.
  auto number = static_cast<uint64_t>(&profile - demo_profiles().data());
  path_ = random_stream{seed, 1 + 2 * number};
  flow_ = random_stream{seed, 2 + 2 * number};
}

// -- the path -----------------------------------------------------------------

void demo_symbol::next_regime() {
  auto& weights = profile_of(regime_).next;
  int64_t total = 0;
  for (auto weight : weights)
    total += weight;
  auto pick = path_.below(total);
  uint8_t chosen = 0;
  while (pick >= weights[chosen])
    pick -= weights[chosen++];
  regime_ = static_cast<market_regime>(chosen);
  auto& profile = profile_of(regime_);
  auto spread = (profile.longest - profile.shortest) / std::chrono::seconds{1};
  regime_left_ = profile.shortest
                 + std::chrono::seconds{path_.below(spread + 1)};
}

int64_t demo_symbol::jump_q40(timespan length) {
  auto share = one_q16 * length.count() / (jump_seconds * second_ns);
  // Both draws happen always: the path must not depend on whether it jumped.
  auto jumps = path_.chance(share);
  auto size = path_.below(2 * jump_spread_bps);
  if (!jumps)
    return 0;
  auto bps = smallest_jump_bps + size / 2;
  return q40_from_e9((size % 2 == 0 ? bps : -bps) * second_ns / 10'000);
}

// Moves the true price.
// @returns the return without jumps in standard deviations, times 65'536.
int64_t demo_symbol::walk(const demo_frame& frame) {
  auto length = frame.end - frame.begin;
  if (regime_left_.count() <= 0)
    next_regime();
  regime_left_ -= length;
  auto& regime = profile_of(regime_);
  auto one_second = profile_->volatility_e9;
  auto deviation = square_root(static_cast<__int128>(one_second) * one_second
                               * length.count() / second_ns)
                   * regime.volatility_percent / 100;
  auto drift = one_second * regime.drift_percent / 100 * length.count()
               / second_ns;
  auto common = profile_->common_percent;
  auto own = square_root(10'000 - common * common);
  auto noise_q16 = (common * frame.common_q16 + own * path_.normal_q16()) / 100;
  auto move_q40 = q40_from_e9(deviation) * noise_q16 / one_q16
                  + q40_from_e9(drift) + jump_q40(length);
  auto anchor = profile_->anchor_e8;
  auto pull = static_cast<__int128>(anchor - base_e8_) * length.count()
              / (pull_seconds * second_ns);
  base_e8_ += scaled(base_e8_, move_q40) + static_cast<int64_t>(pull);
  base_e8_ = std::clamp(base_e8_, anchor / range_factor, anchor * range_factor);
  return noise_q16 + drift * one_q16 / std::max<int64_t>(1, deviation);
}

void demo_symbol::advance(const demo_frame& frame,
                          std::vector<market_event>& out) {
  auto before = shown_e8_;
  auto surprise = walk(frame);
  shown_e8_ = base_e8_ + base_e8_ / 1'000'000 * frame.shift_ppm;
  trade(frame, before, surprise, out);
  move_book(frame, out);
  show_mark(frame, out);
}

// -- trades -------------------------------------------------------------------

void demo_symbol::trade(const demo_frame& frame, int64_t before_e8,
                        int64_t surprise_q16, std::vector<market_event>& out) {
  auto length = (frame.end - frame.begin).count();
  // A normal variate has a mean size of 0.8.
  auto excitement = std::abs(surprise_q16) * 5 / 4
                    * profile_of(regime_).volatility_percent / 100;
  activity_q16_ += (excitement - activity_q16_) / activity_memory;
  auto share = profile_->trades_per_1000s * activity_q16_ / 1'000
               * (length / 1'000'000) / 1'000 / trade_slots;
  if (frame.stressed)
    share *= stress_factor;
  auto buyers = std::clamp(one_q16 / 2 + surprise_q16 / 8, one_q16 / 5,
                           one_q16 - one_q16 / 5);
  for (int64_t slot = 0; slot < trade_slots; ++slot) {
    if (!flow_.chance(share))
      continue;
    market_event event;
    auto passed = slot * length / trade_slots
                  + flow_.below(length / trade_slots);
    // Venues tell whole milliseconds, and so do the sockets of the demo.
    event.time = {(frame.begin.ns + passed) / millisecond_ns * millisecond_ns};
    event.aggressor = flow_.chance(buyers) ? side::buy : side::sell;
    auto now_e8 = before_e8 + (shown_e8_ - before_e8) * slot / trade_slots;
    auto hit = opposite(event.aggressor);
    event.px = {best_tick(hit, now_e8, frame.stressed)};
    // One draw a statement: the order within an expression is the compiler's.
    auto usual = flow_.below(profile_->trade_lots) + 1;
    auto rare = (profile_->trade_lots << flow_.geometric(7)) / 2;
    event.qty = {usual + rare};
    (hit == side::buy ? bids_ : asks_).take(event.px.ticks, event.qty.lots);
    out.push_back(event);
  }
}

// -- the book -----------------------------------------------------------------

// The levels next to the true price, away from it by half a spread at least.
int64_t demo_symbol::best_tick(side which, int64_t px_e8, bool stressed) const {
  auto half = profile_->half_spread_e8 * (stressed ? stress_factor : 1)
              * std::max<int64_t>(100, profile_of(regime_).volatility_percent)
              / 100;
  auto ticks = (px_e8 - sign(which) * half) / profile_->tick_e8;
  auto level = floor_to(ticks, profile_->level_ticks);
  return which == side::buy ? level : level + profile_->level_ticks;
}

void demo_symbol::move_book(const demo_frame& frame,
                            std::vector<market_event>& out) {
  demo_ladder::supply supply{
    profile_->level_lots / (frame.stressed ? stress_factor : 1), &flow_};
  auto bid = best_tick(side::buy, shown_e8_, frame.stressed);
  auto ask = best_tick(side::sell, shown_e8_, frame.stressed);
  ++sequence_;
  if (published_) {
    bids_.refresh(supply);
    asks_.refresh(supply);
    bids_.move(bid, supply, frame.end, out);
    asks_.move(ask, supply, frame.end, out);
    out.push_back({.time = frame.end,
                   .sequence = sequence_,
                   .kind = market_event_kind::book_complete});
    return;
  }
  bids_.reset(bid, supply);
  asks_.reset(ask, supply);
  show_book(frame.end, out);
  published_ = true;
}

void demo_symbol::show_book(utc_time time,
                            std::vector<market_event>& out) const {
  market_event group{.time = time, .sequence = sequence_};
  group.kind = market_event_kind::book_reset;
  out.push_back(group);
  bids_.publish(time, out);
  asks_.publish(time, out);
  group.kind = market_event_kind::book_complete;
  out.push_back(group);
}

void demo_symbol::show_mark(const demo_frame& frame,
                            std::vector<market_event>& out) const {
  if (frame.begin.ns / second_ns == frame.end.ns / second_ns)
    return;
  // As on a venue: the mark comes with all that belongs to it.
  out.push_back({.time = frame.end,
                 .px = {base_e8_ / profile_->tick_e8},
                 .kind = market_event_kind::index_price});
  auto interval = demo_funding_interval.count();
  auto due = (frame.end.ns / interval + 1) * interval;
  out.push_back({.time = frame.end,
                 .sequence = static_cast<uint64_t>(due),
                 .kind = market_event_kind::funding,
                 .rate_e8 = demo_funding_rate.e8});
  out.push_back({.time = frame.end,
                 .px = {shown_e8_ / profile_->tick_e8},
                 .kind = market_event_kind::mark_price});
  out.push_back(
    {.time = frame.end,
     .qty = {profile_->trade_lots * (usual_interest + activity_q16_ / 16)},
     .kind = market_event_kind::open_interest});
}

} // namespace qalpha
