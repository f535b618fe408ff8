#define CAF_SUITE oracle.model_asker

#include "actors/oracle/model_asker.hpp"
#include "actors/strategist/allocator.hpp"

#include "tests/actors/actor_fixture.hpp"

#include <stdexcept>

using namespace qalpha;
using namespace qalpha::test;

namespace {

// Forecasts the number of bars it has seen.
class counting_model {
public:
  using effects = forecaster::effects;

  void step(const bar_context_known&, effects&) {
    // nop
  }

  void step(const bar_closed& fact, effects& out) {
    ++seen_;
    out.tell(forecast_made{.symbol = fact.symbol,
                           .time = fact.value.close_time,
                           .levels = {0.5},
                           .quantiles = {seen_},
                           .because = {}});
  }

  void pass_over(const bar_closed&) {
    ++seen_;
  }

  void took(timespan) {
    // nop
  }

  void warm_up(symbol_id, const std::vector<bar>& past,
               const std::vector<bar_context>&) {
    seen_ += static_cast<double>(past.size());
  }

private:
  double seen_ = 0;
};

using maker = counting_model (*)();

counting_model make_model() {
  return {};
}

struct fixture : actor_fixture {
  utc_time now = t0;
  model_actor aut;

  ~fixture() override {
    bury();
  }

  void start_asker() {
    aut = start(run_model_asker<counting_model, maker>, maker{make_model});
    introduce(aut);
  }

  void close_bar(uint16_t symbol = 0) {
    now = now + std::chrono::minutes{1};
    tell(aut, bar_closed{{symbol}, make_bar(now)});
  }

  feed_actor feed_with(uint16_t symbol, std::vector<bar> bars) {
    bar_history past{{symbol}, std::move(bars), {}};
    return caf::actor_cast<feed_actor>(
      mortal(sys.spawn([past](caf::event_based_actor*) -> caf::behavior {
        return {
          [=](atom::history) { return past; },
          [](const roster_ptr&) {},
        };
      })));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(model_asker_tests, fixture)

CAF_TEST(a_model_is_asked_about_bars_once_it_knows_the_past) {
  peers.feeds[1] = feed_with(1, {});
  start_asker();
  close_bar();
  CAF_CHECK_EQUAL(to_allocator.count<forecast_made>(), 0u);
  peers.feeds[0] = feed_with(0, {make_bar(t0), make_bar(now)});
  introduce(aut);
  close_bar();
  CAF_REQUIRE_EQUAL(to_allocator.count<forecast_made>(), 1u);
  auto said = to_allocator.last<forecast_made>();
  CAF_CHECK_EQUAL(said.quantiles.at(0), 3);
  CAF_CHECK_EQUAL(said.time.ns, now.ns);
  CAF_CHECK(actor_fixture::status_of(aut).state.find("1 bars")
            != std::string::npos);
}

CAF_TEST(a_pulse_goes_on_to_the_allocator_when_all_feeds_have_sent_it) {
  start_asker();
  tell(aut, pulse{.sequence = 7, .time = t0, .stage = 1});
  CAF_CHECK_EQUAL(to_allocator.count<pulse>(), 0u);
  tell(aut, pulse{.sequence = 7, .time = t0, .stage = 1});
  CAF_REQUIRE_EQUAL(to_allocator.count<pulse>(), 1u);
  CAF_CHECK_EQUAL(to_allocator.last<pulse>().stage, 1);
}

CAF_TEST(an_allocator_in_step_waits_for_the_pulse_of_each_model) {
  context.models.make_forecaster = []() -> forecaster {
    throw std::logic_error{"nobody starts this one"};
  };
  for (auto in_step : {true, false}) {
    context.models.in_step = in_step;
    auto allocator = start(run_allocator);
    introduce(allocator);
    to_desk.all.clear();
    pulse beat{.sequence = 1, .time = t0, .stage = 1};
    tell(allocator, beat);
    tell(allocator, beat);
    CAF_CHECK_EQUAL(to_desk.count<pulse>(), in_step ? 0u : 1u);
    if (in_step)
      tell(allocator, beat);
    CAF_CHECK_EQUAL(to_desk.count<pulse>(), 1u);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
