#define CAF_SUITE order_flow_rules

// What holds for order flow on any book, also on a broken one.

#include "tests/models/features/order_flow/books.hpp"

#include "models/features/order_flow/integrated_flow.hpp"
#include "models/features/order_flow/level_flow.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

const auto plain = book_of({{100, 5}, {99, 7}}, {{102, 3}, {103, 9}});

/// Flows of all books, zero where there is none.
template <class Books>
std::vector<level_flows> flows_of(const Books& books) {
  order_flow meter;
  std::vector<level_flows> result;
  for (const auto& x : books)
    result.push_back(meter.update(x).value_or(level_flows{}));
  return result;
}

} // namespace

CAF_TEST(a_queue_that_grows_flows_by_what_it_grew) {
  auto from = [](const book_top& next) {
    order_flow meter;
    CAF_CHECK(!meter.update(plain));
    return *meter.update(next);
  };
  CAF_CHECK_EQUAL(from(plain), level_flows{});
  auto more_bids = book_of({{100, 8}, {99, 7}}, {{102, 3}, {103, 9}});
  CAF_CHECK_EQUAL(from(more_bids), level_flows{3});
  auto more_asks = book_of({{100, 5}, {99, 7}}, {{102, 4}, {103, 9}});
  CAF_CHECK_EQUAL(from(more_asks), level_flows{-1});
  CAF_MESSAGE("a better bid is a whole new queue, at the second level too");
  auto better_bid = book_of({{101, 2}, {100, 5}}, {{102, 3}, {103, 9}});
  CAF_CHECK_EQUAL(from(better_bid), (level_flows{2, 5}));
  CAF_MESSAGE("a bid that is gone takes its whole queue along");
  auto worse_bid = book_of({{99, 7}}, {{102, 3}, {103, 9}});
  CAF_CHECK_EQUAL(from(worse_bid), (level_flows{-5, -7}));
}

CAF_TEST(a_side_that_is_swept_away_is_a_flow) {
  order_flow meter;
  auto flow = [&](const book_top& x) { return meter.update(x).value(); };
  meter.update(plain);
  auto no_asks = book_of({{100, 5}, {99, 7}}, {});
  CAF_CHECK_EQUAL(flow(no_asks), (level_flows{3, 9}));
  CAF_CHECK_EQUAL(flow(book_top{}), (level_flows{-5, -7}));
  CAF_CHECK_EQUAL(flow(book_top{}), level_flows{});
  CAF_CHECK_EQUAL(flow(plain), (level_flows{5 - 3, 7 - 9}));
}

CAF_TEST(a_book_that_cannot_be_has_no_flow_and_no_price) {
  auto nan = std::nan("");
  for (const auto& wrong :
       {book_of({{102, 5}}, {{102, 3}}), book_of({{103, 5}}, {{102, 3}}),
        book_of({{100, -1}}, {{102, 3}}), book_of({{100, nan}}, {{102, 3}}),
        book_of({{100, 1}, {100, 1}}, {{102, 3}}),
        book_of({{100, 1}}, {{102, 3}, {101, 3}}),
        book_of({{100, 1}}, {{102, 1}, {book_top::no_ask, 1}}),
        book_of({{100, 1}, {book_top::no_bid, 0}, {98, 1}}, {{102, 3}})}) {
    CAF_CHECK(!is_sound(wrong));
    order_flow meter;
    meter.update(plain);
    CAF_CHECK(!meter.update(wrong));
    CAF_MESSAGE("the next book has nothing to be compared with");
    CAF_CHECK(!meter.update(plain));
    CAF_CHECK(meter.update(plain));
    for (auto price :
         {middle(wrong), quoted_spread(wrong), relative_spread(wrong),
          queue_share(wrong), queue_imbalance(wrong), weighted_middle(wrong),
          depth_price(wrong, 5)})
      CAF_CHECK(std::isnan(price));
  }
  CAF_CHECK(std::isnan(middle(book_of({{100, 5}}, {}))));
  CAF_CHECK(std::isnan(weighted_middle(book_top{})));
}

CAF_TEST(queues_without_a_size_are_balanced) {
  auto x = book_of({{100, 0}}, {{102, 0}});
  CAF_CHECK_EQUAL(queue_share(x), 0.5);
  CAF_CHECK_EQUAL(queue_imbalance(x), 0.0);
  CAF_CHECK_EQUAL(weighted_middle(x), 101.0);
  CAF_CHECK_EQUAL(depth_price(x, 5), 101.0);
  CAF_CHECK_EQUAL(mean_depth(x, 5), 0.0);
  CAF_CHECK_EQUAL(flow_bucket{}.normalised(), level_flows{});
}

CAF_TEST(the_weighted_middle_lies_towards_the_shorter_queue) {
  for (const auto& x : random_books(1, 500)) {
    auto weighted = weighted_middle(x);
    auto bid = static_cast<double>(x.bids[0].ticks);
    auto ask = static_cast<double>(x.asks[0].ticks);
    CAF_REQUIRE(weighted > bid && weighted < ask);
    CAF_REQUIRE((weighted > middle(x)) == (x.bids[0].size > x.asks[0].size));
    CAF_REQUIRE(std::abs(queue_imbalance(x) - (2 * queue_share(x) - 1))
                < 1e-15);
  }
}

CAF_TEST(the_mirror_image_of_a_market_has_the_opposite_flow) {
  auto books = random_books(2, 500);
  std::vector<book_top> images;
  for (const auto& x : books)
    images.push_back(mirrored(x));
  auto flows = flows_of(books);
  auto opposite = flows_of(images);
  for (size_t i = 0; i < flows.size(); ++i)
    for (size_t level = 0; level < flows[i].size(); ++level)
      CAF_REQUIRE_EQUAL(flows[i][level], -opposite[i][level]);
}

