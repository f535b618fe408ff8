#define CAF_SUITE decimal

#include "models/market/decimal.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <utility>

using namespace qalpha;

namespace {

constexpr auto highest = std::numeric_limits<int64_t>::max();
constexpr auto lowest = std::numeric_limits<int64_t>::min();

} // namespace

CAF_TEST(plain_and_scientific_text_is_parsed_exactly) {
  std::pair<const char*, int64_t> cases[] = {
    {"0", 0},
    {"-0", 0},
    {"1", 100'000'000},
    {"61659.70", 6'165'970'000'000},
    {"-0.001", -100'000},
    {"1e-3", 100'000},
    {"1E+2", 10'000'000'000},
    {"1.50e1", 1'500'000'000},
    {"0.00000001", 1},
    {"0.1000000000000000000000000000000", 10'000'000},
    {"0000000000000000000000000000000001", 100'000'000},
    {"100000000000000000000e-20", 100'000'000},
    {"0e999999", 0},
    {"92233720368.54775807", highest},
    {"-92233720368.54775808", lowest},
  };
  for (auto [text, e8] : cases) {
    CAF_MESSAGE(text);
    CAF_CHECK(parse_decimal_e8(text) == e8);
  }
}

CAF_TEST(anything_else_is_refused) {
  for (auto text : {"",
                    "-",
                    "+1",
                    ".",
                    ".5",
                    "5.",
                    "nan",
                    "inf",
                    " 1",
                    "1 ",
                    "1,000",
                    "0x10",
                    "1e",
                    "1e+",
                    "1e1.5",
                    "1.2.3",
                    "--1",
                    "0.000000001",
                    "1.123456789",
                    "92233720368.54775808",
                    "-92233720368.54775809",
                    "1e11",
                    "1e999999999999",
                    "1e-9",
                    "12345678901234567890123"}) {
    CAF_MESSAGE(text);
    CAF_CHECK(!parse_decimal_e8(text));
  }
}

CAF_TEST(text_has_no_trailing_zeros) {
  CAF_CHECK_EQUAL(format_decimal_e8(0), "0");
  CAF_CHECK_EQUAL(format_decimal_e8(100'000), "0.001");
  CAF_CHECK_EQUAL(format_decimal_e8(-150'000'000), "-1.5");
  CAF_CHECK_EQUAL(format_decimal_e8(1'000'000'000), "10");
  CAF_CHECK_EQUAL(format_decimal_e8(lowest), "-92233720368.54775808");
}

CAF_TEST(fixed_text_rounds_half_away_from_zero) {
  CAF_CHECK_EQUAL(format_fixed_e8(150'000'000, 0), "2");
  CAF_CHECK_EQUAL(format_fixed_e8(-150'000'000, 0), "-2");
  CAF_CHECK_EQUAL(format_fixed_e8(149'999'999, 0), "1");
  CAF_CHECK_EQUAL(format_fixed_e8(-499'999, 2), "0.00");
  CAF_CHECK_EQUAL(format_fixed_e8(-500'000, 2), "-0.01");
  CAF_CHECK_EQUAL(format_fixed_e8(1, 8), "0.00000001");
  CAF_CHECK_EQUAL(format_fixed_e8(99'999'999'999, 2, ','), "1,000.00");
  CAF_CHECK_EQUAL(format_fixed_e8(100'000'000'00, 1, ','), "100.0");
  CAF_CHECK_EQUAL(format_fixed_e8(-123'456'700'000'000, 1, '\''),
                  "-1'234'567.0");
  CAF_CHECK_EQUAL(format_fixed_e8(highest, 0, ','), "92,233,720,369");
  CAF_CHECK_EQUAL(format_fixed_e8(lowest, 8), "-92233720368.54775808");
}

CAF_TEST(text_and_number_round_trip) {
  test::dice random;
  for (auto i = 0; i < 20'000; ++i) {
    // Shifts make short numbers as likely as long ones.
    auto e8 = random(lowest, highest) >> random(0, 62);
    CAF_REQUIRE_EQUAL(parse_decimal_e8(format_decimal_e8(e8)).value_or(~e8),
                      e8);
    CAF_REQUIRE_EQUAL(parse_decimal_e8(format_fixed_e8(e8, 8)).value_or(~e8),
                      e8);
  }
}
