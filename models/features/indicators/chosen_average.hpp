// Averages of a kind that is chosen, for indicators that are built on one.

#pragma once

#include "models/features/feature_entry.hpp"

#include <string_view>

namespace qalpha {

/// The kinds that TA-Lib's MA has, in its order. Each is what the feature of
/// that name computes.
enum class average_kind {
  simple,      // sma
  exponential, // ema
  weighted,    // wma
  dema,
  tema,
  triangular, // trima
  kaufman,    // kama
  mama,       // with weights from 0.05 to 0.5, whatever the period
  t3,         // with a volume factor of 0.7
};

inline constexpr std::string_view average_kind_names[] = {
  "simple",     "exponential", "weighted", "dema", "tema",
  "triangular", "kaufman",     "mama",     "t3",
};

struct average_request {
  average_kind kind;
  size_t period;
};

/// Average of a column.
class chosen_average {
public:
  /// An average of one row is the row, of whatever kind.
  /// @returns a fault where the kind does not have that period.
  static fallible<chosen_average> make(const average_request& wanted);

  /// Lets it begin with a later row, as if there were none before.
  void begin_at(size_t row) noexcept {
    begin_ = row;
    seen_ = 0;
  }

  /// @returns the row of its first value.
  size_t first() const noexcept {
    return begin_ + warm_up_;
  }

  /// @returns the rows that one input row can touch.
  size_t memory() const noexcept {
    return memory_;
  }

  /// Takes the next rows.
  /// @param out undefined before the first value
  /// @pre `rows <= block_rows`
  void update(const double* x, double* out, size_t rows);

  void reset();

private:
  explicit chosen_average(made_feature made);

  std::unique_ptr<feature> object_;
  size_t warm_up_;
  size_t memory_;
  size_t begin_ = 0;
  // Rows that came, up to `begin_`.
  size_t seen_ = 0;
};

} // namespace qalpha
