#define CAF_SUITE kernels

#include "models/neural/torch.hpp"

#include "models/neural/kernels/compiled.hpp"
#include "models/neural/kernels/training_kernels.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

CAF_TEST(a_level_chooses_its_table) {
  const int plain = 0;
  const int avx2 = 1;
  const int avx512 = 2;
  for (auto level : supported_vector_levels()) {
    auto chosen = table_of(level, plain, avx2, avx512);
    CAF_MESSAGE(to_string(level));
    // There are processors that have AVX2 and cannot fuse.
    CAF_CHECK(chosen == static_cast<int>(level)
              || (level == vector_level::avx2 && chosen == plain));
    CAF_MESSAGE("both kinds of kernels follow the same choice");
    auto is_plain = chosen == plain;
    const auto& dense = dense_kernels_of(vector_level::plain);
    const auto& training = training_kernels_of(vector_level::plain);
    CAF_CHECK_EQUAL(dense_kernels_of(level).multiply == dense.multiply,
                    is_plain);
    CAF_CHECK_EQUAL(training_kernels_of(level).leave_out == training.leave_out,
                    is_plain);
  }
}
