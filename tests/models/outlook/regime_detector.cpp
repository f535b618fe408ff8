#define CAF_SUITE outlook.regime_detector

#include "models/outlook/regime_detector.hpp"

#include "tests/models/outlook/play.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Reads the regime from the price itself: ticks 1 to 4.
class regime_puppet final : public regime_model {
public:
  const feature_spec& features() const noexcept override {
    return spec_;
  }

  fallible<regime_reading> read(std::span<const double> row) override {
    if (row[0] > 4)
      return fault{"no such market"};
    regime_reading result{.novelty = row[0] / 10};
    result.probabilities[static_cast<size_t>(row[0]) - 1] = 1;
    return result;
  }

private:
  feature_spec spec_{minute, {{"sma", "x", {}, {{"period", 1}}}}};
};

struct heard_regimes : regime_detector::effects {
  std::vector<model_health> reports;

  void tell(const model_health& x) override {
    reports.push_back(x);
  }

  std::vector<regime_observed> regimes;
  std::vector<model_silent> silences;

  void tell(const regime_observed& x) override {
    regimes.push_back(x);
  }

  void tell(const model_silent& x) override {
    silences.push_back(x);
  }
};

struct fixture {
  universe instruments = instruments_of(1);
  heard_regimes out;
  int64_t minutes = 0;

  regime_detector make(utc_time last_use = no_last_use) {
    auto model = std::make_unique<regime_puppet>();
    auto sources = sources_of(model->features(), instruments);
    return {std::move(model), std::move(sources), {}, last_use};
  }

  void show(regime_detector& aut, std::initializer_list<int64_t> ticks) {
    for (auto x : ticks)
      aut.step(closed_at(++minutes, x), out);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(regime_detector_tests, fixture)

CAF_TEST(a_regime_holds_until_another_is_confirmed) {
  auto aut = make();
  show(aut, {1, 1, 1, 1, 1, 1, 2, 2});
  CAF_CHECK(out.regimes.back().current == regime::bull);
  CAF_CHECK_EQUAL(out.regimes.back().probabilities[1], 1);
  show(aut, {2});
  CAF_CHECK(out.regimes.back().current == regime::bear);
  show(aut, {3, 2, 3});
  CAF_CHECK(out.regimes.back().current == regime::bear);
  CAF_CHECK(std::abs(out.regimes.back().novelty - 0.3) < 1e-12);
  CAF_CHECK_EQUAL(out.regimes.size(), 12u);
}

CAF_TEST(a_model_that_fails_is_silent_and_forgets) {
  auto aut = make();
  show(aut, {1, 1, 5, 2});
  CAF_REQUIRE_EQUAL(out.silences.size(), 1u);
  CAF_CHECK(out.silences[0].why == silence::failed);
  CAF_CHECK(out.silences[0].who == model_role::regimes);
  CAF_CHECK(out.regimes.back().current == regime::bear);
}

CAF_TEST(a_warmed_up_detector_holds_the_same_regime) {
  auto aut = make();
  aut.warm_up({0}, {bar_at(1, 1), bar_at(2, 1), bar_at(3, 2)});
  minutes = 2;
  show(aut, {2});
  CAF_CHECK(out.regimes.empty());
  show(aut, {2});
  CAF_REQUIRE_EQUAL(out.regimes.size(), 1u);
  CAF_CHECK(out.regimes[0].current == regime::bull);
}

CAF_TEST(a_model_that_is_too_old_is_not_asked) {
  auto aut = make(bar_at(2, 1).close_time);
  show(aut, {1, 1, 1});
  CAF_CHECK_EQUAL(out.regimes.size(), 2u);
  CAF_REQUIRE_EQUAL(out.silences.size(), 1u);
  CAF_CHECK(out.silences[0].why == silence::too_old);
}

CAF_TEST(a_bar_that_was_passed_over_neither_confirms_nor_forgets) {
  auto aut = make();
  show(aut, {1, 1, 1, 1, 1, 1, 1, 2, 2});
  auto said = out.regimes.size();
  aut.pass_over(closed_at(++minutes, 2));
  CAF_CHECK_EQUAL(out.regimes.size(), said);
  CAF_CHECK(out.regimes.back().current == regime::bull);
  show(aut, {2});
  CAF_CHECK(out.regimes.back().current == regime::bear);
}

CAF_TEST_FIXTURE_SCOPE_END()
