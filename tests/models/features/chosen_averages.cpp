#define CAF_SUITE chosen_averages

// Indicators whose average is chosen, and parameters that came later.

#include "tests/models/features/definitions.hpp"

#include "models/features/catalogue.hpp"

#include <caf/test/unit_test.hpp>

#include <array>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct kind {
  const char* feature;
  std::map<std::string, double> parameters;
};

/// @returns the features that compute the kinds, in the order of the choices.
std::vector<kind> kinds_of(double period) {
  std::vector<kind> result;
  for (auto feature :
       {"sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3"})
    result.push_back({feature, {{"period", period}}});
  result[7].parameters.clear();
  return result;
}

/// @returns an average of the rows from `begin` on, which may be of any size.
number_column average_from(size_t begin, const kind& which,
                           const number_column& x) {
  auto entry = find_feature(which.feature);
  auto made = entry->make(
    *resolve_parameters("x", entry->parameters, which.parameters));
  number_column result(x.size(), undefined);
  number_column other(x.size());
  auto in = x.data() + begin;
  std::array<double*, 2> out{result.data() + begin, other.data()};
  made->object->update(&in, out.data(), x.size() - begin);
  return result;
}

size_t first_of(const number_column& x) {
  auto known = [](double value) { return !std::isnan(value); };
  return static_cast<size_t>(std::find_if(x.begin(), x.end(), known)
                             - x.begin());
}

/// @returns what MACDEXT is by its definition.
std::array<number_column, 3> macd_of(const kind& fast, const kind& slow,
                                     const kind& signal,
                                     const number_column& x) {
  auto a = average_from(0, fast, x);
  auto b = average_from(0, slow, x);
  auto begin = std::max(first_of(a), first_of(b));
  a = average_from(begin - first_of(a), fast, x);
  b = average_from(begin - first_of(b), slow, x);
  auto line = a;
  for (size_t row = 0; row < line.size(); ++row)
    line[row] -= b[row];
  auto mean = average_from(begin, signal, line);
  auto apart = line;
  for (size_t row = 0; row < line.size(); ++row)
    apart[row] -= mean[row];
  return {line, mean, apart};
}

void check_bits(const number_column& actual, const number_column& expected,
                size_t from) {
  for (size_t row = from; row < expected.size(); ++row)
    if (!same_bits(actual[row], expected[row]))
      CAF_FAIL("row " << row << ": " << actual[row] << ", not "
                      << expected[row]);
  CAF_CHECK(from < expected.size());
}

/// Each kind in every place.
std::vector<feature_request> all_requests() {
  std::vector<feature_request> result;
  for (double i = 0; i < 9; ++i) {
    auto next = i == 8 ? 0 : i + 1;
    result.push_back({"bollinger", "x", {}, {{"average", i}}});
    result.push_back({"macdext",
                      "x",
                      {},
                      {{"fast_kind", i},
                       {"slow_kind", next},
                       {"signal_kind", i == 0 ? 8 : i - 1}}});
  }
  result.push_back({"keltner", "x", {}, {{"price", 1}}});
  result.push_back({"zlema", "x", {}, {{"lag", 5.5}}});
  result.push_back({"di", "x", {}, {{"period", 1}}});
  return result;
}

bool equal_bits(const number_table& a, const number_table& b, size_t rows) {
  for (size_t i = 0; i < a.columns.size(); ++i)
    if (!std::equal(a.columns[i].begin(),
                    a.columns[i].begin() + static_cast<ptrdiff_t>(rows),
                    b.columns[i].begin(), same_bits))
      return false;
  return true;
}

} // namespace

