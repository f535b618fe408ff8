#include "models/features/indicators/macdext.hpp"

#include "models/features/block/block_feature.hpp"
#include "models/features/block/decay.hpp"
#include "models/features/block/window.hpp"

#include <vector>

namespace qalpha {

namespace {

// -- simple and exponential ones, in one kernel

/// A simple or an exponential average.
struct plain_average {
  size_t period;
  bool exponential;

  /// Rows until the weight of an input is nothing.
  size_t memory() const {
    if (!exponential)
      return period;
    return period + memory_of_decay(2 / (static_cast<double>(period) + 1));
  }
};

/// Such an average of a column.
class plain_average_line {
public:
  /// @param x the column that it will read, which reaches back `period` rows
  ///          and two
  /// @param start first row that counts
  plain_average_line(tape& memory, const double* x, size_t start,
                     const plain_average& wanted)
    : wanted_(wanted), x_(x), first_(start + wanted.period - 1),
      sum_(memory, x, wanted.period), line_(memory, start, wanted.period) {
    // nop
  }

  size_t first() const noexcept {
    return first_;
  }

  size_t settled() const noexcept {
    return wanted_.exponential ? line_.settled() : 0;
  }

  template <class Rows>
  QALPHA_INLINE void run(const Rows& now, double* out) const {
    if (!wanted_.exponential) {
      sum_.run(now, out);
      auto n = static_cast<double>(wanted_.period);
      for_rows(now, [=](size_t i) { out[i] /= n; });
      return;
    }
    auto x = x_ + now.at;
    auto distance = line_.run(now, x);
    for_rows(now, [=](size_t i) { out[i] = x[i] - distance[i]; });
  }

private:
  plain_average wanted_;
  const double* x_;
  size_t first_;
  window_sum sum_;
  ema_line line_;
};

class macdext_kernel : public block_kernel {
public:
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 3;

  macdext_kernel(const plain_average& fast, const plain_average& slow,
                 const plain_average& signal)
    : block_kernel(std::max(slow.period, signal.period) + 2),
      x_(memory_.add(slow.period + 2)), line_(memory_.add(signal.period + 2)),
      fast_(memory_, x_, slow.period - fast.period, fast),
      slow_(memory_, x_, 0, slow),
      signal_(memory_, line_, slow.period - 1, signal) {
    // nop
  }

  size_t settled() const noexcept {
    return std::max({fast_.settled(), slow_.settled(), signal_.settled()});
  }

  std::array<size_t, 3> undefined_before() const noexcept {
    return {signal_.first(), signal_.first(), signal_.first()};
  }

  template <class Rows>
  QALPHA_INLINE void
  run(const Rows& now, const double* const* in, double* const* out) {
    keep(now, x_, in[0]);
    auto y0 = out[0];
    auto y1 = out[1];
    auto y2 = out[2];
    fast_.run(now, y0);
    slow_.run(now, y1);
    auto line = line_ + now.at;
    for_rows(now, [=](size_t i) { line[i] = y0[i] - y1[i]; });
    signal_.run(now, y1);
    for_rows(now, [=](size_t i) {
      y0[i] = line[i];
      y2[i] = line[i] - y1[i];
    });
  }

private:
  double* x_;
  double* line_;
  plain_average_line fast_;
  plain_average_line slow_;
  plain_average_line signal_;
};

made_feature make_plain(const plain_average& fast, const plain_average& slow,
                        const plain_average& signal) {
  return {make_block_feature<macdext_kernel>(fast, slow, signal),
          slow.period + signal.period - 2,
          std::max(fast.memory(), slow.memory()) + signal.memory()};
}

// -- all kinds

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
    for_blocks(rows, [&](size_t begin, size_t count) {
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

fallible<made_feature> make_any(const average_request& fast,
                                const average_request& slow,
                                const average_request& signal) {
  std::vector<chosen_average> averages;
  for (auto wanted : {fast, slow, signal}) {
    auto average = chosen_average::make(wanted);
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

} // namespace

fallible<made_feature> make_macdext(average_request fast, average_request slow,
                                    average_request signal) {
  // As TA-Lib does: the longer one is the slow one.
  if (slow.period < fast.period)
    std::swap(fast, slow);
  auto is_plain = [](const average_request& x) {
    return x.kind == average_kind::simple
           || x.kind == average_kind::exponential;
  };
  if (!is_plain(fast) || !is_plain(slow) || !is_plain(signal))
    return make_any(fast, slow, signal);
  auto plain = [](const average_request& x) {
    return plain_average{x.period, x.kind == average_kind::exponential};
  };
  return make_plain(plain(fast), plain(slow), plain(signal));
}

} // namespace qalpha
