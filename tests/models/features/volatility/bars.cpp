#define CAF_SUITE volatility_bars

// Volatility and returns by their definitions.

#include "tests/models/features/definitions.hpp"

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t rows = 400;
constexpr long double minutes_a_year = 525'600;

/// A market and what the definitions make of it.
struct defined_market {
  explicit defined_market(uint64_t seed) : market(generated_rows(seed, rows)) {
    // Opens that do not lie at the close before them.
    std::mt19937_64 random{seed};
    std::uniform_real_distribution<double> uniform;
    for (size_t i = 0; i < rows; ++i) {
      auto low = at("low", i);
      column_of(market, "open")[i] = low
                                     + uniform(random) * (at("high", i) - low);
    }
  }

  double at(const char* name, size_t i) {
    return column_of(market, name)[i];
  }

  /// @returns ln(a / b) of one row.
  long double log(const char* a, const char* b, size_t i) {
    return std::log(static_cast<long double>(at(a, i)) / at(b, i));
  }

  long double log_return(size_t i) {
    return std::log(static_cast<long double>(at("close", i))
                    / at("close", i - 1));
  }

  number_table market;
};

number_table still_market() {
  auto result = generated_rows(1, rows);
  for (auto name : {"open", "high", "low", "close"})
    std::fill(column_of(result, name).begin(), column_of(result, name).end(),
              0.1);
  return result;
}

/// Checks an estimator that averages `f` of single bars.
template <class F>
void check_average(const char* feature, F f) {
  defined_market m{3};
  for (size_t period : {2, 20})
    for (double minutes : {1.0, 5.0})
      check_rows(computed(feature, m.market,
                          {{"period", static_cast<double>(period)},
                           {"bar_minutes", minutes}})
                   .columns[0],
                 period - 1, [&](size_t i) {
                   auto sum = sum_over(i, period,
                                       [&](size_t j) { return f(m, j); });
                   return std::sqrt(sum / static_cast<long double>(period)
                                    * minutes_a_year / minutes);
                 });
}

} // namespace

CAF_TEST(returns_are_logarithms) {
  defined_market m{1};
  for (size_t period : {1, 15})
    check_rows(computed("log_return", m.market,
                        {{"period", static_cast<double>(period)}})
                 .columns[0],
               period, [&](size_t i) {
                 return std::log(static_cast<long double>(m.at("close", i))
                                 / m.at("close", i - period));
               });
}

CAF_TEST(realised_volatility_is_about_zero_or_about_the_mean) {
  defined_market m{2};
  auto move = [&](size_t i) { return m.log_return(i); };
  check_rows(
    computed("realised_volatility", m.market, {{"period", 30}}).columns[0], 30,
    [&](size_t i) {
      auto sum = sum_over(i, 30, [&](size_t j) { return move(j) * move(j); });
      return std::sqrt(sum / 30 * minutes_a_year);
    });
  check_rows(computed("realised_volatility", m.market,
                      {{"period", 30}, {"centered", 1}, {"bar_minutes", 15}})
               .columns[0],
             30, [&](size_t i) {
               return std::sqrt(products_over(i, 30, move, move) / 29
                                * minutes_a_year / 15);
             });
}

CAF_TEST(estimators_of_bars_are_as_published) {
  auto ln2 = std::log(2.0L);
  check_average("parkinson", [&](auto& m, size_t i) {
    auto range = m.log("high", "low", i);
    return range * range / (4 * ln2);
  });
  check_average("garman_klass", [&](auto& m, size_t i) {
    auto range = m.log("high", "low", i);
    auto move = m.log("close", "open", i);
    return range * range / 2 - (2 * ln2 - 1) * move * move;
  });
  check_average("rogers_satchell", [&](auto& m, size_t i) {
    return m.log("high", "close", i) * m.log("high", "open", i)
           + m.log("low", "close", i) * m.log("low", "open", i);
  });
}

CAF_TEST(yang_and_zhang_add_up_three_variances) {
  defined_market m{4};
  auto gap = [&](size_t i) {
    return std::log(static_cast<long double>(m.at("open", i))
                    / m.at("close", i - 1));
  };
  auto move = [&](size_t i) { return m.log("close", "open", i); };
  for (size_t period : {2, 20}) {
    auto n = static_cast<long double>(period);
    check_rows(computed("yang_zhang", m.market,
                        {{"period", static_cast<double>(period)}})
                 .columns[0],
               period, [&](size_t i) {
                 auto within = sum_over(i, period, [&](size_t j) {
                   return m.log("high", "close", j) * m.log("high", "open", j)
                          + m.log("low", "close", j) * m.log("low", "open", j);
                 });
                 auto k = 0.34L / (1.34L + (n + 1) / (n - 1));
                 auto variance = products_over(i, period, gap, gap) / (n - 1)
                                 + k * products_over(i, period, move, move)
                                     / (n - 1)
                                 + (1 - k) * within / n;
                 return std::sqrt(variance * minutes_a_year);
               });
  }
}

