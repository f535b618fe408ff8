#define CAF_SUITE venues.exchange_resume

#include "actors/supervision/directory.hpp"
#include "models/market/book.hpp"
#include "runtime/node/actor_config.hpp"
#include "runtime/venues/simulated/exchange.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/test/unit_test.hpp>

#include <filesystem>

#include <unistd.h>

using namespace qalpha;
using namespace std::chrono_literals;

namespace {

constexpr int frames = 50;

struct fixture {
  std::filesystem::path directory_path
    = std::filesystem::temp_directory_path()
      / ("qalpha-exchange-" + std::to_string(::getpid()));
  universe all = make_market().instruments();
  directory book{all.size()};
  feed_courier courier;
  actor_config settings{actor_config::deterministic{}};
  caf::actor_system system{settings};

  fixture() {
    std::filesystem::create_directories(directory_path);
  }

  ~fixture() {
    std::filesystem::remove_all(directory_path);
  }

  static demo_market make_market() {
    return *demo_market::make(demo_settings{});
  }

  std::unique_ptr<simulated_exchange> open() {
    return std::make_unique<simulated_exchange>(
      all, exchange_settings{.store = directory_path / "venue.db"},
      std::make_unique<demo_source>(make_market(), 1min, 5s), book, courier);
  }
};

book levels_of(const market_batch& batch) {
  book result;
  for (const auto& event : batch.events)
    if (event.kind == market_event_kind::bid_level)
      result.set(side::buy, event.px, event.qty);
    else if (event.kind == market_event_kind::ask_level)
      result.set(side::sell, event.px, event.qty);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(exchange_resume_tests, fixture)

CAF_TEST(whoever_subscribes_after_a_restart_gets_the_whole_book) {
  auto market = make_market();
  market.warm_up(1min, 5s);
  for (int i = 0; i <= frames; ++i)
    market.advance();
  auto truth = levels_of(market.books().front());
  {
    auto first = open();
    for (int i = 0; i < frames; ++i) {
      first->advance();
      first->publish();
    }
    first->close();
  }
  caf::scoped_actor feed{system};
  book.introduce(role::feed, {0}, caf::actor_cast<caf::actor>(feed));
  auto second = open();
  second->subscribe({0});
  second->advance();
  second->publish();
  market_batch heard;
  feed->receive([](const bar_history&) {});
  feed->receive([&](const market_batch& x) { heard = x; });
  auto found = levels_of(heard);
  CAF_CHECK_EQUAL(found.depth(side::buy), 20u);
  CAF_CHECK_EQUAL(found.depth(side::sell), 20u);
  for (auto which : {side::buy, side::sell})
    CAF_CHECK(found.top(which, 40) == truth.top(which, 40));
  book.introduce(role::feed, {0}, nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
