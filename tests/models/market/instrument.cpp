#define CAF_SUITE instrument

#include "models/market/instrument.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

instrument btc() {
  // Tick 0.10, lot 0.001: one tick of one lot is 0.0001.
  return *instrument::make(
    {3}, {"BTCUSDT", 10'000'000, 100'000, {5 * money::scale}, {100'000}});
}

std::string fault_of(instrument_rules rules) {
  auto result = instrument::make({}, std::move(rules));
  return result ? "none" : result.error().text;
}

} // namespace

CAF_TEST(rules_are_checked) {
  CAF_CHECK_EQUAL(fault_of({"", 1, 100'000'000, {}, {}}),
                  "instrument: name must not be empty");
  CAF_CHECK_EQUAL(fault_of({"X", 0, 1, {}, {}}),
                  "X: tick must be positive, was 0");
  CAF_CHECK_EQUAL(fault_of({"X", 1, -100'000, {}, {}}),
                  "X: lot must be positive, was -0.001");
  CAF_CHECK_EQUAL(fault_of({"X", 1, 100'000'000, {-1}, {}}),
                  "X: minimum notional must not be negative, was -0.00000001");
  CAF_CHECK_EQUAL(fault_of({"X", 1, 100'000'000, {}, {-1}}),
                  "X: largest order must not be negative, was -1 lots");
  CAF_CHECK_EQUAL(fault_of({"X", 1, 10'000'000, {}, {}}),
                  "X: tick times lot must be a multiple of 0.00000001, was "
                  "0.00000001 times 0.1");
  CAF_CHECK_EQUAL(fault_of({"X", 1, 100'000'000, {}, {}}), "none");
}

CAF_TEST(values_are_exact) {
  auto rules = btc();
  CAF_CHECK_EQUAL(rules.unit_e8(), 10'000);
  CAF_CHECK_EQUAL(rules.value({600'000}, {2}).e8, 120 * money::scale);
  CAF_CHECK_EQUAL(rules.value({600'000}, {-2}).e8, -120 * money::scale);
  CAF_CHECK_EQUAL(rules.affordable({120 * money::scale}, {600'000}).lots, 2);
  CAF_CHECK_EQUAL(rules.affordable({120 * money::scale - 1}, {600'000}).lots,
                  1);
  CAF_CHECK_EQUAL(rules.affordable({-1}, {600'000}).lots, 0);
}

CAF_TEST(prices_are_exact_or_nearest) {
  auto rules = btc();
  CAF_CHECK(rules.exact_price(6'165'970'000'000) == price{616'597});
  CAF_CHECK(!rules.exact_price(6'165'970'000'001));
  CAF_CHECK(!rules.exact_price(0));
  CAF_CHECK(!rules.exact_price(-10'000'000));
  CAF_CHECK_EQUAL(rules.nearest_price(14'999'999).ticks, 1);
  CAF_CHECK_EQUAL(rules.nearest_price(15'000'000).ticks, 2);
  CAF_CHECK_EQUAL(rules.nearest_price(1).ticks, 1);
}

CAF_TEST(quantities_round_toward_zero) {
  auto rules = btc();
  CAF_CHECK_EQUAL(rules.whole_lots(199'999).lots, 1);
  CAF_CHECK_EQUAL(rules.whole_lots(-199'999).lots, -1);
}

CAF_TEST(text_has_the_places_of_the_step) {
  auto rules = btc();
  CAF_CHECK_EQUAL(rules.text(price{616'597}), "61659.7");
  CAF_CHECK_EQUAL(rules.text(quantity{-15}), "-0.015");
  auto whole = *instrument::make({},
                                 {"SHIBUSDT", 1, 1'000 * money::scale, {}, {}});
  CAF_CHECK_EQUAL(whole.text(price{2'150}), "0.00002150");
  CAF_CHECK_EQUAL(whole.text(quantity{3}), "3000");
}

CAF_TEST(instruments_are_found_by_name) {
  universe all{btc()};
  CAF_REQUIRE(find_instrument(all, "BTCUSDT") != nullptr);
  CAF_CHECK_EQUAL(find_instrument(all, "BTCUSDT")->id().index, 3u);
  CAF_CHECK(find_instrument(all, "btcusdt") == nullptr);
}