CAF_TEST(bands_lie_around_the_average_that_was_chosen) {
  auto market = generated_rows(1, 600);
  auto all = kinds_of(20);
  for (size_t i = 0; i < all.size(); ++i) {
    CAF_MESSAGE(all[i].feature);
    auto bands = computed("bollinger", market,
                          {{"average", static_cast<double>(i)}, {"above", 3}});
    auto middle = computed(all[i].feature, market, all[i].parameters);
    auto deviation = computed("stddev", market).columns[0];
    auto first = first_of(middle.columns[0]);
    // The simple one is put together with the deviation, in another order.
    if (i > 0)
      check_bits(bands.columns[1], middle.columns[0], 0);
    check_rows(bands.columns[0], first, [&](size_t row) {
      return middle.columns[0][row] + 3 * deviation[row];
    });
    check_rows(bands.columns[2], first, [&](size_t row) {
      return middle.columns[0][row] - 2 * deviation[row];
    });
  }
}

CAF_TEST(convergence_takes_averages_of_all_kinds) {
  auto market = generated_rows(2, 600);
  auto fast = kinds_of(12);
  auto slow = kinds_of(26);
  auto signal = kinds_of(9);
  for (size_t i = 0; i < fast.size(); ++i) {
    CAF_MESSAGE(fast[i].feature);
    auto j = (i + 1) % fast.size();
    auto k = (i + 5) % fast.size();
    auto expected = macd_of(fast[i], slow[j], signal[k],
                            column_of(market, "close"));
    auto actual = computed("macdext", market,
                           {{"fast_kind", static_cast<double>(i)},
                            {"slow_kind", static_cast<double>(j)},
                            {"signal_kind", static_cast<double>(k)}});
    auto first = first_of(expected[1]);
    for (size_t output = 0; output < 3; ++output) {
      CAF_CHECK_EQUAL(first_of(actual.columns[output]), first);
      check_bits(actual.columns[output], expected[output], first);
    }
  }
}

CAF_TEST(an_average_of_one_row_is_the_row) {
  auto market = generated_rows(3, 100);
  for (double i = 0; i < 9; ++i) {
    auto out = computed("macdext", market, {{"signal", 1}, {"signal_kind", i}});
    auto first = first_of(out.columns[0]);
    CAF_CHECK_EQUAL(first, 25u);
    check_bits(out.columns[1], out.columns[0], first);
  }
}

CAF_TEST(neither_the_future_nor_the_cut_changes_what_was_chosen) {
  auto market = generated_rows(4, 700);
  for (const auto& request : all_requests()) {
    auto plan = plan_of_one(request);
    auto sources = sources_of(plan, market);
    feature_pipeline pipeline{plan};
    auto whole = run_at_once(pipeline, sources);
    auto first = pipeline.warm_up();
    for (const auto& column : whole.columns)
      CAF_CHECK(!std::isnan(column[first]));
    CAF_CHECK(std::any_of(whole.columns.begin(), whole.columns.end(),
                          [&](auto& x) { return std::isnan(x[first - 1]); }));
    pipeline.reset();
    auto rows = run_in_parts(pipeline, sources, [] { return 1; });
    CAF_CHECK(equal_bits(whole, rows, 700));
    std::mt19937_64 random{5};
    feature_pipeline mixed{plan};
    CAF_CHECK(equal_bits(
      whole, run_in_parts(mixed, sources, [&] { return random() % 300 + 1; }),
      700));
    for (auto& column : sources.columns)
      column.resize(500);
    feature_pipeline shorter{plan};
    CAF_CHECK(equal_bits(whole, run_at_once(shorter, sources), 500));
  }
}

