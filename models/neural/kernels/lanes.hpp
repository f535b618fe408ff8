// Several numbers of single precision at once, as the compilers' vectors.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace qalpha {

/// `Width` numbers. Everything goes by reference: how a vector is passed by
/// value depends on the processor that a function is compiled for.
template <size_t Width>
struct lanes {
  typedef float type __attribute__((vector_size(4 * Width)));
  typedef int32_t bits __attribute__((vector_size(4 * Width)));
  typedef uint32_t words __attribute__((vector_size(4 * Width)));

  [[gnu::always_inline]] static void load(type& x, const float* from) noexcept {
    std::memcpy(&x, from, sizeof x);
  }

  [[gnu::always_inline]] static void store(float* to, const type& x) noexcept {
    std::memcpy(to, &x, sizeof x);
  }

  [[gnu::always_inline]] static void fill(type& x, float value) noexcept {
    x = type{} + value;
  }

  /// e^x to within 2 units in the last place, from -87 to 88 and as there
  /// beyond.
  [[gnu::always_inline]] static void exponential(type& x) noexcept {
    type low = type{} - 87.0f;
    type high = type{} + 88.0f;
    x = x < low ? low : x;
    x = x > high ? high : x;
    // Adding it leaves a whole number in the last bits.
    constexpr float rounder = 12'582'912.0f;
    type rounded = x * 1.442695041f + rounder;
    type whole = rounded - rounder;
    // x - whole * ln(2), with ln(2) in two parts of which the first has few
    // bits, so that nothing is lost.
    constexpr double logarithm = 0.693147180559945309;
    constexpr float first_part = 355.0f / 512;
    constexpr auto second_part = static_cast<float>(logarithm - first_part);
    type rest = x - whole * first_part;
    rest = rest - whole * second_part;
    // The series of e^x, whose next term is below 6e-9 here.
    type sum = type{} + 1.0f / 5'040;
    sum = sum * rest + 1.0f / 720;
    sum = sum * rest + 1.0f / 120;
    sum = sum * rest + 1.0f / 24;
    sum = sum * rest + 1.0f / 6;
    sum = sum * rest + 0.5f;
    sum = sum * rest + 1.0f;
    sum = sum * rest + 1.0f;
    bits exponent;
    std::memcpy(&exponent, &rounded, sizeof exponent);
    exponent = (exponent << 23) + (127 << 23);
    type power;
    std::memcpy(&power, &exponent, sizeof power);
    x = sum * power;
  }

  [[gnu::always_inline]] static void sigmoid(type& x) noexcept {
    x = -x;
    exponential(x);
    x = 1.0f / (1.0f + x);
  }

  [[gnu::always_inline]] static void tangent(type& x) noexcept {
    x = x + x;
    sigmoid(x);
    x = x + x - 1.0f;
  }

  [[gnu::always_inline]] static void elu(type& x) noexcept {
    type below = x;
    exponential(below);
    below = below - 1.0f;
    x = x > 0.0f ? x : below;
  }

  /// Numbers that look random, the same for the same places and seed. Places
  /// are `first` and those after it.
  [[gnu::always_inline]] static void scatter(words& x, uint32_t first,
                                             uint32_t seed) noexcept {
    uint32_t places[Width];
    for (uint32_t i = 0; i < Width; ++i)
      places[i] = first + i;
    std::memcpy(&x, places, sizeof x);
    x = (x * 0x9e3779b1u) ^ seed;
    x = (x ^ (x >> 15)) * 0x2c1b3c6du;
    x = (x ^ (x >> 12)) * 0x297a2d39u;
    x = x ^ (x >> 15);
  }

  [[gnu::always_inline]] static float sum(const type& x) noexcept {
    float parts[Width];
    std::memcpy(parts, &x, sizeof parts);
    for (auto step = Width / 2; step > 0; step /= 2)
      for (size_t i = 0; i < step; ++i)
        parts[i] += parts[i + step];
    return parts[0];
  }

  [[gnu::always_inline]] static float largest(const type& x) noexcept {
    float parts[Width];
    std::memcpy(parts, &x, sizeof parts);
    auto result = parts[0];
    for (size_t i = 1; i < Width; ++i)
      result = parts[i] > result ? parts[i] : result;
    return result;
  }
};

} // namespace qalpha
