#define CAF_SUITE training.policy_live

#include "models/neural/torch.hpp"

#include "models/datasets/seeded_random.hpp"
#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/neural/weights.hpp"
#include "models/training/loop_job.hpp"
#include "models/training/policy/policy_plan.hpp"
#include "models/training/policy/rollout.hpp"

#include "tests/models/outlook/play.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace qalpha;
using namespace qalpha::test;

namespace {

constexpr size_t steps = 15;

/// Hourly bars at whole prices, as ticks are.
market_rows whole_prices(size_t rows) {
  market_rows result;
  result.name = "S0";
  seeded_random random{1, 0};
  auto add = [&](const char* of, double x) {
    result.columns[market_column_index(of)].push_back(std::round(x));
  };
  auto price = 1e6;
  for (size_t i = 0; i < rows; ++i) {
    auto open = price * (1 + 0.001 * random.normal());
    auto close = price * (1 + 0.01 * random.normal());
    add("time", 3.6e6 * static_cast<double>(i + 1));
    add("open", open);
    add("close", close);
    add("high", std::max(open, close) * 1.004);
    add("low", std::min(open, close) * 0.996);
    add("volume", 10);
    price = close;
  }
  return result;
}

policy_plan small_plan() {
  policy_plan result;
  result.windows.features.interval = std::chrono::hours{1};
  result.windows.features.features = {{"log_return", "r", {}, {{"period", 4}}},
                                      {"natr", "range", {}, {{"period", 5}}}};
  result.episodes.episode = steps + 1;
  // Exits so near that many are hit.
  result.episodes.behaviours.nearest_exit = 0.5;
  result.episodes.behaviours.farthest_exit = 1;
  result.episodes.behaviours.stops = 0.9;
  result.parts = {0.2, 0.2, 3'600'000};
  result.model.hidden = 16;
  result.model.layers = 1;
  result.model.context = 6;
  result.training
    = {.seed = 3, .epochs = 2, .batch = 64, .learning_rate = 3e-3};
  return result;
}

checkpoint trained(std::span<const market_rows> rows) {
  auto job = make_policy_job(small_plan(), rows);
  CAF_REQUIRE(job);
  while (!(*job)->finished())
    CAF_REQUIRE((*job)->step());
  auto result = (*job)->finish();
  CAF_REQUIRE(result);
  return result->model;
}

struct account {
  std::vector<double> wanted;
  std::vector<policy_action> actions;
};

/// Keeps what a policy was asked and what it answered.
class witness final : public policy_model {
public:
  witness(std::unique_ptr<policy_model> model, account& book)
    : model_(std::move(model)), book_(&book) {
    // nop
  }

  const policy_model_shape& shape() const noexcept override {
    return model_->shape();
  }

  fallible<policy_action> act(const policy_context& now) override {
    auto result = model_->act(now);
    book_->wanted.push_back(now.returns_to_go.back());
    if (result)
      book_->actions.push_back(*result);
    return result;
  }

private:
  std::unique_ptr<policy_model> model_;
  account* book_;
};

bar bar_of(const market_rows& rows, size_t row) {
  auto ticks = [&](const char* of) {
    auto value = rows.columns[market_column_index(of)][row];
    return price{static_cast<int64_t>(value)};
  };
  auto hour = std::chrono::hours{1};
  auto open = utc_time{} + hour * static_cast<int64_t>(row);
  return {open,         open + hour,    ticks("open"), ticks("high"),
          ticks("low"), ticks("close"), {10}};
}

/// Small models are slowed down by threads that others keep waiting.
struct one_thread {
  one_thread() {
    at::set_num_threads(1);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(policy_live_tests, one_thread)

CAF_TEST(what_a_rollout_earns_is_what_the_policy_believes_to_earn_live) {
  std::vector<market_rows> rows{whole_prices(900)};
  auto model = trained(rows);
  account book;
  auto loaded = load_policy(model);
  CAF_REQUIRE(loaded);
  auto shape = (*loaded)->shape();
  auto instruments = instruments_of(1);
  auto live = policy::make(std::make_unique<witness>(std::move(*loaded), book),
                           sources_of(shape.features, instruments));
  CAF_REQUIRE(live);
  heard_advice out;
  size_t first = 0;
  while (book.wanted.size() < steps + 1) {
    live->step(bar_closed{{0}, bar_of(rows[0], first++)}, out);
    CAF_REQUIRE(first < 100);
  }
  first -= steps + 1;

  auto spec = small_plan().windows;
  spec.whole_bars = true;
  auto set = training_set::make(spec, rows);
  auto figures = policy_figures_of(model.about);
  auto settings = decision_transformer_settings_of(model.about, 2);
  CAF_REQUIRE(set && figures && settings);
  decision_transformer net{*settings};
  CAF_REQUIRE(!load_weights(net, model.tensors));
  net.eval();
  torch::NoGradGuard no_gradients;
  auto states = scaled_rows(*set, model.about.scales);
  for (size_t length : {size_t{1}, size_t{7}, steps}) {
    auto earned = roll_out(net, *set, {{0, first}}, states, {0},
                           {shape.target_return, length, *figures});
    CAF_CHECK(std::abs(earned[0] - (shape.target_return - book.wanted[length]))
              < 1e-5);
  }
  CAF_MESSAGE("with stops that were hit");
  CAF_CHECK(std::any_of(book.actions.begin(), book.actions.end(),
                        [](auto& x) { return x.stop > 0 && x.stop < 0.02; }));
}

CAF_TEST_FIXTURE_SCOPE_END()
