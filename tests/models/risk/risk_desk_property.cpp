#define CAF_SUITE risk.risk_desk_property

#include "tests/models/risk/risk_desk_fixture.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <random>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Keeps books of its own, by another rule than the desk: it tries all ways in
// which open orders can end.
struct fixture : desk_fixture {
  struct known_order {
    int64_t remaining = 0;
    bool open = true;
    bool unknown = false;
  };

  std::mt19937_64 random;
  std::map<order_id, known_order> orders;
  std::array<int64_t, 2> held{};

  int64_t pick(int64_t low, int64_t high) {
    return std::uniform_int_distribution{low, high}(random);
  }

  void begin(uint64_t seed) {
    random.seed(seed);
    orders.clear();
    held = {};
    limits.max_orders = 1'000;
    start();
  }

  int64_t worst_of(uint16_t symbol) const {
    auto highest = held[symbol];
    auto lowest = held[symbol];
    for (auto& [id, order] : orders)
      if (order.open && id.symbol.index == symbol)
        (order.remaining > 0 ? highest : lowest) += order.remaining;
    return std::max(std::abs(highest), std::abs(lowest));
  }

  int64_t worst_gross() const {
    return worst_of(0) + worst_of(1);
  }

  // Fills at the mark, so that equity stays at 10'000 and a lot at 1.
  void trade(const order_id& id, known_order& order) {
    if (order.remaining == 0)
      return;
    auto part = order.remaining > 0 ? pick(1, order.remaining)
                                    : -pick(1, -order.remaining);
    order.remaining -= part;
    order.unknown = false;
    held[id.symbol.index] += part;
    filled(id, part);
    if (order.remaining == 0)
      order.open = false;
  }

  // Applies one event; returns what the desk permitted with it, if anything.
  std::optional<permit> play() {
    if (orders.empty() || pick(1, 3) == 1) {
      auto lots = pick(-6'000, 6'000);
      auto symbol = static_cast<uint16_t>(pick(0, 1));
      if (ask(lots, pick(1, 3) == 1, symbol) != risk_gate::none)
        return std::nullopt;
      auto& right = out.permits.back();
      orders[right.id] = {sign(right.direction) * right.size.lots};
      return right;
    }
    auto chosen = std::next(orders.begin(),
                            pick(0, static_cast<int64_t>(orders.size()) - 1));
    auto& [id, order] = *chosen;
    switch (pick(1, 4)) {
      case 1:
        settled(id, order_status::cancelled);
        order.open = false;
        break;
      case 2:
        if (order.open) {
          order.unknown = !order.unknown;
          settled(id,
                  order.unknown ? order_status::unknown : order_status::live);
        }
        break;
      default:
        // Late, if the order was cancelled before.
        trade(id, order);
    }
    return std::nullopt;
  }

  bool reduces(const permit& x, int64_t before) const {
    return x.reduce_only && worst_of(x.id.symbol.index) <= before;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(risk_desk_property_tests, fixture)

CAF_TEST(no_permit_lifts_the_worst_case_above_its_limits) {
  size_t permits = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    begin(seed);
    for (auto i = 0; i < 300; ++i) {
      std::array before{worst_of(0), worst_of(1)};
      auto gross = worst_gross();
      auto right = play();
      if (!right)
        continue;
      ++permits;
      auto symbol = right->id.symbol.index;
      auto within = worst_of(symbol) <= 8'000 && worst_gross() <= 10'000;
      auto no_worse = reduces(*right, before[symbol]) && worst_gross() <= gross;
      if (!within && !no_worse)
        CAF_ERROR("seed " << seed << ", step " << i << ": worst case "
                          << worst_of(symbol) << ", gross " << worst_gross());
    }
  }
  CAF_MESSAGE(permits << " permits were given");
  CAF_CHECK(permits > 2'000u);
}

CAF_TEST(desk_and_venue_hold_the_same_after_any_order_of_events) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    begin(seed);
    for (auto i = 0; i < 300; ++i)
      play();
    size_t open = 0;
    for (auto& [id, order] : orders)
      open += order.open ? 1 : 0;
    auto account = desk->account(now);
    if (account.positions[0].size.lots != held[0]
        || account.positions[1].size.lots != held[1]
        || account.open_orders != open)
      CAF_ERROR("seed " << seed << ": the books differ");
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
