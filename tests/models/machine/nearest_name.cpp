#define CAF_SUITE nearest_name

#include "models/machine/nearest_name.hpp"

#include <caf/test/unit_test.hpp>

#include <string>

using namespace qalpha;

namespace {

constexpr std::string_view known[] = {"fast", "slow", "short", "stale_after"};

std::string guess(std::string_view wrong) {
  return std::string{nearest_name(wrong, known).value_or("nothing")};
}

} // namespace

CAF_TEST(distance_counts_edits_and_swaps) {
  CAF_CHECK_EQUAL(edit_distance("", "abc"), 3u);
  CAF_CHECK_EQUAL(edit_distance("abc", ""), 3u);
  CAF_CHECK_EQUAL(edit_distance("kitten", "sitting"), 3u);
  CAF_CHECK_EQUAL(edit_distance("fats", "fast"), 1u);
  CAF_CHECK_EQUAL(edit_distance("FAST", "fast"), 0u);
}

CAF_TEST(a_typo_is_recognised) {
  CAF_CHECK_EQUAL(guess("fats"), "fast");
  CAF_CHECK_EQUAL(guess("Slwo"), "slow");
  CAF_CHECK_EQUAL(guess("shrt"), "short");
  CAF_CHECK_EQUAL(guess("stale_afer"), "stale_after");
}

CAF_TEST(a_far_name_gets_no_guess) {
  CAF_CHECK_EQUAL(guess("window"), "nothing");
  CAF_CHECK_EQUAL(guess(""), "nothing");
  CAF_CHECK_EQUAL(guess(std::string(200, 'x')), "nothing");
  CAF_CHECK(!nearest_name("fast", {}));
}

CAF_TEST(the_first_of_equally_near_names_wins) {
  constexpr std::string_view twins[] = {"node_a", "node_b"};
  CAF_CHECK_EQUAL(std::string{*nearest_name("node_c", twins)}, "node_a");
}
