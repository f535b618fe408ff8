#define CAF_SUITE outlook.opinions

#include "models/outlook/opinions.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace qalpha;

namespace {

double direction(std::vector<double> quantiles) {
  std::vector levels{0.1, 0.5, 0.9};
  return direction_of(levels, quantiles);
}

bool close_to(double x, double y) {
  return std::abs(x - y) < 1e-12;
}

} // namespace

CAF_TEST(direction_is_the_probability_of_a_rise_less_that_of_a_fall) {
  CAF_CHECK(close_to(direction({-1, 0, 1}), 0));
  CAF_CHECK(close_to(direction({-1, 1, 2}), 1 - 2 * 0.3));
  CAF_CHECK(close_to(direction({-3, -1, 1}), 1 - 2 * 0.7));
}

CAF_TEST(beyond_the_outer_levels_nothing_is_known) {
  CAF_CHECK(close_to(direction({1, 2, 3}), 0.8));
  CAF_CHECK(close_to(direction({-3, -2, -1}), -0.8));
  CAF_CHECK(close_to(direction({}), 0));
  CAF_MESSAGE("equal quantiles are a step");
  CAF_CHECK(close_to(direction({-1, 0, 0}), 0));
}
