#define CAF_SUITE cli.neural_program

#include "runtime/cli/neural_program.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

int rounds = 0;
int threads = 0;

// A program that counts so many operations for next to no time.
template <int64_t Operations>
neural_support machine() {
  rounds = 0;
  threads = 0;
  neural_support result{};
  result.multiply_matrices = [] {
    ++rounds;
    return Operations;
  };
  result.use_threads = [](int count) { threads = count; };
  return result;
}

} // namespace

CAF_TEST(a_machine_that_multiplies_slowly_is_named_with_both_figures) {
  auto slow = machine<0>();
  auto found = prepare_models(&slow, 15);
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->text,
                  "models.blas_minimum_gflops: this machine multiplies "
                  "matrices at 0.0 GFLOP/s, expected at least 15; install "
                  "libopenblas0-pthread, or answers of models will be late and "
                  "dropped");
  CAF_CHECK_EQUAL(threads, 1);
  CAF_CHECK(rounds > 10);
}

CAF_TEST(a_machine_that_is_fast_is_ready_after_one_product) {
  auto fast = machine<int64_t{1} << 60>();
  CAF_CHECK(!prepare_models(&fast, 15));
  CAF_CHECK_EQUAL(rounds, 1);
  CAF_CHECK_EQUAL(threads, 1);
}

CAF_TEST(nothing_is_measured_where_no_speed_is_asked_for) {
  auto slow = machine<0>();
  CAF_CHECK(!prepare_models(&slow, 0));
  CAF_CHECK_EQUAL(rounds, 0);
  CAF_CHECK(!prepare_models(nullptr, 1e9));
}
