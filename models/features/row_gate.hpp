// Keeps wrong values out of features.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qalpha {

/// Rows that features are given at a time, at most: enough for each to find its
/// own memory in the cache while it is at work.
inline constexpr size_t tile_rows = 2'048;

/// One column of a tile as a feature may see it.
struct clean_column {
  /// Finite from the first good value on; undefined before.
  const double* values;
  /// 1 where the value is none of the market; `nullptr` if there is no such
  /// row.
  const uint8_t* dirty;
};

/// Checks the columns of the market and puts what was known before in the place
/// of what cannot be: not finite, a price that is not positive, a low above a
/// high. One wrong price or volume makes the whole bar wrong; it is taken as
/// flat at the last good close, without volume.
class row_gate {
public:
  /// @param sources indexes of `market_columns`
  explicit row_gate(std::span<const size_t> sources);

  /// Looks at the next rows. The result is valid until the next call.
  /// @param raw one array for each source
  /// @pre `rows <= tile_rows`
  std::span<const clean_column> pass(const double* const* raw, size_t rows);

  /// As if `rows` bars were missing, the first of which closes at `time`.
  std::span<const clean_column> fill(double time, double interval, size_t rows);

  void reset();

private:
  bool is_good(const double* const* raw, size_t rows) const noexcept;
  bool is_ordered(const double* const* raw, size_t rows) const noexcept;
  bool is_good_bar(const double* const* raw, size_t row) const noexcept;
  void repair(const double* const* raw, size_t rows);
  void put_flat_bar(size_t row);
  void put(size_t source, size_t row, double value, bool dirty);
  void remember(const double* const* raw, size_t row);

  std::vector<size_t> sources_;
  // Places of the prices among the sources; `absent` where not given.
  size_t open_;
  size_t high_;
  size_t low_;
  size_t close_;
  std::vector<double> last_;
  std::vector<double> values_;
  std::vector<uint8_t> dirty_;
  std::vector<clean_column> result_;
};

} // namespace qalpha
