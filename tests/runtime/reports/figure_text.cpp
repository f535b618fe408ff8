#define CAF_SUITE reports_figure_text

#include "runtime/reports/figure_text.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;

using lines = std::vector<std::string>;

CAF_TEST(thousands_are_separated_by_a_blank) {
  CAF_CHECK_EQUAL(count_text(0), "0");
  CAF_CHECK_EQUAL(count_text(999), "999");
  CAF_CHECK_EQUAL(count_text(72'673), "72 673");
  CAF_CHECK_EQUAL(count_text(1'234'567), "1 234 567");
  CAF_CHECK_EQUAL(counted_text(1, "gap", "gaps"), "1 gap");
  CAF_CHECK_EQUAL(counted_text(0, "gap", "gaps"), "0 gaps");
  CAF_CHECK_EQUAL(money_text({1'002'140'000'000}), "10 021.40");
  CAF_CHECK_EQUAL(number_text(12'345.678), "12 345.68");
}

CAF_TEST(differences_show_their_sign_and_zero_has_none) {
  CAF_CHECK_EQUAL(money_text({150'000'000}, plus_sign::shown), "+1.50");
  CAF_CHECK_EQUAL(money_text({-150'000'000}, plus_sign::shown), "-1.50");
  CAF_CHECK_EQUAL(money_text({0}, plus_sign::shown), "0.00");
  CAF_CHECK_EQUAL(money_text({1}, plus_sign::shown), "0.00");
  CAF_CHECK_EQUAL(money_text({-1}, plus_sign::shown), "0.00");
  CAF_CHECK_EQUAL(percent_text(0.1234, plus_sign::shown), "+12.34 %");
}

CAF_TEST(numbers_beyond_fixed_point_have_an_exponent) {
  CAF_CHECK_EQUAL(number_text(1.5e36), "1.5e+36");
  CAF_CHECK_EQUAL(percent_text(-1.5e36), "-1.5e+38 %");
  CAF_CHECK_EQUAL(number_text(std::numeric_limits<double>::quiet_NaN()),
                  "not a number");
  CAF_CHECK_EQUAL(number_text(std::numeric_limits<double>::infinity()),
                  "not a number");
}

CAF_TEST(exact_shares_lose_no_digit) {
  CAF_CHECK_EQUAL(percent_text(rate{55'000}), "0.055 %");
  CAF_CHECK_EQUAL(percent_text(rate{-1}), "-0.000001 %");
}

CAF_TEST(spans_are_told_in_the_largest_unit_and_never_rounded_up) {
  CAF_CHECK_EQUAL(span_text(0), "0 s");
  CAF_CHECK_EQUAL(span_text(59), "59 s");
  CAF_CHECK_EQUAL(span_text(90), "1.5 min");
  CAF_CHECK_EQUAL(span_text(3'600), "1 h");
  CAF_CHECK_EQUAL(span_text(29.99 * 86'400), "29.9 d");
}

CAF_TEST(wall_times_keep_their_digits) {
  CAF_CHECK_EQUAL(wall_time_text(0.0004), "0.400 ms");
  CAF_CHECK_EQUAL(wall_time_text(0.012), "0.012 s");
  CAF_CHECK_EQUAL(wall_time_text(1.234), "1.23 s");
  CAF_CHECK_EQUAL(wall_time_text(123.4), "123.4 s");
  CAF_CHECK_EQUAL(magnitude_text(6'100'000), "6.1 M");
  CAF_CHECK_EQUAL(magnitude_text(58'900), "58.9 k");
  CAF_CHECK_EQUAL(magnitude_text(12), "12.0");
}

CAF_TEST(lines_break_at_blanks_but_not_within_numbers) {
  CAF_CHECK_EQUAL(wrapped("one two three", 8), (lines{"one two", "three"}));
  CAF_CHECK_EQUAL(wrapped("sum 72 673 bars", 8),
                  (lines{"sum", "72 673", "bars"}));
  CAF_CHECK_EQUAL(wrapped("", 8), (lines{""}));
  CAF_CHECK_EQUAL(wrapped("exactly8", 8), (lines{"exactly8"}));
}

CAF_TEST(long_words_are_cut_but_no_character_is) {
  CAF_CHECK_EQUAL(wrapped("abcdefghij", 4), (lines{"abcd", "efgh", "ij"}));
  CAF_CHECK_EQUAL(wrapped("abc\u00fcdef", 4), (lines{"abc", "\u00fcde", "f"}));
  CAF_MESSAGE("a file name may hold anything");
  CAF_CHECK_EQUAL(wrapped("a\n\x1b[2J", 8), (lines{"a??[2J"}));
}
