// Randomness for property tests: a new seed each run, printed, repeatable.

#pragma once

#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace qalpha::test {

/// A generator whose seed is in the output of the test. The environment
/// variable QALPHA_SEED repeats a run.
class dice {
public:
  dice() : engine_(choose()) {
    // nop
  }

  /// @returns a whole number in [low, high].
  int64_t operator()(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>{low, high}(engine_);
  }

  bool chance(int64_t percent) {
    return (*this)(1, 100) <= percent;
  }

private:
  static uint64_t choose() {
    auto wish = std::getenv("QALPHA_SEED");
    auto seed = wish ? std::stoull(wish) : std::random_device{}();
    CAF_MESSAGE("QALPHA_SEED=" << seed);
    return seed;
  }

  std::mt19937_64 engine_;
};

} // namespace qalpha::test