CAF_TEST(the_live_book_flows_like_a_recorded_row) {
  constexpr double lot = 1.0 / 64;
  book live;
  order_flow of_live;
  order_flow of_rows;
  for (const auto& row : random_books(3, 500)) {
    live.clear();
    for (size_t i = 0; i < 3; ++i) {
      auto lots = [](double size) {
        return quantity{static_cast<int64_t>(size * 64)};
      };
      live.set(side::buy, {row.bids[i].ticks}, lots(row.bids[i].size));
      live.set(side::sell, {row.asks[i].ticks}, lots(row.asks[i].size));
    }
    auto top = top_of(live, lot);
    CAF_REQUIRE(top == row);
    CAF_REQUIRE(of_live.update(top) == of_rows.update(row));
    CAF_REQUIRE(top_of(live, lot, 1).bids[1].ticks == book_top::no_bid);
  }
  CAF_CHECK(is_sound(top_of(book{}, lot)));
}

CAF_TEST(weights_fall_with_the_depth_and_rise_with_one_sided_trades) {
  std::vector<double> flows{1, 2, 3};
  CAF_CHECK_EQUAL(depth_weighted_flow(flows, 0), 6.0);
  CAF_CHECK(std::abs(depth_weighted_flow(flows, 1)
                     - (1 + 2 * std::exp(-1) + 3 * std::exp(-2)))
            < 1e-15);
  CAF_CHECK_EQUAL(depth_weighted_flow({}, 1), 0.0);
  CAF_CHECK_EQUAL(trade_weighted_flow(4, -2, 2), 8.0);
  CAF_CHECK_EQUAL(trade_weighted_flow(4, 1, 2), 6.0);
  CAF_CHECK_EQUAL(trade_weighted_flow(4, 0, 0), 4.0);
}

CAF_TEST(a_score_compares_a_flow_with_those_before_it_only) {
  std::mt19937_64 random{4};
  std::normal_distribution<double> normal{1, 3};
  constexpr size_t window = 50;
  flow_score meter{window};
  std::vector<double> flows;
  for (size_t i = 0; i < 500; ++i) {
    auto flow = normal(random);
    auto score = meter.update(flow);
    auto from = flows.size() > window ? flows.size() - window : 0;
    auto count = static_cast<double>(flows.size() - from);
    double mean = 0;
    double squares = 0;
    for (auto j = from; j < flows.size(); ++j)
      mean += flows[j] / count;
    for (auto j = from; j < flows.size(); ++j)
      squares += (flows[j] - mean) * (flows[j] - mean);
    auto expected = i < flow_score::least_values
                      ? 0.0
                      : (flow - mean) / std::sqrt(squares / (count - 1));
    CAF_REQUIRE(std::abs(score - expected) < 1e-12);
    flows.push_back(flow);
  }
  CAF_CHECK(std::isnan(meter.update(std::nan(""))));
  CAF_CHECK(std::isfinite(meter.update(1)));
}

CAF_TEST(a_flow_that_never_varied_has_no_score) {
  flow_score meter{40};
  for (size_t i = 0; i < 100; ++i)
    CAF_REQUIRE_EQUAL(meter.update(0.1), 0.0);
  CAF_CHECK_EQUAL(meter.update(5), 0.0);
  CAF_CHECK(meter.update(5) > 0);
}

CAF_TEST(the_component_of_levels_that_move_together_is_their_mean) {
  std::mt19937_64 random{5};
  std::normal_distribution<double> normal;
  std::vector<level_flows> buckets(200);
  for (auto& x : buckets) {
    auto common = normal(random);
    x[0] = x[1] = -common;
    x[2] = -2 * common;
  }
  auto fit = integrated_flow::fit(buckets, 3);
  CAF_REQUIRE(fit);
  CAF_CHECK(std::abs(fit->weights()[0] - 0.25) < 1e-12);
  CAF_CHECK(std::abs(fit->weights()[1] - 0.25) < 1e-12);
  CAF_CHECK(std::abs(fit->weights()[2] - 0.5) < 1e-12);
  CAF_CHECK(std::abs(fit->explained() - 1) < 1e-12);
  CAF_CHECK_EQUAL(fit->apply(level_flows{}), 0.0);
  auto again = integrated_flow::of(fit->weights());
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(again->apply(buckets[7]), fit->apply(buckets[7]));
}

CAF_TEST(a_component_is_not_fitted_to_nothing) {
  std::vector<level_flows> buckets(3);
  auto text = [&](size_t levels) {
    return integrated_flow::fit(buckets, levels).error().text;
  };
  CAF_CHECK_EQUAL(text(3), "buckets: expected flows that vary");
  CAF_CHECK_EQUAL(text(0), "levels: expected 1 to 10, found 0");
  CAF_CHECK_EQUAL(text(11), "levels: expected 1 to 10, found 11");
  buckets[1][2] = std::nan("");
  CAF_CHECK_EQUAL(text(3), "buckets[1]: expected finite flows");
  buckets.resize(1);
  CAF_CHECK_EQUAL(text(3), "buckets: expected at least 2, found 1");
  CAF_CHECK(!integrated_flow::of({}));
  CAF_CHECK(!integrated_flow::of({0.5, 0.6}));
  CAF_CHECK(!integrated_flow::of({0.5, std::nan("")}));
}
