#define CAF_SUITE json_object

#include "models/machine/json_object.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

struct person {
  std::string name;
  double size = 0;
  int64_t age = 0;
  uint64_t seed = 0;
};

/// @returns the fault of reading a person, or "none".
std::string fault_of(std::string_view text, person* into = nullptr) {
  auto json = parse_json(text);
  CAF_REQUIRE(json);
  json_object in{"person", *json};
  person x;
  x.name = in.text("name", 5);
  x.size = in.number("size");
  x.age = in.whole("age", 0, 150);
  x.seed = in.count("seed");
  if (into != nullptr)
    *into = x;
  auto problem = in.finish();
  return problem ? problem->text : "none";
}

} // namespace

CAF_TEST(members_are_read_exactly) {
  person x;
  CAF_CHECK_EQUAL(fault_of(R"({"seed": 18446744073709551615, "name": "Ann",
                              "age": 7, "size": 0.1})",
                           &x),
                  "none");
  CAF_CHECK_EQUAL(x.name, "Ann");
  CAF_CHECK(x.size == 0.1);
  CAF_CHECK_EQUAL(x.age, 7);
  CAF_CHECK_EQUAL(x.seed, UINT64_MAX);
}

CAF_TEST(the_first_fault_names_place_and_value) {
  auto with = [](const std::string& name, const std::string& size,
                 const std::string& age, const std::string& seed) {
    return fault_of("{\"name\": " + name + ", \"size\": " + size
                    + ", \"age\": " + age + ", \"seed\": " + seed + "}");
  };
  CAF_CHECK_EQUAL(with("5", "1", "1", "1"),
                  "person.name: expected a text, found the number 5");
  CAF_CHECK_EQUAL(with("\"Andrew\"", "1", "1", "1"),
                  "person.name: expected at most 5 bytes, found the text "
                  "\"Andrew\"");
  CAF_CHECK_EQUAL(with("\"A\"", "null", "1", "1"),
                  "person.size: expected a number, found null");
  CAF_CHECK_EQUAL(with("\"A\"", "1", "151", "1"),
                  "person.age: expected a whole number from 0 to 150, found "
                  "the number 151");
  CAF_CHECK_EQUAL(with("\"A\"", "1", "1.0", "1"),
                  "person.age: expected a whole number from 0 to 150, found "
                  "the number 1.0");
  CAF_CHECK_EQUAL(with("\"A\"", "1", "1", "-1"),
                  "person.seed: expected a whole number of at most 64 bits, "
                  "found the number -1");
  CAF_CHECK_EQUAL(fault_of("[]"), "person: expected a group, found a list");
}

CAF_TEST(every_member_is_known_and_there) {
  CAF_CHECK_EQUAL(fault_of(R"({"name": "A", "size": 1, "age": 2})"),
                  "person.seed: expected it, found none");
  CAF_MESSAGE("a wrong name explains the missing one");
  CAF_CHECK_EQUAL(fault_of(R"({"name": "A", "size": 1, "age": 2, "sede": 3})"),
                  "person: key \"sede\" is not known, did you mean \"seed\"?");
}
