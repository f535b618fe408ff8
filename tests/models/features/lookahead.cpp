#define CAF_SUITE lookahead

#include "models/features/lookahead.hpp"

#include "tests/models/features/generated_rows.hpp"

#include "models/features/catalogue.hpp"
#include "models/features/row_feature.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// What must not be: each value is the close of the next row, where the call
/// has one.
class peeking final : public feature {
public:
  void update(const double* const* inputs, double* const* outputs,
              size_t rows) override {
    for (size_t row = 0; row < rows; ++row)
      outputs[0][row] = inputs[0][std::min(row + 1, rows - 1)];
  }

  void reset() override {
    // nop
  }
};

constexpr std::string_view close_only[] = {"close"};
constexpr feature_output value_output[] = {{"value", "price"}};

constexpr feature_entry leak{
  "leak",
  "the next close",
  "none",
  close_only,
  {},
  value_output,
  [](std::span<const double>) -> fallible<made_feature> {
    return made_feature{std::make_unique<peeking>(), 0, 1};
  }};

/// sma over what `leak` gives, and an honest sma.
feature_plan leaking_plan() {
  auto sma = find_feature("sma");
  auto plan
    = *feature_plan::make({.features = {{"sma", "x", {}, {}},
                                        {"sma", "y", {{"close", "x"}}, {}},
                                        {"sma", "z", {}, {}}}});
  plan.columns = {{"leak", ""}, {"reader", ""}, {"honest", ""}};
  plan.steps[0].entry = &leak;
  plan.steps[0].parameters.clear();
  plan.steps[1].entry = sma;
  return plan;
}

} // namespace

CAF_TEST(a_feature_that_knows_the_future_is_named) {
  auto plan = leaking_plan();
  auto market = sources_of(plan, generated_rows(1, 3'000));
  auto findings = find_lookahead(plan, market.pointers().data(), market.rows());
  CAF_REQUIRE_EQUAL(findings.size(), 2u);
  CAF_CHECK_EQUAL(findings[0].column, "leak");
  CAF_CHECK_EQUAL(findings[1].column, "reader");
  for (const auto& x : findings)
    CAF_CHECK(x.with_future != x.without_future);
  // The row before a cut, whose future was taken away.
  auto close = *plan.steps[0].inputs.begin();
  auto& prices = market.columns[close.column];
  CAF_CHECK_EQUAL(findings[0].with_future, prices[findings[0].row + 1]);
  CAF_CHECK_EQUAL(findings[0].without_future, prices[findings[0].row]);
}

CAF_TEST(no_feature_of_the_catalogue_looks_ahead) {
  feature_spec spec;
  for (const auto& entry : feature_catalogue())
    spec.features.push_back({std::string{entry.name}, {}, {}, {}});
  auto plan = *feature_plan::make(spec);
  auto market = sources_of(plan, generated_rows(2, 3'000));
  auto findings = find_lookahead(plan, market.pointers().data(), market.rows());
  for (const auto& x : findings)
    CAF_ERROR(x.column << " row " << x.row);
  CAF_CHECK(findings.empty());
}

CAF_TEST(few_rows_are_no_problem) {
  auto plan = leaking_plan();
  auto market = sources_of(plan, generated_rows(3, 2));
  for (size_t rows = 0; rows <= 2; ++rows)
    CAF_CHECK(find_lookahead(plan, market.pointers().data(), rows).size() <= 2);
}
