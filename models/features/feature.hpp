// The one interface of everything that is computed from rows of a market.

#pragma once

#include <cstddef>
#include <limits>

namespace qalpha {

/// What a feature writes where it has no value: warming up, or not defined.
inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Turns columns into columns, one row after the other. One object sees one
/// symbol in the order of time. It is given any number of rows at a time and
/// writes the same bits however the rows are cut into calls: a call with one
/// row is the streaming form, a call with many the batch form.
///
/// Causal: the output of a row depends on that row and those before it, never
/// on a later one, also not within one call.
class feature {
public:
  virtual ~feature() = default;

  /// Takes the next `rows` rows.
  /// @param inputs one array of `rows` finite values for each input
  /// @param outputs one array of `rows` values for each output; overlaps no
  ///                input
  virtual void
  update(const double* const* inputs, double* const* outputs, size_t rows)
    = 0;

  /// Forgets all rows.
  virtual void reset() = 0;
};

} // namespace qalpha