CAF_TEST(weights_of_squares_fade) {
  defined_market m{5};
  auto out = computed("ewma_volatility", m.market,
                      {{"lambda", 0.9}, {"least", 10}, {"bar_minutes", 5}});
  check_rows(out.columns[0], 10, [&](size_t i) {
    auto square = [&](size_t j) { return m.log_return(j) * m.log_return(j); };
    auto variance = std::pow(0.9L, i - 1) * square(1);
    for (size_t j = 2; j <= i; ++j)
      variance += 0.1L * std::pow(0.9L, i - j) * square(j);
    return std::sqrt(variance * minutes_a_year / 5);
  });
}

CAF_TEST(moments_are_those_of_the_last_returns) {
  defined_market m{10};
  auto move = [&](size_t i) { return m.log_return(i); };
  auto out = computed("return_moments", m.market, {{"period", 30}});
  check_rows(out.columns[0], 30,
             [&](size_t i) { return sum_over(i, 30, move) / 30; });
  check_rows(out.columns[1], 30, [&](size_t i) {
    return std::sqrt(products_over(i, 30, move, move) / 29);
  });
}

CAF_TEST(the_shape_of_returns_is_that_of_their_population) {
  defined_market m{6};
  auto out = computed("return_shape", m.market, {{"period", 40}});
  auto move = [&](size_t i) { return m.log_return(i); };
  auto power = [&](size_t row, int exponent) {
    auto mean = sum_over(row, 40, move) / 40;
    return sum_over(
             row, 40,
             [&](size_t i) { return std::pow(move(i) - mean, exponent); })
           / 40;
  };
  check_rows(out.columns[0], 40, [&](size_t i) {
    return power(i, 3) / std::pow(power(i, 2), 1.5L);
  });
  check_rows(out.columns[1], 40, [&](size_t i) {
    return power(i, 4) / (power(i, 2) * power(i, 2)) - 3;
  });
}

CAF_TEST(autocorrelation_is_that_of_pairs_that_follow_each_other) {
  defined_market m{7};
  auto move = [&](size_t i) { return m.log_return(i); };
  auto before = [&](size_t i) { return m.log_return(i - 1); };
  check_rows(
    computed("return_autocorrelation", m.market, {{"period", 25}}).columns[0],
    26, [&](size_t i) {
      return products_over(i, 25, move, before)
             / std::sqrt(products_over(i, 25, move, move)
                         * products_over(i, 25, before, before));
    });
}

CAF_TEST(a_drawdown_is_measured_from_the_highest_high) {
  defined_market m{8};
  for (size_t period : {1, 50})
    check_rows(
      computed("drawdown", m.market, {{"period", static_cast<double>(period)}})
        .columns[0],
      period - 1, [&](size_t i) {
        auto top = m.at("high", i);
        for (auto j = i + 1 - period; j < i; ++j)
          top = std::max(top, m.at("high", j));
        return (m.at("close", i) - top) / top;
      });
}

CAF_TEST(a_price_that_stands_still_has_no_volatility_and_no_shape) {
  auto market = still_market();
  for (auto feature : {"realised_volatility", "parkinson", "garman_klass",
                       "rogers_satchell", "yang_zhang", "ewma_volatility",
                       "log_return", "return_autocorrelation", "drawdown"})
    CAF_CHECK_EQUAL(last_of(feature, market), 0.0);
  for (auto feature : {"return_shape", "return_moments"}) {
    auto both = computed(feature, market);
    CAF_CHECK_EQUAL(both.columns[0].back(), 0.0);
    CAF_CHECK_EQUAL(both.columns[1].back(), 0.0);
  }
}

CAF_TEST(a_wild_price_leaves_no_trace_in_the_estimators) {
  auto market = generated_rows(9, 1'000);
  auto wild = market;
  for (auto name : {"open", "high", "low", "close"})
    column_of(wild, name)[300] *= 1e6;
  for (auto feature :
       {"realised_volatility", "parkinson", "garman_klass", "rogers_satchell",
        "yang_zhang", "return_shape", "return_autocorrelation",
        "return_moments", "kyle_lambda", "roll_spread", "amihud", "vpin_bulk",
        "drawdown"}) {
    auto before = computed(feature, market);
    auto after = computed(feature, wild);
    for (size_t i = 0; i < before.columns.size(); ++i)
      CAF_CHECK(same_bits(before.columns[i][900], after.columns[i][900]));
  }
}
