#define CAF_SUITE dot_product

#include "models/features/block/dot_product.hpp"

#include <caf/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace qalpha;

CAF_TEST(the_processor_does_not_change_a_bit) {
  std::mt19937_64 random{1};
  std::normal_distribution<double> normal;
  std::vector<double> a(300);
  std::vector<double> b(300);
  for (auto& x : a)
    x = normal(random);
  for (auto& x : b)
    x = normal(random);
  for (size_t size = 0; size + 3 <= a.size(); ++size) {
    auto plain = dot_product(&a[3], &b[1], size, vector_level::plain);
    for (auto level : supported_vector_levels())
      CAF_REQUIRE(plain == dot_product(&a[3], &b[1], size, level));
    CAF_REQUIRE(plain == dot_product(&a[3], &b[1], size));
  }
}

CAF_TEST(it_is_the_sum_of_products) {
  std::vector<double> a(100);
  for (size_t i = 0; i < a.size(); ++i)
    a[i] = static_cast<double>(i);
  CAF_CHECK(dot_product(a.data(), a.data(), a.size()) == 328'350);
  CAF_CHECK(dot_product(a.data(), a.data(), 0) == 0);
}
