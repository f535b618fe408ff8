// A gate and the normalisation behind it, which forecasts and training share.

#pragma once

#include "models/neural/kernels/dense_kernels.hpp"
#include "models/neural/kernels/lanes.hpp"

#include <cmath>
#include <cstddef>

namespace qalpha {

/// Normal values are `(x - mean) * factor`.
struct gate_state {
  float mean;
  float factor;
};

/// Loops with vectors of `Width` numbers.
template <size_t Width>
struct gate_loops {
  using of = lanes<Width>;
  using vec = typename of::type;

  /// Leaves `a sigmoid(b) + skip` in `sums`, which may be where a was.
  /// @param gates `norm.scale.size()` values of a and as many of b
  [[gnu::always_inline]] static gate_state
  gate(const float* gates, const float* skip, const norm_weights& norm,
       float* sums) noexcept {
    auto width = norm.scale.size();
    auto count = static_cast<float>(norm.width);
    vec total{};
    for (size_t i = 0; i < width; i += Width) {
      vec a;
      vec b;
      vec s;
      of::load(a, gates + i);
      of::load(b, gates + width + i);
      of::load(s, skip + i);
      of::sigmoid(b);
      a = a * b + s;
      total = total + a;
      of::store(sums + i, a);
    }
    auto mean = of::sum(total) / count;
    vec squares{};
    for (size_t i = 0; i < width; i += Width) {
      vec v;
      vec inside;
      of::load(v, sums + i);
      of::load(inside, norm.inside.data() + i);
      v = (v - mean) * inside;
      squares = v * v + squares;
    }
    auto variance = of::sum(squares) / count;
    return {mean, 1.0f / std::sqrt(variance + norm.epsilon)};
  }
};

} // namespace qalpha
