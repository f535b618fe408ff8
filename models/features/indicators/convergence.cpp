#include "models/features/indicators/convergence.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/indicators/chosen_average.hpp"

#include <vector>

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

class macdext final : public feature {
public:
  macdext(chosen_average fast, chosen_average slow, chosen_average signal)
    : fast_(std::move(fast)), slow_(std::move(slow)),
      signal_(std::move(signal)) {
    // All begin as late as they can.
    auto begin = std::max(fast_.first(), slow_.first());
    fast_.begin_at(begin - fast_.first());
    slow_.begin_at(begin - slow_.first());
    signal_.begin_at(begin);
  }

  /// @returns the row of the first values.
  size_t first() const noexcept {
    return signal_.first();
  }

  size_t memory() const noexcept {
    return std::max(fast_.memory(), slow_.memory()) + signal_.memory();
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    for_blocks(rows, [=](size_t begin, size_t count) {
      step(inputs[0] + begin, outputs[0] + begin, outputs[1] + begin,
           outputs[2] + begin, count);
    });
  }

  void reset() override {
    fast_.reset();
    slow_.reset();
    signal_.reset();
    seen_ = 0;
  }

private:
  void step(const double* x, double* line, double* signal, double* histogram,
            size_t rows) {
    fast_.update(x, line, rows);
    slow_.update(x, signal, rows);
    for (size_t i = 0; i < rows; ++i)
      line[i] -= signal[i];
    signal_.update(line, signal, rows);
    for (size_t i = 0; i < rows; ++i)
      histogram[i] = line[i] - signal[i];
    // As TA-Lib does: all three begin together.
    auto early = std::min(rows, first() - seen_);
    std::fill_n(line, early, undefined);
    seen_ += early;
  }

  chosen_average fast_;
  chosen_average slow_;
  chosen_average signal_;
  // Rows that came, up to the first value.
  size_t seen_ = 0;
};

fallible<made_feature> make_macdext(std::span<const double> values) {
  std::array<size_t, 3> places{0, 2, 4};
  // As TA-Lib does: the longer one is the slow one.
  if (values[2] < values[0])
    std::swap(places[0], places[1]);
  std::vector<chosen_average> averages;
  for (auto i : places) {
    auto average = chosen_average::make(
      static_cast<average_kind>(values[i + 1]), static_cast<size_t>(values[i]));
    if (!average)
      return average.error();
    averages.push_back(std::move(*average));
  }
  auto object = std::make_unique<macdext>(
    std::move(averages[0]), std::move(averages[1]), std::move(averages[2]));
  auto warm_up = object->first();
  auto memory = object->memory();
  return made_feature{std::move(object), warm_up, memory};
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
   make_macdext},
  {"macdfix", "convergence/divergence by the fixed weights 0.15 and 0.075",
   "TA-Lib MACDFIX", close_only, macdfix_parameters, macd_outputs,
   make_macdfix},
};

} // namespace

std::span<const feature_entry> convergence_indicators() {
  return entries;
}

} // namespace qalpha
