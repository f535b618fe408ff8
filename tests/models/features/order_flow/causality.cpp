#define CAF_SUITE order_flow_causality

// What was told stands, whatever comes later.

#include "tests/models/features/generated_rows.hpp"
#include "tests/models/features/order_flow/books.hpp"

#include "models/features/order_flow/level_flow.hpp"
#include "models/features/order_flow/price_impact.hpp"
#include "models/features/order_flow/vpin.hpp"
#include "models/market/trade_costs.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t known = 400;

/// Everything that streaming objects tell, in order, with the index of the book
/// at which they told it.
using told_values = std::vector<std::pair<size_t, double>>;

told_values all_that_is_told(const std::vector<book_top>& books) {
  order_flow flow;
  flow_buckets buckets{3, 7};
  flow_score score{40};
  kyle_lambda lambda{30};
  roll_spread roll{20};
  amihud_illiquidity amihud{20};
  trade_costs costs{5, 50};
  vpin meter{50, 4};
  told_values result;
  auto mid = middle(books[0]);
  for (size_t i = 0; i < books.size(); ++i) {
    auto tell = [&](double x) { result.emplace_back(i, x); };
    const auto& book = books[i];
    auto change = middle(book) - mid;
    mid = middle(book);
    auto now = flow.update(book).value_or(level_flows{});
    for (auto x : now)
      tell(x);
    tell(depth_weighted_flow(now));
    tell(score.update(now[0]));
    if (auto full = buckets.update(book))
      for (auto x : full->normalised())
        tell(x);
    auto fit = lambda.update(now[0], change);
    tell(fit.slope);
    tell(fit.slope_t);
    roll.update(mid);
    tell(roll.covariance());
    tell(roll.spread());
    tell(amihud.update(change, book.bids[0].size));
    auto at = static_cast<int64_t>(i);
    costs.add_middle(at, std::llround(2 * mid), [&](const trade_cost& x) {
      tell(static_cast<double>(x.realised));
    });
    costs.add_trade(at, now[0] > 0 ? side::buy : side::sell,
                    price{std::llround(mid)}, {1});
    meter.add(book.bids[0].size, bulk_bought_share(change, 1),
              [&](const vpin_bucket& x) { tell(x.vpin); });
  }
  return result;
}

} // namespace

CAF_TEST(what_is_told_about_a_book_does_not_depend_on_later_ones) {
  auto books = random_books(1, 2 * known);
  auto whole = all_that_is_told(books);
  auto other = books;
  std::copy_n(random_books(2, known).begin(), known, other.begin() + known);
  auto second = all_that_is_told(other);
  books.resize(known);
  auto prefix = all_that_is_told(books);
  CAF_CHECK(prefix.size() > 20 * known / 2);
  CAF_CHECK(prefix.size() < whole.size());
  for (size_t i = 0; i < prefix.size(); ++i) {
    CAF_REQUIRE_EQUAL(prefix[i].first, whole[i].first);
    CAF_REQUIRE(same_bits(prefix[i].second, whole[i].second));
    CAF_REQUIRE(same_bits(prefix[i].second, second[i].second));
  }
}
