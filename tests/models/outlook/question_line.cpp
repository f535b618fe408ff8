#define CAF_SUITE outlook.question_line

#include "models/outlook/question_line.hpp"

#include "tests/models/outlook/play.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture {
  std::chrono::steady_clock::time_point now{};
  question_line aut{3};

  std::optional<question> put(int64_t minutes, uint16_t symbol) {
    return aut.put(closed_at(minutes, 100, symbol), now);
  }

  // Symbol and minute of what comes next.
  std::pair<int, int64_t> take() {
    auto next = aut.take();
    if (!next)
      return {-1, -1};
    return {next->closed.symbol.index,
            (next->closed.value.close_time - utc_time{}) / minute};
  }
};

using place = std::pair<int, int64_t>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(question_line_tests, fixture)

CAF_TEST(first_come_first_served) {
  CAF_CHECK(take() == place(-1, -1));
  for (uint16_t symbol : {2, 0, 1})
    CAF_CHECK(!put(1, symbol));
  CAF_CHECK_EQUAL(aut.size(), 3u);
  CAF_CHECK(take() == place(2, 1));
  CAF_CHECK(take() == place(0, 1));
  CAF_CHECK(!put(2, 0));
  CAF_CHECK(take() == place(1, 1));
  CAF_CHECK(take() == place(0, 2));
  CAF_CHECK(take() == place(-1, -1));
}

CAF_TEST(a_younger_bar_takes_the_place_of_the_older) {
  put(1, 0);
  put(1, 1);
  now += std::chrono::seconds{5};
  auto older = put(2, 0);
  CAF_REQUIRE(older);
  CAF_CHECK(older->closed == closed_at(1, 100));
  CAF_CHECK_EQUAL(aut.size(), 2u);
  auto next = aut.take();
  CAF_CHECK(next->closed == closed_at(2, 100));
  CAF_CHECK(next->since == now);
  CAF_CHECK(take() == place(1, 1));
}

CAF_TEST(what_is_known_around_a_bar_waits_with_it) {
  auto around = [this](int64_t minutes, int64_t interest) {
    bar_context_known fact{{0}, bar_at(minutes, 1).close_time, {}};
    fact.value.open_interest = quantity{interest};
    aut.expect(fact);
    return fact;
  };
  auto first = around(1, 10);
  put(1, 0);
  auto second = around(2, 20);
  auto older = put(2, 0);
  CAF_CHECK(older->around == std::optional{first});
  CAF_CHECK(aut.take()->around == std::optional{second});
  CAF_MESSAGE("what was told about an older bar is not about this one");
  put(3, 0);
  put(3, 1);
  CAF_CHECK(!aut.take()->around);
  CAF_CHECK(!aut.take()->around);
}

CAF_TEST_FIXTURE_SCOPE_END()
