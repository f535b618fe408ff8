#define CAF_SUITE order_flow_recorded

// Order flow of the live book while it follows a recorded session.

#include "tests/models/features/order_flow/books.hpp"
#include "tests/models/market/depth_fixture.hpp"
#include "tests/models/market/recorded_depth.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/micro_price.hpp"
#include "models/features/order_flow/price_impact.hpp"
#include "models/market/book_sync.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr double lot = 0.001;
constexpr size_t levels = 10;
constexpr size_t events_a_bucket = 20;

/// @returns the best levels after each complete group of changes.
std::vector<book_top> recorded_books(const std::string& path) {
  book_sync machine;
  depth_reader reader;
  std::vector<book_top> result;
  auto give = [&](const auto& message) {
    std::vector<market_event> events;
    machine.step(message, events);
    for (const auto& event : events) {
      reader.read(event);
      if (event.kind == market_event_kind::book_complete)
        result.push_back(top_of(reader.levels, lot, levels));
    }
  };
  for (auto& message : recorded_session(path, {10'000'000, 100'000}))
    std::visit(give, message);
  return result;
}

} // namespace

CAF_TEST(flow_explains_how_a_recorded_market_moved) {
  auto path = recorded_path("binance_usdm/btcusdt_20240808.gz");
  if (!path) {
    CAF_MESSAGE("no recorded market data here, nothing to do");
    return;
  }
  auto books = recorded_books(*path);
  CAF_CHECK(books.size() > 6'000);
  CAF_CHECK(std::all_of(books.begin(), books.end(), is_sound));
  flow_buckets sums{levels, events_a_bucket};
  std::vector<level_flows> flows;
  std::vector<double> moves;
  auto mid = middle(books.front());
  for (const auto& book : books)
    if (auto full = sums.update(book)) {
      flows.push_back(full->normalised());
      moves.push_back(middle(book) - mid);
      mid = middle(book);
    }
  // Fitted on the first half, as a model is, and looked at on the second.
  auto half = flows.size() / 2;
  auto component = integrated_flow::fit({flows.data(), half}, levels);
  CAF_REQUIRE(component);
  kyle_lambda of_best{half};
  kyle_lambda of_all{half};
  fitted_line best{};
  fitted_line all{};
  for (auto i = half; i < flows.size(); ++i) {
    best = of_best.update(flows[i][0], moves[i]);
    all = of_all.update(component->apply(flows[i]), moves[i]);
  }
  CAF_MESSAGE(flows.size() << " buckets; of the moves of the second half, the "
                           << "best level explains " << best.explained << " (t "
                           << best.slope_t << "), all levels " << all.explained
                           << " (t " << all.slope_t << ")");
  CAF_CHECK(best.slope_t > 5);
  CAF_CHECK(all.slope_t > 5);
}

CAF_TEST(the_micro_price_of_a_recorded_market_follows_the_queues) {
  auto path = recorded_path("binance_usdm/btcusdt_20240808.gz");
  if (!path) {
    CAF_MESSAGE("no recorded market data here, nothing to do");
    return;
  }
  auto states = *micro_price_states::even(5, 1);
  micro_price_counts counts{states};
  for (const auto& book : recorded_books(*path))
    counts.add(book);
  auto fit = counts.fit();
  CAF_REQUIRE(fit);
  auto& all = fit->adjustments();
  CAF_MESSAGE(counts.transitions()
              << " transitions, adjustments in ticks: " << all[0] << " "
              << all[1] << " " << all[2] << " " << all[3] << " " << all[4]);
  CAF_CHECK(all[4] > 0);
  CAF_CHECK(std::abs(all[0] + all[4]) < 1e-9);
  CAF_CHECK(std::abs(all[2]) < 1e-9);
}
