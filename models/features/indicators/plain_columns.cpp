#include "models/features/indicators/plain_columns.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/window.hpp"
#include "models/features/row_feature.hpp"

#include <vector>

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};
constexpr std::string_view high_only[] = {"high"};
constexpr std::string_view low_only[] = {"low"};

constexpr feature_output value_output[] = {{"value", "in units of the input"}};

// -- value
// ----------------------------------------------------------------------

struct value_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<1>& x) noexcept {
    return x;
  }
};

fallible<made_feature> make_value(std::span<const double>) {
  return made_feature{make_row_feature(value_kernel{}), 0, 1};
}

// -- lag
// -------------------------------------------------------------------------

class lag_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit lag_kernel(size_t rows) : ring_(rows, undefined) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    auto before = ring_[next_];
    ring_[next_] = x[0];
    next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
    return {before};
  }

private:
  std::vector<double> ring_;
  size_t next_ = 0;
};

fallible<made_feature> make_lag(std::span<const double> values) {
  auto rows = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(lag_kernel{rows}), rows, rows + 1};
}

constexpr parameter lag_parameters[] = {
  {"rows", 1, 1, 100'000, "how far back"},
};

// -- highest, lowest
// ------------------------------------------------------------

template <class Window>
class extreme_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit extreme_kernel(size_t period)
    : block_kernel(period), period_(period), x_(memory_.add(period)),
      extreme_(memory_, x_, period) {
    // nop
  }

  size_t settled() const noexcept {
    return 0;
  }

  std::array<size_t, 1> undefined_before() const noexcept {
    return {period_ - 1};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    keep(now, x_, in[0]);
    extreme_.run(now, out[0]);
  }

private:
  size_t period_;
  double* x_;
  Window extreme_;
};

template <class Window>
fallible<made_feature> make_extreme(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_block_feature<extreme_kernel<Window>>(period),
                      period - 1, period};
}

constexpr parameter extreme_parameters[] = {
  {"period", 20, 1, 100'000, "rows, the one at hand included"},
};

constexpr feature_entry entries[] = {
  {"highest", "highest of the last rows", "TA-Lib MAX", high_only,
   extreme_parameters, value_output, make_extreme<window_max>},
  {"lag", "the column some rows before", "shift", close_only, lag_parameters,
   value_output, make_lag},
  {"lowest", "lowest of the last rows", "TA-Lib MIN", low_only,
   extreme_parameters, value_output, make_extreme<window_min>},
  {"value",
   "the column itself, to carry it along",
   "identity",
   close_only,
   {},
   value_output,
   make_value},
};

} // namespace

std::span<const feature_entry> plain_columns() {
  return entries;
}

} // namespace qalpha
