// Digits become steps without a division, exactly as the reference says.

#define CAF_SUITE step_scale

#include "runtime/venues/step_scale.hpp"

#include "models/market/decimal.hpp"
#include "runtime/venues/step_number.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <string>

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(multiples_are_divided_and_others_refused) {
  step_scale tick{10'000'000}; // 0.1
  CAF_CHECK_EQUAL(tick.steps(6'165'970, 2), 616'597);
  CAF_CHECK_EQUAL(tick.steps(616'597, 1), 616'597);
  CAF_CHECK_EQUAL(tick.steps(61'659, 0), 616'590);
  CAF_CHECK_EQUAL(tick.steps(6'165'971, 2), -1);
  CAF_CHECK_EQUAL(tick.steps(0, 3), 0);
  step_scale odd{7'500'000}; // 0.075
  CAF_CHECK_EQUAL(odd.steps(225, 3), 3);
  CAF_CHECK_EQUAL(odd.steps(3, 0), 40);
  CAF_CHECK_EQUAL(odd.steps(1, 1), -1);
}

CAF_TEST(steps_are_those_of_the_reference) {
  dice roll;
  for (auto round = 0; round < 100'000; ++round) {
    // Steps of venues are mostly round, the others are for the arithmetic.
    auto step = roll(1, 1'000);
    for (auto zeros = roll(0, 8); zeros > 0; --zeros)
      step *= 10;
    auto places = static_cast<unsigned>(roll(0, 8));
    auto digits = static_cast<uint64_t>(roll(0, INT64_MAX));
    for (auto cuts = roll(0, 18); cuts > 0; --cuts)
      digits /= 10;
    if (roll.chance(50))
      digits -= digits % 1'000;
    if (digits > step_scale::largest(places))
      continue;
    auto text = std::to_string(digits);
    text.insert(0, places, '0');
    if (places > 0)
      text.insert(text.size() - places, 1, '.');
    if (text.front() == '.')
      text.insert(0, 1, '0');
    auto expected = exact_steps(text, step).value_or(-1);
    CAF_REQUIRE_EQUAL(step_scale{step}.steps(digits, places), expected);
  }
}

CAF_TEST(only_plain_decimals_are_numbers) {
  for (auto text : {"", ".", "1.", ".5", "-1", "+1", "1e5", "1E-2", "NaN",
                    "nan", "inf", "1e308", " 1", "1 ", "1,5", "0x10", "1.2.3",
                    "1234567890123456789012345678901234567890"})
    CAF_CHECK(!exact_steps(text, 1));
  CAF_CHECK(exact_steps("0.30", 10'000'000) == 3);
  CAF_CHECK(!exact_steps("0.35", 10'000'000));
  CAF_CHECK(exact_steps("0.350000000000000000", 5'000'000) == 7);
  CAF_CHECK(!exact_steps("92233720369", 100'000'000));
}

CAF_TEST(whole_numbers_have_only_digits) {
  CAF_CHECK(whole_number("1673280000000") == 1'673'280'000'000u);
  for (auto text : {"", "-1", "+1", "1.0", "1e3", " 1", "99999999999999999999"})
    CAF_CHECK(!whole_number(text));
}
