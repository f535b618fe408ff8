#define CAF_SUITE neural.blas_speed

#include "models/neural/blas_speed.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

CAF_TEST(matrices_are_multiplied_and_counted) {
  CAF_CHECK_EQUAL(multiply_matrices(), 2 * 256 * 256 * 256);
}
