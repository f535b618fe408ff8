#define CAF_SUITE order_id

#include "models/execution/order_id.hpp"

#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;

CAF_TEST(text_is_a_function_of_the_fields) {
  CAF_CHECK_EQUAL(to_string(order_id{1, {2}, 12, 7}),
                  "qa-0001-0002-0000000c-00000007");
  CAF_CHECK_EQUAL(to_string(order_id{65'535, {65'535}, ~0u, ~0u}),
                  "qa-ffff-ffff-ffffffff-ffffffff");
}

CAF_TEST(foreign_text_is_not_an_id) {
  for (auto text :
       {"", "qa", "qa-", "qa-0001-0002-0000000c-0000000",
        "qa-0001-0002-0000000c-000000070", "QA-0001-0002-0000000c-00000007",
        "qa-0001-0002-0000000C-00000007", "qb-0001-0002-0000000c-00000007",
        "qa-0001_0002-0000000c-00000007", "qa-+001-0002-0000000c-00000007",
        " qa-0001-0002-0000000c-00000007"}) {
    CAF_MESSAGE(text);
    CAF_CHECK(!parse_order_id(text));
  }
}

CAF_TEST(text_and_id_round_trip) {
  test::dice random;
  for (auto i = 0; i < 5'000; ++i) {
    auto id = order_id{static_cast<uint16_t>(random(0, 65'535)),
                       {static_cast<uint16_t>(random(0, 65'535))},
                       static_cast<uint32_t>(random(0, UINT32_MAX)),
                       static_cast<uint32_t>(random(0, UINT32_MAX))};
    CAF_REQUIRE(parse_order_id(to_string(id)) == id);
  }
}
