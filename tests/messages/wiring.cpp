#define CAF_SUITE messages.wiring

#include "messages/wiring.hpp"

#include "messages/pulse.hpp"
#include "models/execution/allocator.hpp"
#include "models/execution/executor.hpp"
#include "models/market/feed.hpp"
#include "models/outlook/model_set.hpp"
#include "models/risk/guardian.hpp"
#include "models/risk/risk_desk.hpp"
#include "models/risk/watchdog.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace qalpha;

namespace {

// Place of a listener in an audience, or -1.
template <class Fact>
ptrdiff_t place_of(role who) {
  auto& all = audience<Fact>::to;
  auto found = std::find(all.begin(), all.end(), who);
  return found == all.end() ? -1 : found - all.begin();
}

template <class Fact>
bool nobody_hears_twice() {
  auto all = audience<Fact>::to;
  std::sort(all.begin(), all.end());
  return std::adjacent_find(all.begin(), all.end()) == all.end();
}

// The journal, if it listens, stands before those who act on or explain what
// it keeps.
template <class Fact>
bool journal_comes_first() {
  auto journal = place_of<Fact>(role::journal);
  if (journal < 0)
    return true;
  for (auto later : {role::venue, role::notifier})
    if (auto place = place_of<Fact>(later); place >= 0 && place < journal)
      return false;
  return true;
}

// People come last: what protects is told before what explains.
template <class Fact>
bool notifier_comes_last() {
  auto place = place_of<Fact>(role::notifier);
  return place < 0
         || place + 1 == static_cast<ptrdiff_t>(audience<Fact>::to.size());
}

template <class Sink>
struct effects_of;

template <class... Facts>
struct effects_of<sink<Facts...>> {
  static constexpr size_t count = sizeof...(Facts);

  static bool all_have_an_audience() {
    return (... && (audience<Facts>::to.size() > 0));
  }

  static bool all_in_order() {
    return (...
            && (nobody_hears_twice<Facts>() && journal_comes_first<Facts>()
                && notifier_comes_last<Facts>()));
  }
};

template <class Machine>
void check(size_t facts) {
  using effects = effects_of<typename Machine::effects>;
  CAF_CHECK_EQUAL(effects::count, facts);
  CAF_CHECK(effects::all_have_an_audience());
  CAF_CHECK(effects::all_in_order());
}

template <class Fact>
std::string listeners(const Fact& fact) {
  std::string result;
  for_each_listener(fact, [&]<role To>(const Fact&) {
    result += (result.empty() ? "" : " ") + std::string{to_string(To)};
  });
  return result;
}

} // namespace

CAF_TEST(every_effect_of_every_machine_has_an_audience_in_order) {
  check<feed>(6);
  check<allocator>(5);
  check<forecaster>(3);
  check<regime_detector>(3);
  check<policy>(3);
  check<executor>(10);
  check<risk_desk>(5);
  check<guardian>(1);
  check<watchdog>(1);
}

CAF_TEST(what_moves_money_goes_the_way_it_has_to) {
  CAF_CHECK_EQUAL(listeners(order_intent{}), "journal venue");
  CAF_CHECK_EQUAL(listeners(permit_request{}), "risk_desk");
  CAF_CHECK_EQUAL(listeners(permit{}), "executor");
  CAF_CHECK_EQUAL(listeners(permit_refused{}), "executor");
  CAF_CHECK_EQUAL(listeners(fill{}), "risk_desk notifier");
  CAF_CHECK_EQUAL(listeners(order_settled{}), "risk_desk watchdog");
  CAF_CHECK_EQUAL(listeners(decision{}), "journal");
  CAF_CHECK_EQUAL(listeners(decision_outcome{}), "journal notifier");
  CAF_CHECK_EQUAL(listeners(account_state{}), "journal guardian notifier");
}

CAF_TEST(state_reaches_those_who_trade_first_and_people_last) {
  CAF_CHECK_EQUAL(listeners(state_changed{}),
                  "risk_desk executor journal notifier");
}

CAF_TEST(symbol_of_a_fact_is_found_wherever_it_stands) {
  constexpr symbol_id sym{7};
  CAF_CHECK(symbol_of(quote{.symbol = sym}) == sym);
  CAF_CHECK(symbol_of(fill{.id = {.symbol = sym}}) == sym);
  CAF_CHECK(symbol_of(permit{.id = {.symbol = sym}}) == sym);
  CAF_CHECK(symbol_of(target_position{.decision = {.symbol = sym}}) == sym);
  CAF_CHECK(symbol_of(account_view{.decision = {.symbol = sym}}) == sym);
}

CAF_TEST(pulse_follows_the_longest_chain_of_a_bar) {
  // Who hears the fact at each step of bar, question, answer, target, request,
  // permit.
  const std::vector<role> chain{
    role::feed,
    audience<bar_closed>::to[0],
    audience<account_query>::to[0],
    audience<account_view>::to[0],
    audience<target_position>::to[0],
    audience<permit_request>::to[0],
    audience<permit>::to[0],
  };
  CAF_CHECK(std::equal(chain.begin(), chain.end(), pulse_path.begin(),
                       pulse_path.end()));
}
