#define CAF_SUITE simulation.venue_persistence

#include "models/simulation/random_stream.hpp"
#include "tests/models/simulation/random_trading.hpp"
#include "tests/models/simulation/venue_fixture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr uint64_t seeds[] = {1, 2, 3, 4, 5, 6, 7, 8};

// Runs half of a random session, optionally moves to a new venue in between,
// and runs the other half.
std::vector<std::string> run(uint64_t seed, bool on_books, bool interrupted) {
  auto instruments = make_universe(2, money{money::scale});
  auto settings = random_settings(seed);
  simulated_venue venue{instruments, settings, money{10'000 * money::scale}};
  random_trading session{seed, on_books};
  recorder out;
  session.run(venue, out, 300);
  if (!interrupted) {
    session.run(venue, out, 300);
    return out.lines;
  }
  auto saved = venue.save();
  simulated_venue next{instruments, settings, {}};
  CAF_REQUIRE(next.restore(saved));
  CAF_CHECK(next.save() == saved);
  CAF_CHECK(next.account() == venue.account());
  CAF_CHECK(next.equity() == venue.equity());
  CAF_CHECK(next.open_orders() == venue.open_orders());
  session.run(next, out, 300);
  return out.lines;
}

} // namespace

CAF_TEST(restored_venue_continues_as_if_nothing_had_happened) {
  for (auto on_books : {false, true}) {
    for (auto seed : seeds) {
      CAF_MESSAGE("seed " << seed << (on_books ? " on books" : " on bars"));
      auto expected = run(seed, on_books, false);
      CAF_CHECK(expected.size() > 300u);
      CAF_CHECK(run(seed, on_books, true) == expected);
    }
  }
}

CAF_TEST(damaged_or_foreign_bytes_are_refused_and_change_nothing) {
  venue_fixture fixture;
  fixture.step(make_order(1, close_of(0), 10));
  fixture.step(make_bar(1, 1'000, 1'000, 1'000, 1'000));
  auto saved = fixture.venue.save();
  auto refused = [&](const std::string& bytes) {
    auto accepted = fixture.venue.restore(bytes);
    return !accepted && fixture.venue.save() == saved;
  };
  CAF_CHECK(refused(""));
  CAF_CHECK(refused("rubbish, and a good deal of it"));
  CAF_CHECK(refused(saved + "x"));
  for (size_t size = 0; size < saved.size(); ++size)
    CAF_REQUIRE(refused(saved.substr(0, size)));
  for (size_t i = 0; i < saved.size(); ++i) {
    auto flipped = saved;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    CAF_REQUIRE(refused(flipped));
  }
  auto others = make_universe(2);
  simulated_venue other{others, {}, {}};
  CAF_CHECK(!other.restore(saved));
}
