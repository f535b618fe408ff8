#define CAF_SUITE vector_levels

#include "models/features/block/vector_level.hpp"

#include "tests/models/features/generated_rows.hpp"

#include "models/features/catalogue.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

CAF_TEST(all_instructions_give_the_same_bits) {
  feature_spec spec;
  for (const auto& entry : feature_catalogue())
    spec.features.push_back({std::string{entry.name}, "", {}, {}});
  auto plan = *feature_plan::make(spec);
  feature_pipeline longest{plan};
  auto market = sources_of(plan, generated_rows(11, longest.warm_up() + 1'000));
  auto computed = [&](vector_level level) {
    scoped_vector_level asked{level};
    feature_pipeline pipeline{plan};
    return run_at_once(pipeline, market);
  };
  auto plain = computed(vector_level::plain);
  for (auto level : supported_vector_levels()) {
    CAF_MESSAGE(to_string(level));
    auto other = computed(level);
    for (size_t i = 0; i < plain.columns.size(); ++i)
      for (size_t row = 0; row < market.rows(); ++row)
        if (!same_bits(plain.columns[i][row], other.columns[i][row]))
          CAF_FAIL(plan.columns[i].name << " differs in row " << row);
  }
  CAF_CHECK_EQUAL(current_vector_level(), supported_vector_levels().back());
}
