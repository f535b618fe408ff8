#define CAF_SUITE parameter

#include "models/machine/parameter.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr std::string_view colours[] = {"red", "green", "blue"};

constexpr parameter rules[] = {
  {"size", 20, 1, 100, "how large"},
  choice_parameter("colour", 1, colours, "which one"),
};

std::string fault_of(const fallible<double>& x) {
  return x ? "none" : x.error().text;
}

} // namespace

CAF_TEST(a_choice_is_one_of_several_names) {
  CAF_CHECK(*choice_of("it", rules[1], "red") == 0.0);
  CAF_CHECK(*choice_of("it", rules[1], "blue") == 2.0);
  CAF_CHECK_EQUAL(fault_of(choice_of("it", rules[1], "gren")),
                  "it: colour \"gren\" is not known, did you mean \"green\"?");
  CAF_CHECK_EQUAL(fault_of(choice_of("it", rules[0], "red")),
                  "it: size must be a number, was \"red\"");
}

CAF_TEST(a_choice_is_written_by_its_name) {
  CAF_CHECK_EQUAL(parameter_text(rules[1], 2), "blue");
  CAF_CHECK_EQUAL(parameter_text(rules[0], 2), "2");
}

CAF_TEST(a_choice_is_checked_like_any_parameter) {
  auto values = resolve_parameters("it", rules, {});
  CAF_REQUIRE(values);
  CAF_CHECK(*values == std::vector({20.0, 1.0}));
  CAF_CHECK(!resolve_parameters("it", rules, {{"colour", 3}}));
  CAF_CHECK(!resolve_parameters("it", rules, {{"colour", 0.5}}));
}
