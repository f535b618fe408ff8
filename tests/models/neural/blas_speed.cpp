#define CAF_SUITE blas_speed

#include "models/neural/blas_speed.hpp"

#include "tests/models/neural/golden_tensors.hpp"

#include "caf/test/unit_test.hpp"

CAF_TEST(the_distribution_has_a_fast_matrix_library) {
  CAF_CHECK(qalpha::measure_blas_gflops() > qalpha::least_blas_gflops);
}

CAF_TEST(golden_tensors_have_names_and_shapes) {
  auto tensors = qalpha::golden_tensors("cvae");
  CAF_CHECK(!tensors.empty());
}
