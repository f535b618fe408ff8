#include "models/features/indicators/convergence.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/indicators/macdext.hpp"

namespace qalpha {

namespace {

constexpr std::string_view close_only[] = {"close"};

// -- macd, macdfix
// -----------------------------------------------------------------------

class macd_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 3;

  macd_kernel(size_t fast, size_t slow, size_t signal, double fast_weight,
              double slow_weight)
    : block_kernel(8), x_(memory_.add(2)), line_(memory_.add(2)),
      // Both begin together: the fast mean with its last rows before that.
      fast_(memory_, slow - fast, fast, fast_weight),
      slow_(memory_, 0, slow, slow_weight), signal_(memory_, slow - 1, signal) {
    // nop
  }

  size_t settled() const noexcept {
    return signal_.settled();
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {signal_.first(), signal_.first(), signal_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    auto x = keep(now, x_, in[0]);
    auto fast = fast_.run(now, x);
    auto slow = slow_.run(now, x);
    auto line = line_ + now.at;
    for_rows(now, [=](size_t i) { line[i] = slow[i] - fast[i]; });
    auto above = signal_.run(now, line);
    auto y0 = out[0];
    auto y1 = out[1];
    auto y2 = out[2];
    for_rows(now, [=](size_t i) {
      y0[i] = line[i];
      y1[i] = line[i] - above[i];
      y2[i] = above[i];
    });
  }

private:
  double* x_;
  double* line_;
  ema_line fast_;
  ema_line slow_;
  ema_line signal_;
};

made_feature macd_of(double fast, double slow, double signal,
                     double fast_weight, double slow_weight) {
  auto object = make_block_feature<macd_kernel>(
    static_cast<size_t>(fast), static_cast<size_t>(slow),
    static_cast<size_t>(signal), fast_weight, slow_weight);
  auto slowest = std::min(slow_weight, 2 / (signal + 1));
  auto warm_up = static_cast<size_t>(slow + signal - 2);
  return {std::move(object), warm_up, warm_up + 2 * memory_of_decay(slowest)};
}

fallible<made_feature> make_macd(std::span<const double> values) {
  // As TA-Lib does: the longer one is the slow one.
  auto [fast, slow] = std::minmax(values[0], values[1]);
  return macd_of(fast, slow, values[2], 2 / (fast + 1), 2 / (slow + 1));
}

// The weights that were first published, of averages of 12 and 26 rows.
fallible<made_feature> make_macdfix(std::span<const double> values) {
  return macd_of(12, 26, values[0], 0.15, 0.075);
}

constexpr parameter macd_parameters[] = {
  {"fast", 12, 2, 100'000, "rows of the fast average"},
  {"slow", 26, 2, 100'000, "rows of the slow average"},
  {"signal", 9, 1, 100'000, "rows of the average of their difference"},
};

constexpr feature_output macd_outputs[] = {
  {"line", "fast average less slow one, in units of the input"},
  {"signal", "average of the line, in units of the input"},
  {"histogram", "line less signal, in units of the input"},
};

constexpr parameter macdfix_parameters[] = {
  {"signal", 9, 1, 100'000, "rows of the average of the line"},
};

// -- macdext

fallible<made_feature> make_macdext_of(std::span<const double> values) {
  auto average = [&](size_t i) {
    return average_request{static_cast<average_kind>(values[i + 1]),
                           static_cast<size_t>(values[i])};
  };
  return make_macdext(average(0), average(2), average(4));
}

constexpr parameter macdext_parameters[] = {
  {"fast", 12, 2, 100'000, "rows of the fast average"},
  choice_parameter("fast_kind", 0, average_kind_names, "kind of this average"),
  {"slow", 26, 2, 100'000, "rows of the slow average"},
  choice_parameter("slow_kind", 0, average_kind_names, "kind of this average"),
  {"signal", 9, 1, 100'000, "rows of the average of their difference"},
  choice_parameter("signal_kind", 0, average_kind_names,
                   "kind of this average"),
};

constexpr feature_entry entries[] = {
  {"macd", "moving average convergence/divergence", "TA-Lib MACD", close_only,
   macd_parameters, macd_outputs, make_macd},
  {"macdext", "convergence/divergence of averages of chosen kinds",
   "TA-Lib MACDEXT", close_only, macdext_parameters, macd_outputs,
   make_macdext_of},
  {"macdfix", "convergence/divergence by the fixed weights 0.15 and 0.075",
   "TA-Lib MACDFIX", close_only, macdfix_parameters, macd_outputs,
   make_macdfix},
};

} // namespace

std::span<const feature_entry> convergence_indicators() {
  return entries;
}

} // namespace qalpha
