#include "models/neural/kernels/dense_kernels.hpp"

#include "models/neural/kernels/compiled.hpp"
#include "models/neural/kernels/gate_loops.hpp"
#include "models/neural/kernels/lanes.hpp"

#include <algorithm>

#if defined(__GNUC__) && !defined(__clang__)
// No vector is passed by value.
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

namespace qalpha {

namespace {

/// The loops with vectors of `Width` numbers, `Rows` rows and `Panels` panels
/// at a time in registers, or `Beside` panels where there is a single row. All
/// of it goes into each function compiled for a processor below.
template <size_t Width, size_t Rows, size_t Panels, size_t Beside>
struct loops {
  using of = lanes<Width>;
  using vec = typename of::type;
  static constexpr size_t in_panel = panel_width / Width;

  // -- products

  template <size_t BlockRows, size_t BlockPanels>
  [[gnu::always_inline]] static void block(const packed_matrix& w, size_t panel,
                                           matrix_view a,
                                           matrix_view out) noexcept {
    constexpr auto columns = BlockPanels * in_panel;
    vec sums[BlockRows][columns];
    for (size_t row = 0; row < BlockRows; ++row)
      for (size_t i = 0; i < columns; ++i)
        of::load(sums[row][i], w.bias(panel) + i * Width);
    const auto* weights = w.panel(panel);
    auto inputs = w.inputs();
    for (size_t k = 0; k < inputs; ++k) {
      vec b[columns];
      for (size_t i = 0; i < columns; ++i)
        of::load(b[i], weights + (i / in_panel * inputs + k) * panel_width
                         + i % in_panel * Width);
      for (size_t row = 0; row < BlockRows; ++row)
        for (size_t i = 0; i < columns; ++i)
          sums[row][i] = a.row(row)[k] * b[i] + sums[row][i];
    }
    for (size_t row = 0; row < BlockRows; ++row)
      for (size_t i = 0; i < columns; ++i)
        of::store(out.row(row) + panel * panel_width + i * Width, sums[row][i]);
  }

  [[gnu::always_inline]] static matrix_view from(matrix_view x,
                                                 size_t row) noexcept {
    return {x.row(row), x.stride};
  }

  [[gnu::always_inline]] static void
  single_row(const packed_matrix& w, matrix_view a, matrix_view out) noexcept {
    size_t panel = 0;
    for (; panel + Beside <= w.panels(); panel += Beside)
      block<1, Beside>(w, panel, a, out);
    for (; panel < w.panels(); ++panel)
      block<1, 1>(w, panel, a, out);
  }

  [[gnu::always_inline]] static void multiply(const packed_matrix& w,
                                              matrix_view a, size_t rows,
                                              matrix_view out) noexcept {
    auto blocked = rows - rows % Rows;
    size_t panel = 0;
    for (; panel + Panels <= w.panels(); panel += Panels)
      for (size_t row = 0; row < blocked; row += Rows)
        block<Rows, Panels>(w, panel, from(a, row), from(out, row));
    for (; panel < w.panels(); ++panel)
      for (size_t row = 0; row < blocked; row += Rows)
        block<Rows, 1>(w, panel, from(a, row), from(out, row));
    for (auto row = blocked; row < rows; ++row)
      single_row(w, from(a, row), from(out, row));
  }

  // -- values

  [[gnu::always_inline]] static void elu(float* x, size_t count) noexcept {
    for (size_t i = 0; i < count; i += Width) {
      vec v;
      of::load(v, x + i);
      of::elu(v);
      of::store(x + i, v);
    }
  }

  template <bool Elu>
  [[gnu::always_inline]] static void
  spread(const float* x, size_t x_stride, direction by, size_t rows,
         size_t width, matrix_view out) noexcept {
    for (size_t row = 0; row < rows; ++row) {
      auto value = x[row * x_stride];
      for (size_t i = 0; i < width; i += Width) {
        vec v;
        vec offset;
        of::load(v, by.vector + i);
        of::load(offset, by.offset + i);
        v = value * v + offset;
        if constexpr (Elu)
          of::elu(v);
        of::store(out.row(row) + i, v);
      }
    }
  }

  [[gnu::always_inline]] static void
  elu_of_values(const float* x, size_t x_stride, direction by, size_t rows,
                size_t width, matrix_view out) noexcept {
    spread<true>(x, x_stride, by, rows, width, out);
  }

  [[gnu::always_inline]] static void
  values(const float* x, size_t x_stride, direction by, size_t rows,
         size_t width, matrix_view out) noexcept {
    spread<false>(x, x_stride, by, rows, width, out);
  }

  // -- gates

