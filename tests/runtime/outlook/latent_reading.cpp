#define CAF_SUITE latent_reading

#include "runtime/outlook/latent_reading.hpp"

#include "models/datasets/planted/planted_regimes.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace qalpha;

namespace {

constexpr auto close_column = market_column_index("close");

/// Sees a row where its only value is; rising markets are bulls.
class plain_model final : public regime_model {
public:
  plain_model() {
    features_.interval = std::chrono::hours{1};
    features_.features = {{"log_return", "r", {}, {{"period", 2}}}};
  }

  const feature_spec& features() const noexcept override {
    return features_;
  }

  fallible<regime_reading> read(std::span<const double> row) override {
    if (fails)
      return fault{"cannot answer"};
    regime_reading result;
    auto kind = row[0] > 0 ? regime::bull : regime::bear;
    result.probabilities[static_cast<size_t>(kind)] = 1;
    result.position = {row[0], 2};
    return result;
  }

  bool fails = false;

private:
  feature_spec features_;
};

market_rows some_rows(const std::string& name) {
  planted_regimes market;
  market.shape.rows = 50;
  auto result = plant(market).rows;
  result.name = name;
  return result;
}

} // namespace

CAF_TEST(every_bar_that_is_warmed_up_is_read) {
  plain_model model;
  std::vector<market_rows> history{some_rows("A"), some_rows("B")};
  auto read = read_latents(model, history);
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(read->series, (std::vector<std::string>{"A", "B"}));
  CAF_REQUIRE_EQUAL(read->rows.size(), 2u * 48);
  for (size_t i = 0; i < read->rows.size(); ++i) {
    const auto& row = read->rows[i];
    const auto& from = history[row.series].columns;
    auto at = 2 + i / 2;
    CAF_CHECK_EQUAL(row.time_ms, static_cast<int64_t>(from[time_column][at]));
    auto wanted = std::log(from[close_column][at] / from[close_column][at - 2]);
    CAF_CHECK(std::abs(row.position[0] - wanted) < 1e-12);
    CAF_CHECK(row.kind == (wanted > 0 ? regime::bull : regime::bear));
    CAF_CHECK(row.part == sample_part::unknown);
  }
}

CAF_TEST(holes_of_a_history_are_left_out) {
  plain_model model;
  auto rows = some_rows("A");
  for (size_t i = 10; i < 40; ++i)
    rows.columns[close_column][i] = std::numeric_limits<double>::quiet_NaN();
  auto read = read_latents(model, {&rows, 1});
  CAF_REQUIRE(read);
  CAF_CHECK_EQUAL(read->rows.size(), 8u + 8);
}

CAF_TEST(a_history_that_cannot_be_read_is_a_fault) {
  plain_model model;
  auto rows = some_rows("A");
  model.fails = true;
  auto silent = read_latents(model, {&rows, 1});
  CAF_REQUIRE(!silent);
  CAF_CHECK_EQUAL(silent.error().text, "A: cannot answer");
  for (auto& column : rows.columns)
    column.resize(std::min<size_t>(column.size(), 2));
  auto read = read_latents(model, {&rows, 1});
  CAF_REQUIRE(!read);
  CAF_CHECK(read.error().text.starts_with("A: expected at least 3 rows"));
}
