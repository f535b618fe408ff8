#define CAF_SUITE risk.watchdog

#include "models/risk/watchdog.hpp"

#include <caf/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace qalpha;

namespace {

struct log final : watchdog::effects {
  std::vector<alert> alerts;

  void tell(const alert& x) override {
    alerts.push_back(x);
  }
};

struct fixture {
  static constexpr timespan second = std::chrono::seconds{1};
  static constexpr utc_time now{1'700'000'000'000'000'000};

  watchdog dog{2, 2 * second, 5 * second};
  log out;

  void feed(feed_status status, uint16_t symbol = 0, timespan age = {}) {
    dog.step(
      feed_health{
        .symbol = {symbol}, .time = now, .status = status, .age = age},
      out);
  }

  void settled(uint32_t sequence, order_status status) {
    dog.step(order_settled{{1, {1}, 1, sequence}, status, now}, out);
  }

  // Code and level of the last alert, or "none".
  std::string last() const {
    return out.alerts.empty()
             ? "none"
             : out.alerts.back().code + " "
                 + std::string{to_string(out.alerts.back().level)};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(watchdog_tests, fixture)

CAF_TEST(first_data_are_no_news) {
  feed(feed_status::live);
  CAF_CHECK(out.alerts.empty());
}

CAF_TEST(feed_that_fails_is_told_once_and_its_return_once) {
  feed(feed_status::live);
  feed(feed_status::stale, 0, 3 * second);
  CAF_CHECK_EQUAL(last(), "feed_stale warning");
  CAF_CHECK_EQUAL(out.alerts[0].symbol, 0);
  CAF_CHECK(out.alerts[0].text.find("3.0 s, limit 2.0 s") != std::string::npos);
  feed(feed_status::stale, 0, 4 * second);
  CAF_CHECK_EQUAL(out.alerts.size(), 1u);
  feed(feed_status::gapped);
  CAF_CHECK_EQUAL(last(), "feed_gapped warning");
  feed(feed_status::live);
  CAF_CHECK_EQUAL(last(), "feed_live cleared");
  feed(feed_status::live);
  CAF_CHECK_EQUAL(out.alerts.size(), 3u);
}

CAF_TEST(feeds_do_not_mix) {
  feed(feed_status::live, 0);
  feed(feed_status::live, 1);
  feed(feed_status::crossed, 1);
  CAF_CHECK_EQUAL(last(), "feed_crossed warning");
  CAF_CHECK_EQUAL(out.alerts[0].symbol, 1);
  feed(feed_status::live, 0);
  CAF_CHECK_EQUAL(out.alerts.size(), 1u);
}

CAF_TEST(order_of_unknown_fate_pages_until_it_is_found) {
  settled(1, order_status::live);
  CAF_CHECK(out.alerts.empty());
  settled(1, order_status::unknown);
  CAF_CHECK_EQUAL(last(), "order_unknown page");
  CAF_CHECK_EQUAL(out.alerts[0].symbol, 1);
  settled(1, order_status::unknown);
  settled(2, order_status::filled);
  CAF_CHECK_EQUAL(out.alerts.size(), 1u);
  settled(1, order_status::cancelled);
  CAF_CHECK_EQUAL(last(), "order_known cleared");
  settled(1, order_status::cancelled);
  CAF_CHECK_EQUAL(out.alerts.size(), 2u);
}

CAF_TEST(restart_is_told_with_its_reason) {
  dog.step(child_restarted{"oracle/feed BTCUSDT", "boom", 2}, now, out);
  CAF_CHECK_EQUAL(last(), "actor_restarted warning");
  CAF_CHECK_EQUAL(out.alerts[0].symbol, -1);
  CAF_CHECK_EQUAL(out.alerts[0].text,
                  "oracle/feed BTCUSDT crashed (boom), restart 2");
}

CAF_TEST(stalled_pipeline_pages_once_and_clears_with_the_next_pulse) {
  dog.step(5 * second - timespan{1}, now, out);
  CAF_CHECK(out.alerts.empty());
  dog.step(5 * second, now, out);
  CAF_CHECK_EQUAL(last(), "pipeline_stalled page");
  dog.step(6 * second, now, out);
  CAF_CHECK_EQUAL(out.alerts.size(), 1u);
  dog.pulse_done(now, out);
  CAF_CHECK_EQUAL(last(), "pipeline_flows cleared");
  dog.pulse_done(now, out);
  CAF_CHECK_EQUAL(out.alerts.size(), 2u);
  dog.step(5 * second, now, out);
  CAF_CHECK_EQUAL(out.alerts.size(), 3u);
}

CAF_TEST(late_model_is_told_with_its_symbol_and_cleared_for_all) {
  dog.step(model_late{{1}, now, model_role::regimes, 2, 7}, out);
  CAF_CHECK_EQUAL(last(), "model_late warning");
  CAF_CHECK_EQUAL(out.alerts[0].symbol, 1);
  CAF_CHECK_EQUAL(out.alerts[0].text,
                  "regimes had no answer in time for 2 bars in a row; late "
                  "answers are dropped");
  dog.step(model_late{{0}, now, model_role::regimes, 0, 9}, out);
  CAF_CHECK_EQUAL(last(), "model_in_time cleared");
  CAF_CHECK_EQUAL(out.alerts[1].symbol, -1);
  CAF_CHECK_EQUAL(out.alerts[1].text, "regimes answers in time again, 9 "
                                      "answers were late so far");
}

CAF_TEST_FIXTURE_SCOPE_END()