CAF_TEST(what_the_averages_have_forgotten_no_longer_matters) {
  auto market = generated_rows(6, 10'000);
  for (const auto& request : all_requests()) {
    auto plan = plan_of_one(request);
    feature_pipeline pipeline{plan};
    auto wrong = pipeline.warm_up() + 10;
    auto memory = plan.steps[0].entry->make(plan.steps[0].parameters)->memory;
    auto sources = sources_of(plan, market);
    CAF_REQUIRE(wrong + memory + 10 < sources.rows());
    for (auto& column : sources.columns)
      column.resize(wrong + memory + 10);
    auto clean = run_at_once(pipeline, sources);
    for (size_t i = 0; i < sources.columns.size(); ++i)
      if (plan.sources[i] != time_column)
        sources.columns[i][wrong] *= 1.01;
    feature_pipeline second{plan};
    auto after = run_at_once(second, sources);
    for (size_t i = 0; i < clean.columns.size(); ++i)
      for (auto row = wrong + memory; row < clean.rows(); ++row)
        if (!(std::abs(clean.columns[i][row] - after.columns[i][row])
              <= 1e-5 * (1 + std::abs(clean.columns[i][row]))))
          CAF_FAIL(request.feature << " " << row - wrong << " rows later");
  }
  CAF_CHECK(true);
}

CAF_TEST(an_average_that_cannot_be_is_a_fault) {
  auto text_of = [](const feature_request& request) {
    auto plan = feature_plan::make({std::chrono::minutes{1}, {request}});
    return plan ? std::string{} : plan.error().text;
  };
  CAF_CHECK_EQUAL(
    text_of({"bollinger", "", {}, {{"period", 20'000}, {"average", 2}}}),
    "features[0]: wma: period must be 1 to 10000, was 20000");
  CAF_CHECK_EQUAL(
    text_of({"macdext", "", {}, {{"slow", 20'000}, {"slow_kind", 8}}}),
    "features[0]: t3: period must be 2 to 10000, was 20000");
  CAF_CHECK_EQUAL(text_of({"zlema", "", {}, {{"lag", -0.5}}}),
                  "features[0]: lag must be -1 or at least 0, was -0.5");
}

CAF_TEST(a_parameter_that_came_later_is_named_only_where_it_is_used) {
  auto plan_of = [](const feature_request& request) {
    return *feature_plan::make({std::chrono::minutes{5}, {request}});
  };
  // As it was before there was another average.
  auto plain = plan_of({"bollinger", "", {}, {}});
  CAF_CHECK_EQUAL(plain.columns[0].name, "bollinger_20_2_2.upper");
  CAF_CHECK_EQUAL(plain.schema_hash, "e871030b68f04aa0");
  auto same = plan_of({"bollinger", "", {}, {{"average", 0}}});
  CAF_CHECK_EQUAL(same.schema_hash, plain.schema_hash);
  auto other = plan_of({"bollinger", "", {}, {{"average", 6}}});
  CAF_CHECK_EQUAL(other.columns[0].name, "bollinger_20_2_2_kaufman.upper");
  CAF_CHECK(other.schema_hash != plain.schema_hash);
  auto renamed
    = plan_of({"bollinger", "bollinger_20_2_2", {}, {{"average", 6}}});
  CAF_CHECK(renamed.schema_hash != plain.schema_hash);
}

CAF_TEST(rows_since_an_extreme_are_those_to_the_newest_of_equals) {
  auto market = generated_rows(7, 400);
  auto& high = column_of(market, "high");
  auto& low = column_of(market, "low");
  // Many equal ones, and stretches that rise, fall and stand still.
  for (size_t row = 0; row < high.size(); ++row) {
    auto wave = row < 300 ? std::round(5 * std::sin(0.05 * row * row)) : 0.0;
    high[row] = 110 + wave;
    low[row] = 90 + wave;
  }
  for (auto period : {1u, 2u, 7u, 64u}) {
    std::map<std::string, double> parameters{{"period", period}};
    auto since = [&](const number_column& x, double sign) {
      return [&x, sign, period](size_t row) {
        size_t best = 0;
        for (size_t age = 1; age < period; ++age)
          if (sign * x[row - age] > sign * x[row - best])
            best = age;
        return best;
      };
    };
    check_rows(computed("since_highest", market, parameters).columns[0],
               period - 1, since(high, 1));
    check_rows(computed("since_lowest", market, parameters).columns[0],
               period - 1, since(low, -1));
  }
}
