#include "models/neural/kernels/training_kernels.hpp"

#include "models/neural/kernels/compiled.hpp"
#include "models/neural/kernels/gate_loops.hpp"
#include "models/neural/kernels/lanes.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// No vector is passed by value.
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace qalpha {

namespace {

template <size_t Width>
struct loops {
  using of = lanes<Width>;
  using vec = typename of::type;

  [[gnu::always_inline]] static void
  leave_out(float* x, size_t count, uint32_t first, left_out which) noexcept {
    for (size_t i = 0; i < count; i += Width) {
      typename of::words number;
      of::scatter(number, first + static_cast<uint32_t>(i), which.seed);
      vec v;
      vec nothing{};
      of::load(v, x + i);
      v = v * which.factor;
      v = number < which.limit ? nothing : v;
      of::store(x + i, v);
    }
  }

  /// Turns `sums` into normal values and `gradient` into that of the
  /// normalisation's result, into `inner`. @returns the two means that its
  /// gradient needs and what the share's gradient is.
  struct row_means {
    float of_gradient;
    float of_product;
    float share;
  };

  [[gnu::always_inline]] static row_means
  normalise(float* sums, gate_state state, const norm_weights& norm,
            float share, const float* gradient, float* inner,
            norm_gradients to) noexcept {
    auto width = norm.scale.size();
    vec first{};
    vec second{};
    vec third{};
    for (size_t i = 0; i < width; i += Width) {
      vec y;
      vec g;
      vec scale;
      vec offset;
      vec sum;
      of::load(y, sums + i);
      of::load(g, gradient + i);
      of::load(scale, norm.scale.data() + i);
      of::load(offset, norm.offset.data() + i);
      y = (y - state.mean) * state.factor;
      third = g * (y * scale + offset) + third;
      g = g * share;
      of::load(sum, to.scale + i);
      sum = g * y + sum;
      of::store(to.scale + i, sum);
      of::load(sum, to.offset + i);
      sum = sum + g;
      of::store(to.offset + i, sum);
      g = g * scale;
      first = first + g;
      second = g * y + second;
      of::store(sums + i, y);
      of::store(inner + i, g);
    }
    auto count = static_cast<float>(norm.width);
    return {of::sum(first) / count, of::sum(second) / count, of::sum(third)};
  }

  // `gates`, `skip` and a buffer on the stack hold a row all along.
  [[gnu::always_inline]] static void
  gate_norm_gradient(matrix_view gates, matrix_view skip,
                     const norm_weights& norm, const float* share,
                     size_t share_stride, matrix_view gradient, size_t rows,
                     float* share_gradient, norm_gradients to) noexcept {
    constexpr size_t most = 1'024;
    float sums[most];
    float inner[most];
    auto width = norm.scale.size();
    for (size_t row = 0; row < rows; ++row) {
      auto* gate = gates.row(row);
      auto state = gate_loops<Width>::gate(gate, skip.row(row), norm, sums);
      auto means = normalise(sums, state, norm, share[row * share_stride],
                             gradient.row(row), inner, to);
      share_gradient[row * share_stride] = means.share;
      for (size_t i = 0; i < width; i += Width) {
        vec y;
        vec g;
        vec a;
        vec b;
        of::load(y, sums + i);
        of::load(g, inner + i);
        of::load(a, gate + i);
        of::load(b, gate + width + i);
        of::sigmoid(b);
        g = (g - means.of_gradient - y * means.of_product) * state.factor;
        of::store(skip.row(row) + i, g);
        a = g * a * b * (1.0f - b);
        of::store(gate + width + i, a);
        b = g * b;
        of::store(gate + i, b);
      }
    }
  }

  [[gnu::always_inline]] static void
  elu_gradient(const float* y, float* gradient, size_t count) noexcept {
    for (size_t i = 0; i < count; i += Width) {
      vec v;
      vec g;
      of::load(v, y + i);
      of::load(g, gradient + i);
      vec below = g * (v + 1.0f);
      g = v > 0.0f ? g : below;
      of::store(gradient + i, g);
    }
  }

  [[gnu::always_inline]] static void
  sum_rows(matrix_view x, size_t rows, size_t width, const float* factors,
           size_t factor_stride, float* sum, float* sum_of_products) noexcept {
    for (size_t i = 0; i < width; i += Width) {
      vec total{};
      vec products{};
      for (size_t row = 0; row < rows; ++row) {
        vec v;
        of::load(v, x.row(row) + i);
        total = total + v;
        if (factors != nullptr)
          products = factors[row * factor_stride] * v + products;
      }
      vec before;
      of::load(before, sum + i);
      before = before + total;
      of::store(sum + i, before);
      if (factors == nullptr)
        continue;
      of::load(before, sum_of_products + i);
      before = before + products;
      of::store(sum_of_products + i, before);
    }
  }
};

template <class Loops, class For>
constexpr training_kernels table{
  For::template compiled<Loops::leave_out>,
  For::template compiled<Loops::gate_norm_gradient>,
  For::template compiled<Loops::elu_gradient>,
  For::template compiled<Loops::sum_rows>,
};

} // namespace

const training_kernels& training_kernels_of(vector_level level) noexcept {
  return table_of(level, table<loops<4>, for_any>, table<loops<8>, for_avx2>,
                  table<loops<16>, for_avx512>);
}

} // namespace qalpha
