#define CAF_SUITE causality

#include "tests/models/strategies/market_bars.hpp"

#include "models/strategies/catalogue.hpp"

#include <caf/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace qalpha;
using namespace qalpha::test;

namespace {

using opinions = std::vector<std::optional<exposure>>;

// Each strategy of the catalogue, with and without shorts.
std::vector<strategy_choice> all_choices() {
  std::vector<strategy_choice> result;
  for (const auto& entry : strategy_catalogue()) {
    auto choice = strategy_choice{std::string{entry.name}, {}};
    result.push_back(choice);
    for (const auto& rule : entry.parameters)
      if (rule.name == "short") {
        choice.parameters["short"] = 1;
        result.push_back(choice);
      }
  }
  return result;
}

strategy_at_work make(const strategy_choice& which) {
  auto result = make_strategy(which);
  CAF_REQUIRE(result);
  return strategy_at_work{std::move(*result)};
}

opinions run(const strategy_choice& which, const std::vector<bar>& bars) {
  auto brain = make(which);
  opinions result;
  for (const auto& x : bars)
    result.push_back(brain.on_bar(x));
  return result;
}

} // namespace

CAF_TEST(an_opinion_does_not_depend_on_the_future) {
  dice random;
  for (const auto& which : all_choices()) {
    CAF_MESSAGE(which.name);
    auto bars = random_bars(random, 600);
    auto whole = run(which, bars);
    for (auto i = 0; i < 10; ++i) {
      auto cut = static_cast<size_t>(random(1, 600));
      auto other = random_bars(random, 600);
      std::copy_n(bars.begin(), cut, other.begin());
      auto result = run(which, other);
      CAF_REQUIRE(std::equal(whole.begin(),
                             whole.begin() + static_cast<ptrdiff_t>(cut),
                             result.begin()));
    }
  }
}

CAF_TEST(opinions_begin_with_the_warm_up) {
  dice random;
  for (const auto& which : all_choices()) {
    CAF_MESSAGE(which.name);
    auto brain = make(which);
    // Bars alone give no opinion to those that wait for models.
    auto listens = (*make_strategy(which))->listens();
    auto bars = random_bars(random, 300);
    for (size_t i = 0; i < bars.size(); ++i)
      CAF_REQUIRE_EQUAL(brain.on_bar(bars[i]).has_value(),
                        !listens && i >= brain.warm_up());
  }
}

CAF_TEST(shorts_appear_only_on_request) {
  dice random;
  for (const auto& which : all_choices()) {
    auto lowest = 0;
    for (auto x : run(which, random_bars(random, 5'000)))
      lowest = std::min(lowest, x.value_or(exposure{}).bps);
    CAF_CHECK_EQUAL(lowest, which.parameters.empty() ? 0 : -10'000);
  }
}

CAF_TEST(one_object_does_not_disturb_another) {
  dice random;
  for (const auto& which : all_choices()) {
    auto bars = random_bars(random, 300);
    auto alone = run(which, bars);
    auto first = make(which);
    auto second = make(which);
    for (size_t i = 0; i < bars.size(); ++i) {
      CAF_REQUIRE(first.on_bar(bars[i]) == alone[i]);
      second.on_bar(bars[bars.size() - 1 - i]);
    }
  }
}
