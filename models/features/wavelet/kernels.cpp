#include "models/features/wavelet/kernels.hpp"

namespace qalpha {

namespace {

// Four doubles, wherever they lie.
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

// Outputs at a time.
constexpr size_t block = 8;

typedef double aligned_four __attribute__((vector_size(32)));

[[gnu::always_inline]] inline void load(const double* from,
                                        aligned_four& x) noexcept {
  x = *reinterpret_cast<const four*>(from);
}

[[gnu::always_inline]] inline void store(double* to,
                                         const aligned_four& x) noexcept {
  *reinterpret_cast<four*>(to) = x;
}

// Each output adds the products of even values one by one, those of odd values
// likewise, and then the two; whether alone or among eight.
[[gnu::always_inline]] inline void
analyse(const wavelet_taps& taps, const double* even, const double* odd,
        size_t count, double* low, double* high) noexcept {
  size_t i = 0;
  for (; i + block <= count; i += block) {
    aligned_four sums[8] = {};
    auto tap = taps.analysis.data();
    for (size_t k = 0; k < taps.half; ++k, tap += 4) {
      for (size_t j = 0; j < 2; ++j) {
        aligned_four e;
        load(even + i + k + 4 * j, e);
        aligned_four o;
        load(odd + i + k + 4 * j, o);
        sums[j] += e * tap[0];
        sums[2 + j] += o * tap[1];
        sums[4 + j] += e * tap[2];
        sums[6 + j] += o * tap[3];
      }
    }
    for (size_t j = 0; j < 2; ++j) {
      store(low + i + 4 * j, sums[j] + sums[2 + j]);
      store(high + i + 4 * j, sums[4 + j] + sums[6 + j]);
    }
  }
  for (; i < count; ++i) {
    double sums[4] = {};
    auto tap = taps.analysis.data();
    for (size_t k = 0; k < taps.half; ++k, tap += 4) {
      sums[0] += even[i + k] * tap[0];
      sums[1] += odd[i + k] * tap[1];
      sums[2] += even[i + k] * tap[2];
      sums[3] += odd[i + k] * tap[3];
    }
    low[i] = sums[0] + sums[1];
    high[i] = sums[2] + sums[3];
  }
}

[[gnu::always_inline]] inline void
synthesise(const wavelet_taps& taps, const double* low, const double* high,
           size_t pairs, double* values) noexcept {
  size_t i = 0;
  for (; i + block <= pairs; i += block) {
    aligned_four sums[8] = {};
    auto tap = taps.synthesis.data();
    for (size_t k = 0; k < taps.half; ++k, tap += 4) {
      for (size_t j = 0; j < 2; ++j) {
        aligned_four a;
        load(low + i + k + 4 * j, a);
        aligned_four d;
        load(high + i + k + 4 * j, d);
        sums[j] += a * tap[0];
        sums[2 + j] += d * tap[1];
        sums[4 + j] += a * tap[2];
        sums[6 + j] += d * tap[3];
      }
    }
    for (size_t j = 0; j < 2; ++j) {
      aligned_four even = sums[j] + sums[2 + j];
      aligned_four odd = sums[4 + j] + sums[6 + j];
      auto to = values + 2 * (i + 4 * j);
      store(to, __builtin_shufflevector(even, odd, 0, 4, 1, 5));
      store(to + 4, __builtin_shufflevector(even, odd, 2, 6, 3, 7));
    }
  }
  for (; i < pairs; ++i) {
    double sums[4] = {};
    auto tap = taps.synthesis.data();
    for (size_t k = 0; k < taps.half; ++k, tap += 4) {
      sums[0] += low[i + k] * tap[0];
      sums[1] += high[i + k] * tap[1];
      sums[2] += low[i + k] * tap[2];
      sums[3] += high[i + k] * tap[3];
    }
    values[2 * i] = sums[0] + sums[1];
    values[2 * i + 1] = sums[2] + sums[3];
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void
analyse_avx2(const wavelet_taps& taps, const double* even, const double* odd,
             size_t count, double* low, double* high) noexcept {
  analyse(taps, even, odd, count, low, high);
}

[[gnu::target("avx2")]] void
synthesise_avx2(const wavelet_taps& taps, const double* low, const double* high,
                size_t pairs, double* values) noexcept {
  synthesise(taps, low, high, pairs, values);
}
#else
constexpr auto analyse_avx2 = analyse;
constexpr auto synthesise_avx2 = synthesise;
#endif

} // namespace

wavelet_taps::wavelet_taps(const wavelet& of)
  : half(of.length() / 2), analysis(2 * of.length()),
    synthesis(2 * of.length()) {
  auto last = of.length() - 1;
  for (size_t k = 0; k < half; ++k) {
    // A convolution reads the values backwards.
    analysis[4 * k] = of.low[last - 2 * k];
    analysis[4 * k + 1] = of.low[last - 2 * k - 1];
    analysis[4 * k + 2] = of.high(last - 2 * k);
    analysis[4 * k + 3] = of.high(last - 2 * k - 1);
    synthesis[4 * k] = of.low[2 * k + 1];
    synthesis[4 * k + 1] = of.high(2 * k + 1);
    synthesis[4 * k + 2] = of.low[2 * k];
    synthesis[4 * k + 3] = of.high(2 * k);
  }
}

void wavelet_analysis(const wavelet_taps& taps, const double* even,
                      const double* odd, size_t count, double* low,
                      double* high, vector_level level) noexcept {
  if (level != vector_level::plain)
    analyse_avx2(taps, even, odd, count, low, high);
  else
    analyse(taps, even, odd, count, low, high);
}

void wavelet_synthesis(const wavelet_taps& taps, const double* low,
                       const double* high, size_t pairs, double* values,
                       vector_level level) noexcept {
  if (level != vector_level::plain)
    synthesise_avx2(taps, low, high, pairs, values);
  else
    synthesise(taps, low, high, pairs, values);
}

} // namespace qalpha
