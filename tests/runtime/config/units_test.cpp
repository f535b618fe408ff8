#define CAF_SUITE config_units

#include "runtime/config/units.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

int64_t ns_of(std::string_view text) {
  auto parsed = parse_timespan(text);
  return parsed ? parsed->count() : -1;
}

int64_t money_of(std::string_view text) {
  auto parsed = parse_money(text);
  return parsed ? parsed->e8 : -1;
}

int64_t share_of(std::string_view text) {
  auto parsed = parse_share_e8(text);
  return parsed ? *parsed : -1;
}

} // namespace

CAF_TEST(money_needs_its_unit) {
  CAF_CHECK_EQUAL(money_of("250 USDT"), 250 * money::scale);
  CAF_CHECK_EQUAL(money_of("0.5USDT"), money::scale / 2);
  for (auto text : {"250", "250 USD", "USDT", "", "250  USDT", "nan USDT",
                    "1e400 USDT", "250 USDT "})
    CAF_CHECK(!parse_money(text));
}

CAF_TEST(times_know_all_units_and_are_exact) {
  CAF_CHECK_EQUAL(ns_of("7ns"), 7);
  CAF_CHECK_EQUAL(ns_of("2 us"), 2'000);
  CAF_CHECK_EQUAL(ns_of("250ms"), 250'000'000);
  CAF_CHECK_EQUAL(ns_of("1.5h"), 5'400'000'000'000);
  CAF_CHECK_EQUAL(ns_of("3d"), 3 * 86'400'000'000'000);
  CAF_CHECK_EQUAL(ns_of("0s"), 0);
  CAF_CHECK_EQUAL(ns_of("9223372036854775807ns"), INT64_MAX);
  for (auto text : {"5", "5 x", "-5s", "0.5ns", "9999999d", "s", "5 s s", "-1d",
                    "9223372036854775808ns"})
    CAF_CHECK_EQUAL(ns_of(text), -1);
}

CAF_TEST(shares_are_percent_or_basis_points) {
  CAF_CHECK_EQUAL(share_of("2 %"), 2'000'000);
  CAF_CHECK_EQUAL(share_of("0.055%"), 55'000);
  CAF_CHECK_EQUAL(share_of("5.5 bp"), 55'000);
  for (auto text : {"0.02", "2 percent", "%", "0.0000001 %"})
    CAF_CHECK_EQUAL(share_of(text), -1);
}

CAF_TEST(what_is_printed_can_be_read_again) {
  for (int64_t e8 : {1LL, 55'000LL, 100'000'000LL, 123'456'789'012LL}) {
    CAF_CHECK_EQUAL(money_of(format_money({e8})), e8);
    CAF_CHECK_EQUAL(share_of(format_share_e8(e8)), e8);
    CAF_CHECK_EQUAL(ns_of(format_timespan(timespan{e8})), e8);
  }
}

CAF_TEST(quotes_hide_control_characters_and_length) {
  CAF_CHECK_EQUAL(quoted_text("a\nb"), "\"a\\x0ab\"");
  CAF_CHECK(quoted_text(std::string(1000, 'x')).size() < 70);
  CAF_CHECK_EQUAL(json_text("a\"\\\n"), R"("a\"\\\u000a")");
  CAF_CHECK_EQUAL(json_text("\xff"), R"("\u00ff")");
}
