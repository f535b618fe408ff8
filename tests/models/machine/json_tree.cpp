#define CAF_SUITE json_tree

#include "models/machine/json_tree.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

std::string error_of(std::string_view text) {
  auto parsed = parse_json(text);
  return parsed ? std::string{} : parsed.error().text;
}

bool starts(const std::string& text, std::string_view with) {
  return text.starts_with(with);
}

} // namespace

CAF_TEST(comments_and_trailing_commas_are_allowed) {
  auto parsed = parse_json("// a\n{\"a\": [1, 2,], /* b */ \"c\": 0.10,}");
  CAF_REQUIRE(parsed);
  CAF_CHECK_EQUAL(parsed->find("a")->children.size(), 2u);
  // Digits stay as they were written.
  CAF_CHECK_EQUAL(parsed->find("c")->text, "0.10");
  CAF_CHECK(parsed->find("d") == nullptr);
}

CAF_TEST(syntax_errors_name_line_and_column) {
  CAF_CHECK(starts(error_of("{\n  \"a\" 1\n}"), "2:7: syntax: "));
  CAF_CHECK(starts(error_of(""), "1:1: syntax: "));
  CAF_CHECK(starts(error_of("{} {}"), "1:4: syntax: "));
}

CAF_TEST(what_is_not_strict_json_is_refused) {
  for (auto text :
       {"{\"a\": NaN}", "{\"a\": Infinity}", "{\"a\": -inf}", "{a: 1}",
        "{'a': 1}", "{\"a\": 01}", "{\"a\": .5}", "{\"a\": +1}", "{\"a\": 1",
        "{\"a\": \"\xff\"}", "{\"a\": \"\\ud800\"}", "{\"a\": \"\\u0000\"}",
        "{\"a\": \"x\ny\"}", "[1 2]", "nul", "{\"a\": 0x10}"})
    CAF_CHECK(!error_of(text).empty());
}

CAF_TEST(duplicate_keys_are_errors) {
  auto text = error_of(R"({"a": {"b": 1, "b": 2}})");
  CAF_CHECK(text.find("duplicate key \"b\"") != text.npos);
  CAF_CHECK_EQUAL(error_of(R"({"a": {"b": 1}, "c": {"b": 2}})"), "");
}

CAF_TEST(depth_members_and_size_are_bounded) {
  auto nested = [](size_t n) {
    return std::string(n, '[') + std::string(n, ']');
  };
  CAF_CHECK_EQUAL(error_of(nested(32)), "");
  CAF_CHECK(!error_of(nested(33)).empty());
  CAF_CHECK(!error_of(std::string(500'000, '[')).empty());
  std::string wide = "{";
  for (int i = 0; i < 1025; ++i)
    wide += "\"k" + std::to_string(i) + "\": 1,";
  CAF_CHECK(!error_of(wide + "}").empty());
  std::string large(largest_json + 1, ' ');
  CAF_CHECK(error_of(large).find("1 MiB") != std::string::npos);
  CAF_MESSAGE("a reader may ask for less");
  auto fault_within = [](std::string_view text, const json_limits& limits) {
    auto parsed = parse_json(text, limits);
    return parsed ? std::string{} : parsed.error().text;
  };
  CAF_CHECK_EQUAL(fault_within("[[1], 2]", {.values = 4}), "");
  CAF_CHECK_EQUAL(fault_within("[[1], 2]", {.values = 3}),
                  "1:7: syntax: more than 3 values");
  CAF_CHECK(!fault_within("[[1]]", {.levels = 1}).empty());
  CAF_CHECK(!fault_within("{\"a\": 1, \"b\": 2}", {.members = 1}).empty());
  CAF_CHECK_EQUAL(fault_within("[1,] // one", {}), "");
  CAF_CHECK(!fault_within("[1,]", {.relaxed = false}).empty());
  CAF_CHECK(!fault_within("[1] // one", {.relaxed = false}).empty());
}
