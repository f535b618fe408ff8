#define CAF_SUITE execution.executor_properties

#include "tests/models/execution/executor_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <map>
#include <random>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Plays desk, feed, guardian and a venue of bad manners: it loses, repeats and
// delays whatever it likes.
struct fixture : executor_fixture {
  std::mt19937_64 random;
  // Orders of the venue that may still be filled, and what remains of them.
  std::map<order_id, int64_t> resting;
  // Lots of cancelled orders whose report of a fill is late.
  std::map<order_id, int64_t> late;
  int64_t held = 0;
  size_t seen_requests = 0;
  size_t seen_orders = 0;
  size_t seen_cancels = 0;
  size_t seen_queries = 0;
  size_t seen_comparisons = 0;

  void begin(uint64_t seed) {
    random.seed(seed);
    resting.clear();
    late.clear();
    held = 0;
    seen_requests = seen_orders = seen_cancels = 0;
    seen_queries = seen_comparisons = 0;
    decisions = 0;
    out.clear();
    auto rules = plain_rules();
    if (seed % 3 == 0)
      rules.max_order = {7};
    use({.kind = seed % 2 == 0 ? order_kind::market : order_kind::post_only},
        rules);
    aut->start(now, out);
    enter(trading_state::active);
    show_market();
  }

  int64_t pick(int64_t low, int64_t high) {
    return std::uniform_int_distribution{low, high}(random);
  }

  bool chance(int64_t percent) {
    return pick(1, 100) <= percent;
  }

  // -- the venue --------------------------------------------------------------

  void take_orders() {
    for (; seen_orders < out.orders.size(); ++seen_orders) {
      auto right = out.orders[seen_orders].right;
      if (chance(10)) {
        report(right.id, order_event::rejected);
        continue;
      }
      resting[right.id] = sign(right.direction) * right.size.lots;
      report(right.id, chance(15) ? order_event::lost : order_event::accepted);
    }
  }

  void take_cancels() {
    for (; seen_cancels < out.cancels.size(); ++seen_cancels) {
      auto id = out.cancels[seen_cancels].id;
      auto found = resting.find(id);
      if (found == resting.end() || chance(20))
        continue; // Lost, or too late.
      if (chance(20))
        late[id] = found->second;
      resting.erase(found);
      report(id, order_event::cancelled);
    }
  }

  void answer_queries() {
    for (; seen_queries < out.queries.size(); ++seen_queries) {
      auto id = out.queries[seen_queries].id;
      if (resting.count(id) != 0)
        report(id, order_event::accepted);
      else
        report(id, chance(50) ? order_event::cancelled : order_event::absent);
    }
    for (; seen_comparisons < out.comparisons.size(); ++seen_comparisons) {
      std::vector<order_id> open;
      for (auto& [id, lots] : resting)
        open.push_back(id);
      if (chance(80))
        snapshot(held, open);
    }
  }

  void trade(std::map<order_id, int64_t>& book) {
    if (book.empty())
      return;
    auto [id, lots] = *book.begin();
    auto part = lots > 0 ? pick(1, lots) : -pick(1, -lots);
    held += part;
    if (part == lots)
      book.erase(id);
    else
      book[id] = lots - part;
    filled(id, part);
    if (chance(20))
      report(id, order_event::completed);
  }

  // -- everybody else ---------------------------------------------------------

  void answer_requests() {
    if (seen_requests == out.requests.size() || chance(10))
      return;
    seen_requests = out.requests.size();
    static constexpr std::array gates{
      risk_gate::feed, risk_gate::no_mark, risk_gate::max_gross_leverage,
      risk_gate::reducing, risk_gate::order_rate};
    if (chance(20))
      refuse(gates[static_cast<size_t>(pick(0, gates.size() - 1))], 1, 0);
    else
      grant();
  }

  void change_state() {
    static constexpr std::array states{
      trading_state::active, trading_state::active, trading_state::active,
      trading_state::reducing, trading_state::halted};
    auto next = states[static_cast<size_t>(pick(0, states.size() - 1))];
    enter(next, next == trading_state::halted && chance(50));
  }

  void play() {
    switch (pick(0, 9)) {
      case 0:
        want(pick(-20, 20));
        break;
      case 1:
        show_market(pick(990, 1'010));
        break;
      case 2:
        if (chance(20))
          change_state();
        break;
      case 3:
        take_cancels();
        break;
      case 4:
        answer_queries();
        break;
      case 5:
        trade(late);
        break;
      case 6:
        wait(pick(1, 3) * second);
        break;
      case 7:
        trade(resting);
        break;
      default:
        answer_requests();
        take_orders();
    }
  }

  // Lets everything that is under way come to an end, without new decisions.
  void settle_down() {
    enter(trading_state::active);
    for (auto i = 0; i < 400; ++i) {
      wait(2 * second);
      show_market(pick(990, 1'010));
      answer_requests();
      take_orders();
      trade(late);
      trade(resting);
      take_cancels();
      answer_queries();
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(executor_property_tests, fixture)

CAF_TEST(each_decision_ends_exactly_once) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (auto i = 0; i < 400; ++i)
      play();
    settle_down();
    std::map<uint64_t, int> ends;
    for (auto& x : out.outcomes)
      ++ends[x.decision.sequence];
    auto once = ends.size() == decisions;
    for (auto& [sequence, count] : ends)
      once = once && count == 1;
    if (!once)
      CAF_ERROR("seed " << seed << ": " << decisions << " decisions, "
                        << out.outcomes.size() << " outcomes");
  }
}

CAF_TEST(at_most_one_order_is_open_whatever_happens) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (auto i = 0; i < 400; ++i) {
      play();
      if (aut->orders().size() > 1) {
        CAF_ERROR("seed " << seed << ": two orders at step " << i);
        break;
      }
    }
  }
}

CAF_TEST(position_is_the_sum_of_the_fills_and_the_venue_agrees_in_the_end) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (auto i = 0; i < 400; ++i)
      play();
    settle_down();
    if (aut->position().lots != held || !aut->orders().empty())
      CAF_ERROR("seed " << seed << ": " << aut->position().lots
                        << " lots here, " << held << " at the venue");
  }
}

CAF_TEST(no_id_is_asked_for_or_sent_twice) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (auto i = 0; i < 400; ++i)
      play();
    std::map<uint32_t, int> asked;
    for (auto& x : out.requests)
      ++asked[x.id.sequence];
    std::map<uint32_t, int> sent;
    for (auto& x : out.orders)
      ++sent[x.right.id.sequence];
    auto unique = asked.size() == out.requests.size()
                  && sent.size() == out.orders.size();
    if (!unique)
      CAF_ERROR("seed " << seed << ": an id was used twice");
  }
}

CAF_TEST(every_reservation_of_the_desk_is_given_back) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    begin(seed);
    for (auto i = 0; i < 400; ++i)
      play();
    settle_down();
    std::map<order_id, bool> reserved;
    for (auto& x : out.orders)
      reserved[x.right.id] = true;
    for (auto& x : out.settled)
      if (!is_open(x.status))
        reserved[x.id] = false;
    for (auto& [id, open] : reserved)
      if (open)
        CAF_ERROR("seed " << seed << ": " << to_string(id) << " is kept");
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