  [[gnu::always_inline]] static void
  gate_norm(matrix_view gates, matrix_view skip, const norm_weights& norm,
            const float* share, size_t share_stride, size_t rows,
            matrix_view out) noexcept {
    auto width = norm.scale.size();
    for (size_t row = 0; row < rows; ++row) {
      auto* x = gates.row(row);
      auto state = gate_loops<Width>::gate(x, skip.row(row), norm, x);
      auto part = share == nullptr ? 1.0f : share[row * share_stride];
      for (size_t i = 0; i < width; i += Width) {
        vec v;
        vec scale;
        vec offset;
        of::load(v, x + i);
        of::load(scale, norm.scale.data() + i);
        of::load(offset, norm.offset.data() + i);
        v = (v - state.mean) * state.factor * scale + offset;
        if (share != nullptr) {
          vec before;
          of::load(before, out.row(row) + i);
          v = part * v + before;
        }
        of::store(out.row(row) + i, v);
      }
    }
  }

  [[gnu::always_inline]] static void softmax(float* x, size_t width) noexcept {
    auto all = padded(width);
    // So small that nothing is left of it.
    std::fill(x + width, x + all, -1e30f);
    vec most;
    of::load(most, x);
    for (size_t i = Width; i < all; i += Width) {
      vec v;
      of::load(v, x + i);
      most = v > most ? v : most;
    }
    auto largest = of::largest(most);
    vec total{};
    for (size_t i = 0; i < all; i += Width) {
      vec v;
      of::load(v, x + i);
      v = v - largest;
      of::exponential(v);
      total = total + v;
      of::store(x + i, v);
    }
    auto factor = 1.0f / of::sum(total);
    for (size_t i = 0; i < width; ++i)
      x[i] *= factor;
    std::fill(x + width, x + all, 0.0f);
  }

  // -- long short-term memory

  /// One step of `Width` units whose four gates are in `gates`.
  [[gnu::always_inline]] static void
  remember(vec& input, vec& forget, vec& fresh, vec& open, float* cell,
           float* out) noexcept {
    of::sigmoid(input);
    of::sigmoid(forget);
    of::tangent(fresh);
    of::sigmoid(open);
    vec c;
    of::load(c, cell);
    c = forget * c + input * fresh;
    of::store(cell, c);
    of::tangent(c);
    c = open * c;
    of::store(out, c);
  }

  [[gnu::always_inline]] static void
  step(const recurrent_weights& w, const float* projected, const float* before,
       float* cell, float* out) noexcept {
    const auto inputs = w.width;
    for (size_t panel = 0; panel < w.hidden.panels(); panel += 4) {
      vec gates[4 * in_panel];
      for (size_t i = 0; i < 4 * in_panel; ++i)
        of::load(gates[i], projected + panel * panel_width + i * Width);
      const auto* weights = w.hidden.panel(panel);
      for (size_t k = 0; k < inputs; ++k)
        for (size_t i = 0; i < 4 * in_panel; ++i) {
          vec b;
          of::load(b, weights + (i / in_panel * inputs + k) * panel_width
                        + i % in_panel * Width);
          gates[i] = before[k] * b + gates[i];
        }
      auto first = panel / 4 * panel_width;
      for (size_t i = 0; i < in_panel; ++i)
        remember(gates[i], gates[in_panel + i], gates[2 * in_panel + i],
                 gates[3 * in_panel + i], cell + first + i * Width,
                 out + first + i * Width);
    }
  }

  [[gnu::always_inline]] static void
  recur(const recurrent_weights& w, matrix_view projected, size_t rows,
        float* hidden, float* cell, matrix_view out) noexcept {
    const auto* before = hidden;
    for (size_t row = 0; row < rows; ++row) {
      step(w, projected.row(row), before, cell, out.row(row));
      before = out.row(row);
    }
    if (rows > 0)
      std::copy_n(before, padded(w.width), hidden);
  }
};

template <class Loops, class For>
constexpr dense_kernels table{
  For::template compiled<Loops::multiply>,
  For::template compiled<Loops::elu>,
  For::template compiled<Loops::elu_of_values>,
  For::template compiled<Loops::values>,
  For::template compiled<Loops::gate_norm>,
  For::template compiled<Loops::softmax>,
  For::template compiled<Loops::recur>,
};

} // namespace

const dense_kernels& dense_kernels_of(vector_level level) noexcept {
  return table_of(level, table<loops<4, 2, 1, 2>, for_any>,
                  table<loops<8, 6, 1, 4>, for_avx2>,
                  table<loops<16, 6, 2, 4>, for_avx512>);
}

} // namespace qalpha
