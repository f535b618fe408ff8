// Features that compute many rows in one go.

#pragma once

#include "models/features/block/tape.hpp"
#include "models/features/block/vector_level.hpp"
#include "models/features/feature.hpp"

#include <array>
#include <memory>
#include <utility>

namespace qalpha {

/// Makes a feature of a kernel, an object that keeps everything it has to
/// remember on its tape:
///
///     static constexpr size_t inputs = 1;
///     static constexpr size_t outputs = 2;
///     tape& memory() noexcept;
///     // Rows after which it no longer has to treat any row as an early one.
///     size_t settled() const noexcept;
///     // For each output the rows before it is defined.
///     std::array<size_t, outputs> undefined_before() const noexcept;
///     template <class Rows>
///     void run(const Rows& now, const double* const* in, double* const* out);
///
/// `run` is one code for one row and for many: each value is the same
/// arithmetic, whatever rows are computed with it.
template <class Kernel>
class block_feature final : public feature {
public:
  template <class... Args>
  explicit block_feature(Args&&... args)
    : kernel_(std::forward<Args>(args)...),
      undefined_before_(kernel_.undefined_before()),
      settled_(kernel_.settled()),
      run_many_(runner_of(current_vector_level())) {
    for (auto rows : undefined_before_)
      settled_ = std::max(settled_, rows);
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    if (rows == 1 && seen_ >= settled_)
      run_one<one_row>(inputs, outputs);
    else
      run_all(inputs, outputs, rows);
  }

  void reset() override {
    kernel_.memory().clear();
    seen_ = 0;
  }

private:
  using runner = void (*)(Kernel&, const many_rows&, const double* const*,
                          double* const*);

  [[gnu::noinline]] void run_all(const double* const* inputs,
                                 double* const* outputs, size_t rows) {
    std::array<const double*, Kernel::inputs> in;
    std::array<double*, Kernel::outputs> out;
    std::copy_n(inputs, in.size(), in.begin());
    std::copy_n(outputs, out.size(), out.begin());
    while (rows > 0) {
      auto count = std::min(rows, block_rows);
      if (seen_ < settled_) {
        count = 1;
        run_one<early_row>(in.data(), out.data());
        hide_undefined(out.data());
      } else {
        run_many_(kernel_, {kernel_.memory().take(count), seen_, count},
                  in.data(), out.data());
        seen_ += count;
      }
      rows -= count;
      for (auto& pointer : in)
        pointer += count;
      for (auto& pointer : out)
        pointer += count;
    }
  }

  template <class Rows>
  QALPHA_INLINE void run_one(const double* const* in, double* const* out) {
    kernel_.run(Rows{kernel_.memory().take(1), seen_}, in, out);
    ++seen_;
  }

  void hide_undefined(double* const* out) {
    for (size_t i = 0; i < undefined_before_.size(); ++i)
      if (seen_ <= undefined_before_[i])
        *out[i] = undefined;
  }

  [[gnu::flatten]] static void run_plain(Kernel& kernel, const many_rows& now,
                                         const double* const* in,
                                         double* const* out) {
    kernel.run(now, in, out);
  }

#if defined(__x86_64__)
  [[gnu::flatten, gnu::target("avx2")]] static void
  run_avx2(Kernel& kernel, const many_rows& now, const double* const* in,
           double* const* out) {
    kernel.run(now, in, out);
  }

  [[gnu::flatten, gnu::target("avx512f,avx512dq,avx512vl")]] static void
  run_avx512(Kernel& kernel, const many_rows& now, const double* const* in,
             double* const* out) {
    kernel.run(now, in, out);
  }
#endif

  static runner runner_of(vector_level level) {
#if defined(__x86_64__)
    if (level == vector_level::avx512)
      return run_avx512;
    if (level == vector_level::avx2)
      return run_avx2;
#else
    static_cast<void>(level);
#endif
    return run_plain;
  }

  Kernel kernel_;
  std::array<size_t, Kernel::outputs> undefined_before_;
  size_t settled_;
  runner run_many_;
  size_t seen_ = 0;
};

template <class Kernel, class... Args>
std::unique_ptr<feature> make_block_feature(Args&&... args) {
  return std::make_unique<block_feature<Kernel>>(std::forward<Args>(args)...);
}

} // namespace qalpha
