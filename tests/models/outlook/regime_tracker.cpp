#define CAF_SUITE outlook.regime_tracker

#include "tests/models/outlook/regime_golden.hpp"

#include "models/outlook/regimes/change_alarm.hpp"
#include "models/outlook/regimes/principal_axes.hpp"
#include "models/outlook/regimes/regime_tracker.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

void check_labels(const confirmation& rule, const std::string& column) {
  auto golden = golden_json("regime/change_events.json");
  auto events = golden[column.c_str()].GetArray();
  auto raw = golden_numbers("regime/change_detection.csv", "raw_label");
  auto confirmed = golden_numbers("regime/change_detection.csv",
                                  "confirmed_" + column);
  label_tracker tracker{rule};
  size_t changes = 0;
  for (size_t i = 0; i < raw.size(); ++i) {
    auto before = tracker.label();
    auto changed = tracker.add(static_cast<size_t>(raw[i]));
    CAF_CHECK(tracker.label() == static_cast<size_t>(confirmed[i]));
    if (!changed)
      continue;
    CAF_REQUIRE_LESS(changes, events.Size());
    const auto& event = events[static_cast<unsigned>(changes++)];
    CAF_CHECK_EQUAL(i, event[0].GetUint64());
    CAF_CHECK_EQUAL(*before, event[1].GetUint64());
    CAF_CHECK(tracker.label() == event[2].GetUint64());
  }
  CAF_CHECK_EQUAL(changes, events.Size());
}

regime_reading reading_of(regime x, double probability) {
  regime_reading result;
  result.probabilities.fill((1 - probability) / 3);
  result.probabilities[static_cast<size_t>(x)] = probability;
  result.novelty = 0.25;
  return result;
}

} // namespace

CAF_TEST(changes_are_confirmed_by_the_rule) {
  check_labels({3, 5}, "m3_dwell5");
  check_labels({5, 10}, "m5_dwell10");
}

CAF_TEST(a_change_says_when_and_how_sure_it_is) {
  regime_tracker tracker{{2, 0}};
  CAF_CHECK(!tracker.current());
  CAF_CHECK(!tracker.add(1, reading_of(regime::bear, 0.9)));
  CAF_CHECK(tracker.current() == regime::bear);
  CAF_CHECK(!tracker.add(2, reading_of(regime::bull, 0.6)));
  auto change = tracker.add(3, reading_of(regime::bull, 0.7));
  CAF_REQUIRE(change);
  CAF_CHECK(*change
            == (regime_change{3, regime::bear, regime::bull, 0.7, 0.25}));
  CAF_CHECK(tracker.current() == regime::bull);
}

CAF_TEST(readings_that_waver_change_nothing) {
  regime_tracker tracker;
  tracker.add(0, reading_of(regime::sideways, 1));
  for (int i = 1; i < 100; ++i) {
    auto other = i % 2 == 0 ? regime::bull : regime::bear;
    CAF_CHECK(!tracker.add(i, reading_of(other, 1)));
  }
  CAF_CHECK(tracker.current() == regime::sideways);
}

// -- alarms -------------------------------------------------------------------

CAF_TEST(alarms_are_those_of_the_golden_series) {
  auto file = "regime/cusum_page_hinkley.csv";
  auto x = golden_numbers(file, "x");
  auto above = golden_numbers(file, "cusum_pos");
  auto below = golden_numbers(file, "cusum_neg");
  auto alarm = golden_numbers(file, "alarm");
  auto drift = golden_numbers(file, "ph_m");
  auto statistic = golden_numbers(file, "ph_stat");
  cusum sums{0.4, 5};
  page_hinkley rise{0.05, 50};
  for (size_t i = 0; i < x.size(); ++i) {
    CAF_CHECK_EQUAL(sums.add(x[i]), alarm[i] != 0);
    CAF_CHECK(close_to(sums.above(), above[i]));
    CAF_CHECK(close_to(sums.below(), below[i]));
    CAF_CHECK_EQUAL(rise.add(x[i]), statistic[i] > 50);
    CAF_CHECK(close_to(rise.drift(), drift[i]));
    CAF_CHECK(close_to(rise.statistic(), statistic[i]));
  }
}

// -- axes ---------------------------------------------------------------------

CAF_TEST(axes_are_those_of_scikit_learn_up_to_their_sign) {
  auto golden = golden_json("regime/pca_scaler.json");
  auto cloud = golden_cloud();
  auto found = find_axes(cloud, 2);
  auto wanted = golden_points(golden["pca_components"]);
  auto projected = golden_points(golden["projected_first20"]);
  CAF_CHECK(all_close(found.origin, golden_row(golden["pca_mean"])));
  CAF_CHECK(all_close(found.variances,
                      golden_row(golden["pca_explained_variance_ddof1"])));
  auto ratios = golden_row(golden["pca_ratio"]);
  for (size_t axis = 0; axis < 2; ++axis) {
    CAF_CHECK(close_to(found.explained(axis), ratios[axis]));
    auto turned = found.axes[axis][0] * wanted[axis][0] < 0 ? -1.0 : 1.0;
    for (size_t j = 0; j < 5; ++j)
      CAF_CHECK(close_to(turned * found.axes[axis][j], wanted[axis][j]));
    for (size_t i = 0; i < projected.size(); ++i)
      CAF_CHECK(
        close_to(turned * found.project(cloud[i])[axis], projected[i][axis]));
  }
}

CAF_TEST(axes_of_a_cloud_without_variance_explain_nothing) {
  auto found = find_axes({2, {1, 2, 1, 2, 1, 2}}, 2);
  CAF_CHECK_EQUAL(found.explained(0), 0.0);
  CAF_CHECK_EQUAL(found.explained(1), 0.0);
}

CAF_TEST(the_entry_of_an_axis_that_is_farthest_from_zero_is_positive) {
  auto axes = find_axes(golden_cloud(), 5).axes;
  for (size_t i = 0; i < axes.size(); ++i) {
    double farthest = 0;
    for (auto x : axes[i])
      if (std::abs(x) > std::abs(farthest))
        farthest = x;
    CAF_CHECK_GREATER(farthest, 0.0);
  }
}
