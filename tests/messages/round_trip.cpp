#define CAF_SUITE messages.round_trip

#include "messages/interfaces.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace qalpha;

namespace {

struct config : caf::actor_system_config {
  config() {
    add_message_types<caf::id_block::qalpha>();
    set("scheduler.max-threads", size_t{1});
  }
};

// Values that differ in every field and use the whole width of the type.
constexpr utc_time when{1'700'000'000'123'456'789};
constexpr symbol_id sym{65'535};
constexpr order_id order{65'534, sym, 4'000'000'000, 3'999'999'999};
constexpr decision_id choice{sym, std::numeric_limits<uint64_t>::max()};
constexpr int64_t big = std::numeric_limits<int64_t>::max();
constexpr int64_t least = std::numeric_limits<int64_t>::min();
const std::string text = "grüße, \0 and \"quotes\"";

struct fixture {
  config cfg;
  caf::actor_system sys{cfg};
  // Types that were sent through the serializer.
  std::set<caf::type_id_t> covered;

  template <class T>
  std::vector<char> write(const T& x) {
    std::vector<char> bytes;
    caf::binary_serializer sink{sys, bytes};
    if (auto err = sink(x))
      CAF_FAIL("does not serialize: " << sys.render(err));
    return bytes;
  }

  template <class T>
  T read(const std::vector<char>& bytes) {
    T result;
    caf::binary_deserializer source{sys, bytes};
    if (auto err = source(result))
      CAF_FAIL("does not deserialize: " << sys.render(err));
    return result;
  }

  // Also as the content of a message, which needs the announcement.
  template <class T>
  void check(const T& x) {
    CAF_CHECK(!(x == T{}));
    CAF_CHECK(read<T>(write(x)) == x);
    caf::message copy = read<caf::message>(write(caf::make_message(x)));
    CAF_CHECK(copy.match_elements<T>());
    CAF_CHECK(copy.get_as<T>(0) == x);
    covered.insert(caf::type_id<T>::value);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(round_trip_tests, fixture)

CAF_TEST(every_announced_type_comes_back_as_it_was_sent) {
  check(sym);
  check(account_query{choice, when});
  check(account_view{choice, when, {least}});
  check(account_state{when,
                      {1},
                      {2},
                      {3},
                      {4},
                      {5},
                      {6},
                      {7},
                      {8},
                      9,
                      {{{1}, {2}, {3}, {4}, {5}, {6}}, {{-1}, {least}}}});
  check(actor_status{text, 1, 2, 3, text + "!"});
  check(alert{when, severity::page, "feed_stale", -1, text});
  bar candle{when, when + timespan{1}, {2}, {4}, {1}, {3}, {big}};
  check(bar_closed{sym, candle});
  bar_context all{trade_sums{big, 7, {5}},
                  top_of_book{{1}, {2}, {3}, {big}, {4}, {big}},
                  price{4},
                  price{5},
                  fine_price{6, 99'999'999},
                  least,
                  quantity{8},
                  flow_sums{{1, -2, 3, 4, 5, 6, 7, 8, 9, least}, big, 10},
                  cost_sums{least, 2, -3, big}};
  bar_context some;
  some.flow = flow_sums{};
  check(bar_context_known{sym, when, all});
  check(bar_context_known{sym, when, some});
  check(bar_context_known{sym, when, {}});
  check(bar_history{sym, {candle, candle, candle}, {all, some, {}}});
  check(child_restarted{"oracle/feed BTCUSDT", text, 7});
  check(decision{choice, when, {-10'000}, {least}, {big}, {5}, text});
  check(decision_outcome{choice, when, decision_result::refused,
                         risk_gate::max_gross_leverage, big, least, order});
  check(escalation{"oracle", text});
  check(feed_health{sym, when, feed_status::crossed, feed_status::interrupted,
                    timespan{3}, 4, 5, timespan{-6}, sequence_state::rebuilding,
                    when});
  check(fill{order, 9, side::sell, {2}, {3}, {-4}, true, when});
  check(forecast_made{sym,
                      when,
                      {0.1, 0.5},
                      {-0.5, 1e-300, -0.0, 3.25},
                      {{text, 0.75}, {"", 0}}});
  check(funding_payment{sym, when, {-1}, {-2}});
  check(mark_updated{sym, when, {big}});
  market_event event{
    when, 1, {2}, {3}, market_event_kind::reference_price, side::sell, 4, -5};
  check(market_batch{sym, when, {event, event}});
  model_health sick{.time = when,
                    .role = model_role::policy,
                    .id = text,
                    .version = 3,
                    .is_approved = true,
                    .trained_at = when,
                    .drift = {0.5},
                    .drifted_column = text,
                    .answers = big,
                    .silent_bars = 7};
  check(sick);
  check(model_late{sym, when, model_role::policy, 2, big});
  check(models_disagree{sym, when, 0.5, 3});
  check(model_silent{sym, when, model_role::policy, silence::failed});
  check(operator_command{operator_verb::resume, text, "1234"});
  check(order_report{order, order_event::absent, when, text});
  check(order_settled{order, order_status::unknown, when});
  check(permit{order, choice, 5, side::sell, {6}, {7}, {8}, true, when});
  check(permit_refused{order, choice, risk_gate::duplicate, big, least, when});
  check(permit_request{order, choice, side::sell, {6}, {7}, true, when});
  check(policy_advised{sym, when, -0.25, 0.5, 0.01, 0.02});
  check(pulse{big, when, 6});
  check(quote{sym, when, {1}, {2}, {3}, {4}});
  check(regime_observed{
    sym, when, regime::high_volatility, {0.125, 0.25, 0.5, 0.125}, 1.5});
  check(state_changed{trading_state::halted, 5, true, when, "operator", text,
                      "1234"});
  check(state_taken{sym, 77});
  check(symbol_reconciled{sym, when, true, {-1}, {-2}});
  check(target_position{choice, when, {least}, {big}});
  check(venue_snapshot{sym, when, {-3}, {order, order}});
  CAF_MESSAGE("a family has handles and no equality; see below");
  covered.insert(caf::type_id<family>::value);
  CAF_MESSAGE("an error code is never a payload (T13)");
  covered.insert(caf::type_id<ec>::value);
  CAF_MESSAGE("shared pointers never leave the process");
  covered.insert(caf::type_id<roster_ptr>::value);
  covered.insert(caf::type_id<account_report_ptr>::value);
  auto announced = caf::id_block::qalpha::end - caf::id_block::qalpha::begin;
  CAF_CHECK_EQUAL(covered.size(), static_cast<size_t>(announced));
}

CAF_TEST(commands_to_a_venue_come_back_too) {
  CAF_CHECK((read<cancel_order>(write(cancel_order{order, when}))
             == cancel_order{order, when}));
  CAF_CHECK((read<query_order>(write(query_order{order, when}))
             == query_order{order, when}));
  CAF_CHECK((read<reconcile_query>(write(reconcile_query{sym, when}))
             == reconcile_query{sym, when}));
  order_intent intent{{order, choice, 5, side::sell, {6}, {7}, {8}, true, when},
                      order_kind::post_only,
                      {9},
                      when};
  CAF_CHECK(read<order_intent>(write(intent)) == intent);
}

CAF_TEST(family_comes_back_with_its_children) {
  family all{"node",
             "one_for_one",
             {{"feed", role::feed, "running", 3, text, nullptr}, {}}};
  auto copy = read<family>(write(all));
  CAF_CHECK_EQUAL(copy.name, all.name);
  CAF_CHECK_EQUAL(copy.strategy, all.strategy);
  CAF_REQUIRE_EQUAL(copy.children.size(), 2u);
  auto& child = copy.children[0];
  CAF_CHECK_EQUAL(child.name, "feed");
  CAF_CHECK(child.kind == role::feed);
  CAF_CHECK_EQUAL(child.phase, "running");
  CAF_CHECK_EQUAL(child.restarts, 3u);
  CAF_CHECK_EQUAL(child.last_error, text);
  CAF_CHECK(!child.handle);
}

CAF_TEST(message_that_is_cut_short_is_an_error) {
  auto bytes = write(order_report{order, order_event::absent, when, text});
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::vector<char> part(bytes.begin(),
                           bytes.begin() + static_cast<ptrdiff_t>(length));
    order_report result;
    caf::binary_deserializer source{sys, part};
    CAF_CHECK(source(result) != caf::none);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
