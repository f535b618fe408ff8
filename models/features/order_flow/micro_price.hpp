// Stoikov's micro-price (2018): where the middle is expected to end up, given
// the queues and the spread.

#pragma once

#include "models/features/order_flow/book_top.hpp"
#include "models/machine/fallible.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace qalpha {

/// How books are told apart: by the bucket of `queue_share` and the spread.
struct micro_price_states {
  static constexpr size_t most_buckets = 50;
  static constexpr size_t most_spreads = 10;

  /// @returns a fault unless there are 1 to `most_spreads` spreads and at most
  ///          `most_buckets` buckets whose inner edges rise between 0 and 1.
  static fallible<micro_price_states> make(std::vector<double> edges,
                                           size_t spreads);

  /// Buckets of equal width. With an even number of them a share of exactly
  /// one half counts to the lower middle one.
  static fallible<micro_price_states> even(size_t buckets, size_t spreads);

  /// Buckets that hold equally many of the shares of a training.
  static fallible<micro_price_states> quantiles(std::vector<double> shares,
                                                size_t buckets, size_t spreads);

  size_t buckets() const noexcept {
    return edges.size() + 1;
  }

  size_t count() const noexcept {
    return buckets() * spreads;
  }

  /// @returns the index of a state, buckets running first; nothing for a book
  ///          that is not sound, one-sided or wider than the states.
  std::optional<size_t> find(const book_top& x) const noexcept;

  /// @returns the state in which bids and asks have changed places.
  size_t mirrored(size_t state) const noexcept {
    auto n = buckets();
    return state / n * n + (n - 1 - state % n);
  }

  /// Inner edges; a bucket includes its upper one.
  std::vector<double> edges;
  /// Widest spread, ticks.
  size_t spreads = 1;
};

/// Result of the training: ticks to add to the middle, one a state.
class micro_price {
public:
  /// @returns a fault unless there is one finite adjustment a state.
  static fallible<micro_price> make(micro_price_states states,
                                    std::vector<double> adjustments);

  /// @returns the micro-price in ticks; undefined for a book that is in none of
  ///          the states.
  double price(const book_top& x) const noexcept;

  const micro_price_states& states() const noexcept {
    return states_;
  }

  const std::vector<double>& adjustments() const noexcept {
    return adjustments_;
  }

private:
  micro_price(micro_price_states states, std::vector<double> adjustments)
    : states_(std::move(states)), adjustments_(std::move(adjustments)) {
    // nop
  }

  micro_price_states states_;
  std::vector<double> adjustments_;
};

/// What the counts of a training amount to. Matrices are stored row by row, one
/// row a state.
struct micro_price_estimate {
  /// Moves of the middle that are told apart, ticks.
  static constexpr std::array<double, 4> moves{-1, -0.5, 0.5, 1};

  /// Probability that the next book has the same middle, by its state.
  std::vector<double> stay;
  /// Probability that the middle moves, by the move.
  std::vector<double> move;
  /// Probability that the middle moves, by the state that follows.
  std::vector<double> arrive;
  /// State after the next move of the middle.
  std::vector<double> after_move;
  /// Expected first move, ticks.
  std::vector<double> first_move;
  /// Expected sum of all moves, ticks: the adjustment.
  std::vector<double> all_moves;
};

/// Counts what follows what in the books of a training. Books that are in no
/// state are passed over, so that the chain is that of the market while it is
/// in one; moves by more than a tick are left out. Each transition counts
/// together with its mirror image, which makes the adjustments antisymmetric.
class micro_price_counts {
public:
  explicit micro_price_counts(micro_price_states states);

  /// Takes the next book in the order of time.
  void add(const book_top& next);

  /// Begins anew behind an interruption of the stream.
  void restart() noexcept {
    last_.reset();
  }

  /// Transitions that were counted, without the mirror images.
  size_t transitions() const noexcept {
    return transitions_;
  }

  /// A move that never happened in a state counts one half (Laplace), to any
  /// bucket of the same spread.
  /// @returns a fault if nothing was counted or the sum of moves does not
  ///          settle.
  fallible<micro_price_estimate> estimate() const;

  /// @returns the adjustments alone.
  fallible<micro_price> fit() const;

private:
  struct seen {
    size_t state;
    // A whole number of ticks.
    double twice_middle;
  };

  void count(size_t from, size_t to, int half_ticks) noexcept;

  micro_price_states states_;
  // By state and next state, by state and move, by state and next state.
  std::vector<double> stays_;
  std::vector<double> moves_;
  std::vector<double> arrivals_;
  std::optional<seen> last_;
  size_t transitions_ = 0;
};

} // namespace qalpha
