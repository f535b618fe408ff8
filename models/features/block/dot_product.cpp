#include "models/features/block/dot_product.hpp"

#include <array>

namespace qalpha {

namespace {

constexpr size_t sums = 16;

// Four doubles, wherever they lie.
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));

[[gnu::always_inline]] inline double
sum_of_products(const double* a, const double* b, size_t size) noexcept {
  four part[sums / 4] = {};
  size_t i = 0;
  for (; i + sums <= size; i += sums)
    for (size_t j = 0; j < sums / 4; ++j)
      part[j] += *reinterpret_cast<const four*>(a + i + 4 * j)
                 * *reinterpret_cast<const four*>(b + i + 4 * j);
  std::array<double, sums> part_of;
  for (size_t j = 0; j < sums; ++j)
    part_of[j] = part[j / 4][j % 4];
  for (size_t j = 0; i < size; ++i, ++j)
    part_of[j] += a[i] * b[i];
  for (auto step = sums / 2; step > 0; step /= 2)
    for (size_t j = 0; j < step; ++j)
      part_of[j] += part_of[j + step];
  return part_of[0];
}

double plain(const double* a, const double* b, size_t size) noexcept {
  return sum_of_products(a, b, size);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] double with_avx2(const double* a, const double* b,
                                         size_t size) noexcept {
  return sum_of_products(a, b, size);
}
#else
constexpr auto with_avx2 = plain;
#endif

} // namespace

double dot_product(const double* a, const double* b, size_t size,
                   vector_level level) noexcept {
  return level == vector_level::plain ? plain(a, b, size)
                                      : with_avx2(a, b, size);
}

double dot_product(const double* a, const double* b, size_t size) noexcept {
  return dot_product(a, b, size, current_vector_level());
}

} // namespace qalpha
