// Features that are one small step a row.

#pragma once

#include "models/features/feature.hpp"

#include <array>
#include <memory>
#include <utility>

namespace qalpha {

/// What a step is given: the values of one row, in the order of the entry.
template <size_t N>
using row_values = std::array<double, N>;

/// Makes a feature of a kernel, a copyable object with
///
///     static constexpr size_t inputs = 1;
///     static constexpr size_t outputs = 2;
///     row_values<outputs> step(const row_values<inputs>& x) noexcept;
///
/// whose copy at the time of construction is what `reset` goes back to.
template <class Kernel>
class row_feature final : public feature {
public:
  explicit row_feature(Kernel kernel)
    : initial_(kernel), kernel_(std::move(kernel)) {
    // nop
  }

  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    std::array<const double*, Kernel::inputs> in;
    std::array<double*, Kernel::outputs> out;
    for (size_t i = 0; i < in.size(); ++i)
      in[i] = inputs[i];
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = outputs[i];
    for (size_t row = 0; row < rows; ++row) {
      row_values<Kernel::inputs> x;
      for (size_t i = 0; i < in.size(); ++i)
        x[i] = in[i][row];
      auto y = kernel_.step(x);
      for (size_t i = 0; i < out.size(); ++i)
        out[i][row] = y[i];
    }
  }

  void reset() override {
    kernel_ = initial_;
  }

private:
  Kernel initial_;
  Kernel kernel_;
};

template <class Kernel>
std::unique_ptr<feature> make_row_feature(Kernel kernel) {
  return std::make_unique<row_feature<Kernel>>(std::move(kernel));
}

} // namespace qalpha
