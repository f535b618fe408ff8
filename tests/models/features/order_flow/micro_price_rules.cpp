#define CAF_SUITE micro_price_rules

// What holds for the micro-price whatever market it is estimated on.

#include "tests/models/features/order_flow/books.hpp"

#include "models/features/order_flow/micro_price.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <numeric>

using namespace qalpha;
using namespace qalpha::test;

namespace {

micro_price_states even_states(size_t buckets, size_t spreads) {
  auto result = micro_price_states::even(buckets, spreads);
  if (!result)
    CAF_FAIL(result.error().text);
  return *result;
}

micro_price_counts counts_of(const std::vector<book_top>& books,
                             const micro_price_states& states) {
  micro_price_counts result{states};
  for (const auto& x : books)
    result.add(x);
  return result;
}

} // namespace

CAF_TEST(adjustments_are_antisymmetric) {
  for (size_t buckets : {1, 2, 4, 5, 10})
    for (size_t spreads : {1, 2, 4}) {
      auto states = even_states(buckets, spreads);
      auto fit = counts_of(random_books(1, 3'000), states).fit();
      CAF_REQUIRE(fit);
      auto& all = fit->adjustments();
      for (size_t i = 0; i < all.size(); ++i)
        CAF_REQUIRE(std::abs(all[i] + all[states.mirrored(i)]) < 1e-9);
    }
}

CAF_TEST(a_market_and_its_mirror_image_have_the_same_adjustments) {
  auto books = random_books(2, 3'000);
  std::vector<book_top> images;
  for (const auto& x : books)
    images.push_back(mirrored(x));
  // No share lies on an edge.
  auto states = *micro_price_states::make({0.2001, 0.4003, 0.5997, 0.7999}, 3);
  auto a = *counts_of(books, states).fit();
  auto b = *counts_of(images, states).fit();
  for (size_t i = 0; i < states.count(); ++i)
    CAF_REQUIRE(std::abs(a.adjustments()[i] - b.adjustments()[i]) < 1e-9);
}

CAF_TEST(probabilities_sum_to_one_also_where_moves_never_happened) {
  auto states = even_states(5, 4);
  auto result = counts_of(random_books(3, 50), states).estimate();
  CAF_REQUIRE(result);
  auto sum_of = [](const std::vector<double>& x, size_t row, size_t width) {
    auto from = x.begin() + static_cast<ptrdiff_t>(row * width);
    return std::accumulate(from, from + static_cast<ptrdiff_t>(width), 0.0);
  };
  for (size_t i = 0; i < states.count(); ++i) {
    auto stay = sum_of(result->stay, i, states.count());
    auto move = sum_of(result->move, i, 4);
    auto arrive = sum_of(result->arrive, i, states.count());
    auto after = sum_of(result->after_move, i, states.count());
    CAF_CHECK(move > 0);
    CAF_CHECK(std::abs(stay + move - 1) < 1e-12);
    CAF_CHECK(std::abs(arrive - move) < 1e-12);
    CAF_CHECK(std::abs(after - 1) < 1e-9);
  }
}

CAF_TEST(a_longer_queue_of_bids_raises_the_micro_price) {
  // The price moves by a tick to where the queue was shorter.
  std::mt19937_64 random{4};
  std::vector<book_top> books;
  int64_t bid = 1'000;
  for (size_t i = 0; i < 5'000; ++i) {
    auto share = static_cast<double>(random() % 999 + 1) / 1'000;
    books.push_back(book_of({{bid, share}}, {{bid + 1, 1 - share}}));
    if (random() % 3 == 0)
      bid += static_cast<double>(random() % 1'000) / 1'000 < share ? 1 : -1;
  }
  auto fit = counts_of(books, even_states(5, 1)).fit();
  CAF_REQUIRE(fit);
  auto& all = fit->adjustments();
  for (size_t i = 1; i < all.size(); ++i)
    CAF_CHECK(all[i] > all[i - 1]);
  auto book = book_of({{1'000, 9}}, {{1'001, 1}});
  CAF_CHECK_EQUAL(fit->price(book), middle(book) + all.back());
}

CAF_TEST(a_book_in_none_of_the_states_has_no_micro_price) {
  auto fit = *micro_price::make(even_states(3, 2), {-1, 0, 1, -2, 0, 2});
  CAF_CHECK_EQUAL(fit.price(book_of({{100, 9}}, {{102, 1}})), 103.0);
  CAF_CHECK_EQUAL(fit.price(book_of({{100, 0}}, {{101, 0}})), 100.5);
  for (const auto& x :
       {book_of({{100, 9}}, {{103, 1}}), book_of({{100, 9}}, {}), book_top{},
        book_of({{100, 9}}, {{100, 1}}), book_of({{100, -9}}, {{101, 1}})})
    CAF_CHECK(std::isnan(fit.price(x)));
}

CAF_TEST(an_interruption_is_no_transition) {
  auto books = random_books(5, 2);
  micro_price_counts counts{even_states(2, 3)};
  counts.add(books[0]);
  counts.restart();
  counts.add(books[0]);
  CAF_CHECK_EQUAL(counts.transitions(), 0u);
  CAF_CHECK(!counts.estimate());
  CAF_CHECK(!counts.fit());
  counts.add(books[0]);
  CAF_CHECK_EQUAL(counts.transitions(), 1u);
  CAF_MESSAGE("nor is a jump by more than a tick");
  counts.add(book_of({{1, 1}}, {{2, 1}}));
  CAF_CHECK_EQUAL(counts.transitions(), 1u);
}

CAF_TEST(states_are_checked) {
  CAF_CHECK(!micro_price_states::make({0.5, 0.5}, 1));
  CAF_CHECK(!micro_price_states::make({0.0}, 1));
  CAF_CHECK(!micro_price_states::make({1.0}, 1));
  CAF_CHECK(!micro_price_states::make({std::nan("")}, 1));
  CAF_CHECK(!micro_price_states::make({}, 0));
  CAF_CHECK(!micro_price_states::make({}, 11));
  CAF_CHECK(!micro_price_states::even(51, 1));
  CAF_CHECK(!micro_price_states::even(SIZE_MAX, 1));
  CAF_CHECK(!micro_price_states::quantiles({}, 2, 1));
  CAF_CHECK(!micro_price_states::quantiles({0.5, std::nan("")}, 2, 1));
  CAF_CHECK(!micro_price_states::quantiles({0.5, 0.5, 0.5, 0.5}, 4, 1));
  CAF_CHECK(!micro_price::make(even_states(2, 1), {0}));
  CAF_CHECK(!micro_price::make(even_states(2, 1), {0, std::nan("")}));
}
