#define CAF_SUITE risk.exposure_book

#include "models/risk/exposure.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace qalpha;

namespace {

order_id id(uint32_t sequence) {
  return {1, {}, 1, sequence};
}

fill trade(uint32_t sequence, int64_t lots) {
  return {.id = id(sequence),
          .direction = lots < 0 ? side::sell : side::buy,
          .px = {1},
          .size = magnitude(quantity{lots})};
}

} // namespace

CAF_TEST(reservation_counts_until_it_is_filled_or_released) {
  exposure_book book;
  CAF_CHECK(book.reserve(id(1), side::buy, {10}));
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
  book.filled(trade(1, 4));
  CAF_CHECK_EQUAL(book.held().lots, 4);
  CAF_CHECK_EQUAL(book.reserved(side::buy).lots, 6);
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
  book.release(id(1));
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 4);
  CAF_CHECK_EQUAL(book.open_orders(), 0u);
}

CAF_TEST(complete_fill_ends_the_reservation) {
  exposure_book book;
  book.reserve(id(1), side::sell, {10});
  book.filled(trade(1, -10));
  CAF_CHECK_EQUAL(book.open_orders(), 0u);
  CAF_CHECK_EQUAL(book.held().lots, -10);
  CAF_CHECK_EQUAL(book.reserved(side::sell).lots, 0);
}

CAF_TEST(id_is_reserved_once) {
  exposure_book book;
  CAF_CHECK(book.reserve(id(1), side::buy, {10}));
  CAF_CHECK(!book.reserve(id(1), side::sell, {20}));
  CAF_CHECK_EQUAL(book.reserved(side::buy).lots, 10);
  CAF_CHECK_EQUAL(book.reserved(side::sell).lots, 0);
}

CAF_TEST(unknown_order_counts_at_full_size) {
  exposure_book book;
  book.reserve(id(1), side::buy, {10});
  book.set_unknown(id(1), true);
  CAF_CHECK(book.has_unknown());
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {5}).lots, 15);
  book.filled(trade(1, 1));
  CAF_CHECK(!book.has_unknown());
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
}

CAF_TEST(fill_beyond_the_reservation_is_held_and_owes_nothing) {
  exposure_book book;
  book.reserve(id(1), side::buy, {10});
  book.filled(trade(1, 13));
  CAF_CHECK_EQUAL(book.held().lots, 13);
  CAF_CHECK_EQUAL(book.reserved(side::buy).lots, 0);
}

CAF_TEST(fill_of_a_released_order_is_held) {
  exposure_book book;
  book.reserve(id(1), side::buy, {10});
  book.release(id(1));
  book.filled(trade(1, 3));
  CAF_CHECK_EQUAL(book.held().lots, 3);
  CAF_CHECK_EQUAL(book.open_orders(), 0u);
}

CAF_TEST(sides_do_not_net_before_they_are_filled) {
  exposure_book book;
  book.reserve(id(1), side::buy, {10});
  book.reserve(id(2), side::sell, {7});
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
  CAF_CHECK_EQUAL(book.worst_case(side::sell, {5}).lots, 12);
  book.set_held({-3});
  CAF_CHECK_EQUAL(book.worst_case(side::buy, {}).lots, 10);
  CAF_CHECK_EQUAL(book.worst_case(side::sell, {5}).lots, 15);
}

CAF_TEST(reducible_is_what_no_other_order_reduces_already) {
  struct row {
    int64_t held;
    side direction;
    int64_t selling;
    int64_t expected;
  };
  for (auto& x : {row{10, side::sell, 0, 10}, row{10, side::sell, 4, 6},
                  row{10, side::sell, 10, 0}, row{10, side::sell, 15, 0},
                  row{10, side::buy, 0, 0}, row{-10, side::buy, 0, 10},
                  row{-10, side::sell, 0, 0}, row{0, side::buy, 0, 0},
                  row{0, side::sell, 0, 0}}) {
    exposure_book book;
    book.set_held({x.held});
    if (x.selling > 0)
      book.reserve(id(1), side::sell, {x.selling});
    CAF_CHECK_EQUAL(book.reducible(x.direction).lots, x.expected);
  }
}

CAF_TEST(worst_case_is_the_worst_of_all_subsets_of_fills) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    std::mt19937_64 random{seed};
    auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution{low, high}(random);
    };
    exposure_book book;
    auto held = pick(-30, 30);
    book.set_held({held});
    std::vector<int64_t> orders;
    for (uint32_t i = 1; i <= 6; ++i) {
      auto lots = pick(-20, 20);
      if (lots == 0)
        continue;
      orders.push_back(lots);
      book.reserve(id(i), lots < 0 ? side::sell : side::buy,
                   magnitude(quantity{lots}));
    }
    int64_t worst = 0;
    for (size_t subset = 0; subset < size_t{1} << orders.size(); ++subset) {
      auto sum = held;
      for (size_t i = 0; i < orders.size(); ++i)
        if ((subset >> i & 1) != 0)
          sum += orders[i];
      worst = std::max(worst, std::abs(sum));
    }
    if (book.worst_case(side::buy, {}).lots != worst)
      CAF_ERROR("seed " << seed << ": " << book.worst_case(side::buy, {}).lots
                        << " instead of " << worst);
  }
}
