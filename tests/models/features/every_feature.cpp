#define CAF_SUITE every_feature

// What holds for each feature of the catalogue, also for those to come.

#include "tests/models/features/generated_rows.hpp"

#include "models/features/catalogue.hpp"

#include <caf/test/unit_test.hpp>

#include <random>

using namespace qalpha;
using namespace qalpha::test;

namespace {

feature_plan plan_of(const feature_entry& entry) {
  feature_spec spec;
  spec.features.push_back({std::string{entry.name}, "x", {}, {}});
  auto plan = feature_plan::make(spec);
  if (!plan)
    CAF_FAIL(plan.error().text);
  return std::move(*plan);
}

/// @returns a row at which two tables differ, or a number beyond all.
size_t first_difference(const number_table& a, const number_table& b,
                        size_t rows) {
  for (size_t row = 0; row < rows; ++row)
    for (size_t i = 0; i < a.columns.size(); ++i)
      if (!same_bits(a.columns[i][row], b.columns[i][row]))
        return row;
  return SIZE_MAX;
}

template <class Check>
void for_every_feature(Check check) {
  for (const auto& entry : feature_catalogue()) {
    CAF_MESSAGE(entry.name);
    check(entry, plan_of(entry));
  }
}

size_t rows_for(const feature_pipeline& pipeline) {
  return pipeline.warm_up() + 700;
}

} // namespace

CAF_TEST(the_future_changes_nothing) {
  for_every_feature([](const auto&, const feature_plan& plan) {
    feature_pipeline pipeline{plan};
    auto rows = rows_for(pipeline);
    auto market = sources_of(plan, generated_rows(1, rows));
    auto whole = run_at_once(pipeline, market);
    // Another future, and none.
    auto known = rows - 100;
    auto other = sources_of(plan, generated_rows(2, rows));
    for (size_t i = 0; i < market.columns.size(); ++i)
      std::copy_n(market.columns[i].begin(), known, other.columns[i].begin());
    feature_pipeline second{plan};
    CAF_CHECK_EQUAL(first_difference(whole, run_at_once(second, other), known),
                    SIZE_MAX);
    for (auto& column : market.columns)
      column.resize(known);
    feature_pipeline third{plan};
    CAF_CHECK_EQUAL(first_difference(whole, run_at_once(third, market), known),
                    SIZE_MAX);
  });
}

CAF_TEST(a_row_at_a_time_gives_the_same_bits_as_all_at_once) {
  for_every_feature([](const auto&, const feature_plan& plan) {
    feature_pipeline pipeline{plan};
    auto rows = rows_for(pipeline);
    auto market = sources_of(plan, generated_rows(3, rows));
    auto whole = run_at_once(pipeline, market);
    feature_pipeline streaming{plan};
    auto one = run_in_parts(streaming, market, [] { return 1; });
    CAF_CHECK_EQUAL(first_difference(whole, one, rows), SIZE_MAX);
    std::mt19937_64 random{4};
    feature_pipeline mixed{plan};
    auto parts = run_in_parts(mixed, market,
                              [&] { return random() % 300 + 1; });
    CAF_CHECK_EQUAL(first_difference(whole, parts, rows), SIZE_MAX);
    // What is forgotten leaves no trace.
    mixed.reset();
    auto again = run_at_once(mixed, market);
    CAF_CHECK_EQUAL(first_difference(whole, again, rows), SIZE_MAX);
  });
}

CAF_TEST(it_is_defined_from_the_row_that_it_says) {
  for_every_feature([](const auto&, const feature_plan& plan) {
    feature_pipeline pipeline{plan};
    auto rows = rows_for(pipeline);
    auto out = run_at_once(pipeline, sources_of(plan, generated_rows(5, rows)));
    auto defined = [&](size_t row) {
      return std::none_of(
        out.columns.begin(), out.columns.end(),
        [row](const auto& column) { return std::isnan(column[row]); });
    };
    auto first = pipeline.warm_up();
    CAF_CHECK(defined(first));
    CAF_CHECK(first == 0 || !defined(first - 1));
  });
}

CAF_TEST(what_it_has_forgotten_no_longer_matters) {
  for_every_feature([](const auto&, const feature_plan& plan) {
    feature_pipeline pipeline{plan};
    auto wrong = pipeline.warm_up() + 10;
    size_t memory = 0;
    for (const auto& step : plan.steps)
      memory += step.entry->make(step.parameters)->memory;
    auto rows = wrong + memory + 10;
    auto market = sources_of(plan, generated_rows(6, rows));
    auto clean = run_at_once(pipeline, market);
    // A spike of one percent in one row, in whatever it reads.
    auto spiked = market;
    for (size_t i = 0; i < spiked.columns.size(); ++i)
      if (plan.sources[i] != time_column)
        spiked.columns[i][wrong] *= 1.01;
    feature_pipeline second{plan};
    auto after = run_at_once(second, spiked);
    for (size_t i = 0; i < clean.columns.size(); ++i)
      for (auto row = wrong + memory; row < rows; ++row) {
        auto was = clean.columns[i][row];
        auto is = after.columns[i][row];
        if (!(std::abs(was - is) <= 1e-5 * (1 + std::abs(was))))
          CAF_FAIL(plan.columns[i].name << " " << row - wrong << " rows later: "
                                        << is << ", not " << was);
      }
  });
}

CAF_TEST(it_is_documented) {
  for (const auto& entry : feature_catalogue()) {
    CAF_MESSAGE(entry.name);
    CAF_CHECK(!entry.help.empty());
    CAF_CHECK(!entry.source.empty());
    CAF_CHECK(!entry.inputs.empty());
    CAF_REQUIRE(!entry.outputs.empty());
    for (const auto& output : entry.outputs)
      CAF_CHECK(!output.name.empty() && !output.help.empty());
    for (auto input : entry.inputs)
      CAF_CHECK(market_column_index(input) < market_columns.size());
    for (const auto& rule : entry.parameters)
      CAF_CHECK(!rule.help.empty() && rule.default_value >= rule.lowest
                && rule.default_value <= rule.highest);
  }
}
