// A perpetual-futures venue in memory: matching, fees, funding, latency, and a
// ledger of its own.

#pragma once

#include "models/execution/order.hpp"
#include "models/machine/sink.hpp"
#include "models/market/bar.hpp"
#include "models/market/book.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "models/simulation/venue_lane.hpp"
#include "models/simulation/venue_order.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Costs and manners of a simulated venue.
struct venue_settings {
  rate maker_fee{20'000};
  rate taker_fee{55'000};

  /// Added to the price of a taker's fill on bars, against the taker, in units
  /// of 1e-8 of the price (10'000 is one basis point), rounded up to a tick.
  /// Matching on a book walks the levels instead.
  int64_t bar_slippage_e8 = 0;

  /// From the decision to the matching engine; also for cancels and queries.
  timespan order_latency = std::chrono::milliseconds{5};

  /// Exchanged at each multiple of `funding_interval` since 1970, by the mark
  /// (the open of the bar, or the venue's mark price) times position times this
  /// rate; longs pay a positive rate. No funding if one of the two is zero.
  rate funding_rate{10'000};
  timespan funding_interval = std::chrono::hours{8};

  /// Largest share of a bar's volume that one order can take, in basis points;
  /// the rest stays open. Zero: no limit.
  int64_t bar_volume_share_bps = 0;
};

/// The venue's own books: cash moves with every fill (price times quantity),
/// not by average cost as in `ledger`; equal equity on both sides is evidence.
struct venue_account {
  /// Start − Σ signed fill value − fees − funding.
  money cash;
  money fees;
  money funding;
  std::vector<quantity> positions;
  uint64_t executions = 0;

  friend bool operator==(const venue_account&, const venue_account&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, venue_account& x) {
    return f(caf::meta::type_name("venue_account"), x.cash, x.fees, x.funding,
             x.positions, x.executions);
  }
};

/// Matches our orders against a market that does not react to them.
///
/// On bars: a market order that has arrived before the close of a bar fills at
/// its open, plus slippage; a decision at the close of bar t therefore fills at
/// the open of t+1 at the earliest. A limit order that arrives crosses at the
/// open if the open is at its price or better, as taker at the open; one that
/// rests fills as maker at its own price once the bar trades through it (low <
/// price for a buy), never at a better one, gaps included. Commands that arrive
/// before the close of a bar are carried out at its open, before the orders
/// that were there. A taker's fill has the time of the open or of its arrival,
/// a maker's the time of the close.
///
/// On books: takers walk the applied levels within their limit; what a market
/// order cannot fill within its limit is cancelled. A resting order waits
/// behind the quantity that was there first: trades at its price consume the
/// queue; a trade beyond it, or a best opposite price at or beyond it, fills
/// it. A symbol that had a book is matched on books only.
///
/// Nothing is filled outside of the band of the permit. All own orders of a
/// symbol are handled in the order of their arrival, and what one symbol does
/// never depends on the events of another.
///
/// Funding at a boundary is due on the position held just before it and is paid
/// at the first price known from then on: on bars the first open, before
/// matching; on books the first mark price.
///
/// Effects may lead to further commands while a step runs; these are carried
/// out by a later step.
class simulated_venue {
public:
  using effects = sink<order_report, fill, funding_payment>;

  /// Ended orders that are kept for queries. What is older is answered with
  /// `lost`, since the venue cannot say any more.
  static constexpr size_t max_finished = 10'000;

  /// @pre `instruments` outlives the venue
  simulated_venue(const universe& instruments, venue_settings settings,
                  money start);

  // -- commands; they take effect `order_latency` after their time -----------

  void step(const order_intent& command, effects& out);
  void step(const cancel_order& command, effects& out);
  void step(const query_order& command, effects& out);

  // -- the market -------------------------------------------------------------

  /// Matches on a bar. Costs next to nothing while the symbol has no orders and
  /// no position that is due funding.
  /// @pre the instruments have `market.symbol`
  void step(const bar_closed& market, effects& out) {
    auto& pulse = pulses_[market.symbol.index];
    if (market.value.open_time.ns < pulse.quiet_until_ns)
      pulse.mark = market.value.close;
    else
      match(market, out);
  }

  /// Matches on trades and book events.
  /// @pre the instruments have `market.symbol`
  void step(const market_batch& market, effects& out);

  /// Carries out commands that have arrived by `now`. Orders that find no price
  /// (there was no book yet, or the symbol trades on bars) wait for one.
  void step(utc_time now, effects& out) {
    if (in_flight_ > 0)
      carry_out_all(now, out);
  }

  // -- books ------------------------------------------------------------------

  const venue_account& account() const noexcept {
    return account_;
  }

  /// @returns cash plus the value of all positions at the last marks.
  money equity() const;

  /// @returns orders that have arrived and are open, by id.
  std::vector<venue_order> open_orders() const;

  /// @returns the order, open or ended, until the next step; `nullptr` if it
  ///          has not arrived or is not known any more.
  const venue_order* find(const order_id& id) const;

  /// @returns the number of commands that have not been carried out.
  size_t in_flight() const noexcept {
    return in_flight_;
  }

  // -- persistence
  // --------------------------------------------------------------

  /// @returns everything but the settings, to continue exactly from here.
  std::string save() const;

  /// Continues where `save` was called.
  /// @returns `false`, and nothing has changed, if the bytes are damaged or
  ///          belong to another number of instruments.
  bool restore(std::string_view saved);

private:
  // -- commands (venue.cpp) ---------------------------------------------------

  template <class Command>
  void send(const order_id& id, const Command& command, effects& out);
  void carry_out_all(utc_time now, effects& out);
  void carry_out(venue_lane& lane, utc_time until, const bar* opening,
                 effects& out);
  void perform(venue_lane& lane, const venue_command& command,
               const bar* opening, effects& out);
  void place(venue_lane& lane, const order_intent& command, utc_time arrival,
             const bar* opening, effects& out);
  void cancel(venue_lane& lane, const cancel_order& command, utc_time arrival,
              effects& out);
  void answer(const query_order& command, utc_time arrival, effects& out);
  void tell_status(const order_id& id, utc_time time, effects& out);
  std::string broken_rule(const venue_lane& lane,
                          const order_intent& command) const;
  void meet(venue_lane& lane, lane_order& entry, utc_time now,
            const bar* opening, effects& out);
  void retry_waiting(venue_lane& lane, utc_time now, const bar* opening,
                     effects& out);

  // -- bars (venue_bars.cpp) --------------------------------------------------

  void match(const bar_closed& market, effects& out);
  void meet_open(venue_lane& lane, lane_order& entry, const bar& opening,
                 utc_time now, effects& out);
  void take_at_open(venue_lane& lane, lane_order& entry, const bar& opening,
                    utc_time now, effects& out);
  void match_resting(venue_lane& lane, const bar& range, effects& out);
  quantity share_of(const bar& range, const lane_order& entry) const;

  // -- books (venue_book.cpp) -------------------------------------------------

  void apply(venue_lane& lane, const market_event& event, effects& out);
  void meet_book(venue_lane& lane, lane_order& entry, utc_time now,
                 effects& out);
  void walk_book(venue_lane& lane, lane_order& entry, utc_time now,
                 effects& out);
  void match_trade(venue_lane& lane, const market_event& trade, effects& out);
  void match_book(venue_lane& lane, utc_time now, effects& out);

  // -- books of account (venue_account.cpp) -----------------------------------

  quantity reducible(const venue_lane& lane, side direction) const;
  quantity fillable(const venue_lane& lane, const venue_order& order) const;
  void execute(venue_lane& lane, lane_order& entry, price px, quantity size,
               bool maker, utc_time time, effects& out);
  void finish(venue_order& order, order_event event, utc_time time,
              std::string reason, effects& out);
  void drop_useless(venue_lane& lane, utc_time time, effects& out);
  void file_away(venue_lane& lane);
  void keep(venue_order order);
  void cross_boundaries(venue_lane& lane, utc_time now);
  void pay_funding(venue_lane& lane, price mark, effects& out);
  void end_step(venue_lane& lane);

  const universe* instruments_;
  venue_settings settings_;
  venue_account account_;
  std::vector<venue_pulse> pulses_;
  std::vector<venue_lane> lanes_;
  size_t in_flight_ = 0;
  uint64_t receipts_ = 0;
  // Commands with this receipt or a later one belong to a later step.
  uint64_t horizon_ = 0;

  std::map<order_id, venue_order> finished_;
  // Keys of `finished_` in the order in which they ended.
  std::deque<order_id> finished_order_;
  // Highest sequence that was dropped from `finished_`, by the id with sequence
  // zero.
  std::map<order_id, uint32_t> forgotten_;
};

} // namespace qalpha
