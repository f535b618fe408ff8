#define CAF_SUITE neural.dt_policy

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/fast_transformer.hpp"
#include "models/neural/decision_transformer/load_policy.hpp"
#include "models/neural/decision_transformer/policy_figures.hpp"
#include "models/neural/decision_transformer/to_checkpoint.hpp"
#include "models/neural/weights.hpp"

#include "tests/models/neural/golden_tensors.hpp"
#include "tests/models/neural/sample_features.hpp"
#include "tests/models/random.hpp"

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace qalpha;
using namespace std::string_literals;

namespace {

constexpr policy_figures figures{2.0, 0.4, 0.0006, 0.05};

decision_transformer_settings small_settings(bool gelu, int64_t actions) {
  decision_transformer_settings result;
  result.states = 5;
  result.actions = actions;
  result.hidden = 24;
  result.layers = 3;
  result.heads = gelu ? 3 : 1;
  result.context = 7;
  result.episode = 30;
  result.gelu = gelu;
  result.bounded_actions = !gelu;
  return result;
}

// Weights far from their small first values, so that everything counts.
std::shared_ptr<decision_transformer>
random_model(const decision_transformer_settings& settings) {
  torch::manual_seed(21);
  auto result = std::make_shared<decision_transformer>(settings);
  torch::NoGradGuard no_gradients;
  for (auto& x : result->parameters())
    x.normal_(0, 0.3);
  result->eval();
  return result;
}

checkpoint sample_policy(bool gelu = false, int64_t actions = 4) {
  auto settings = small_settings(gelu, actions);
  return to_checkpoint(*random_model(settings), figures,
                       sample_manifest("", 5));
}

// An episode up to some step, as those who trade have it.
struct episode {
  explicit episode(size_t steps, size_t last = 29) : step(last) {
    torch::manual_seed(static_cast<int64_t>(steps));
    for (size_t i = 0; i < steps; ++i) {
      returns.push_back(torch::rand({}).item<double>());
      for (size_t j = 0; j < 5; ++j)
        states.push_back(torch::randn({}).item<double>());
      if (i + 1 < steps)
        actions.push_back({torch::rand({}).item<double>() * 2 - 1,
                           torch::rand({}).item<double>(), 0.01, 0.02});
    }
  }

  policy_context context() const {
    return {returns, states, actions, step};
  }

  std::vector<double> returns;
  std::vector<double> states;
  std::vector<policy_action> actions;
  size_t step;
};

std::vector<float> random_values(size_t count) {
  auto x = torch::randn({static_cast<int64_t>(count)});
  return {x.data_ptr<float>(), x.data_ptr<float>() + count};
}

torch::Tensor rows_of(const std::vector<float>& x, int64_t columns) {
  return torch::tensor(x).view({1, -1, columns});
}

// What the module says of the last step.
torch::Tensor module_answer(decision_transformer& model,
                            const transformer_question& x) {
  torch::NoGradGuard no_gradients;
  const auto& settings = model.settings();
  auto steps = static_cast<int64_t>(x.returns_to_go.size());
  std::vector<float> actions{x.actions.begin(), x.actions.end()};
  actions.resize(static_cast<size_t>(steps * settings.actions));
  trajectory_batch batch;
  batch.returns_to_go
    = rows_of({x.returns_to_go.begin(), x.returns_to_go.end()}, 1);
  batch.states = rows_of({x.states.begin(), x.states.end()}, settings.states);
  batch.actions = rows_of(actions, settings.actions);
  auto last = static_cast<int64_t>(x.step);
  batch.timesteps = torch::arange(last - steps + 1, last + 1).view({1, steps});
  return model.predict_actions(batch)[0][steps - 1];
}

double difference(std::span<const float> x, const torch::Tensor& y) {
  double result = 0;
  for (size_t i = 0; i < x.size(); ++i)
    result = std::max(result,
                      std::abs(static_cast<double>(x[i])
                               - y[static_cast<int64_t>(i)].item<double>()));
  return result;
}

std::string reason(const checkpoint& x) {
  auto result = load_policy(x);
  return result ? "none"s : result.error().text;
}

} // namespace

// -- the fast form ------------------------------------------------------------

CAF_TEST(the_fast_form_answers_as_the_module) {
  for (auto gelu : {false, true}) {
    auto model = random_model(small_settings(gelu, gelu ? 3 : 1));
    const auto& settings = model->settings();
    fast_transformer fast{*model};
    for (size_t steps : {1u, 2u, 7u, 7u, 3u})
      for (size_t step : {6u, 29u, 400u}) {
        auto returns = random_values(steps);
        auto states
          = random_values(steps * static_cast<size_t>(settings.states));
        auto actions
          = random_values((steps - 1) * static_cast<size_t>(settings.actions));
        transformer_question question{returns, states, actions, step};
        CAF_CHECK_LESS(
          difference(fast.act(question), module_answer(*model, question)),
          1e-5);
      }
  }
}

CAF_TEST(the_fast_form_answers_as_the_published_get_action) {
  for (auto name : {"relu_small"s, "gelu_heads"s}) {
    auto gelu = name == "gelu_heads";
    auto golden = golden_tensors("decision_transformer/" + name);
    decision_transformer_settings settings;
    settings.states = golden.at("in.states").size(2);
    settings.actions = golden.at("in.actions").size(2);
    settings.hidden = golden.at("w.embed_ln.weight").size(0);
    settings.layers = gelu ? 3 : 2;
    settings.heads = gelu ? 2 : 1;
    settings.context = golden.at("in.states").size(1);
    settings.episode = 64;
    settings.gelu = gelu;
    settings.bounded_actions = !gelu;
    decision_transformer model{settings};
    CAF_REQUIRE(!load_weights(model, golden_values(golden, "w.")));
    fast_transformer fast{model};
    auto rows = golden.at("get_action.n_context").item<int64_t>();
    auto first = [&](const std::string& x, int64_t count) {
      auto part = golden.at(x)[0].slice(0, 0, count).contiguous().view(-1);
      return std::vector<float>(part.data_ptr<float>(),
                                part.data_ptr<float>() + part.numel());
    };
    auto last = golden.at("get_action.timesteps")[rows - 1].item<int64_t>();
    auto returns = first("in.rtg", rows);
    auto states = first("nomask.states", rows);
    auto actions = first("nomask.actions", rows - 1);
    CAF_CHECK_LESS(difference(fast.act({returns, states, actions,
                                        static_cast<size_t>(last)}),
                              golden.at("get_action.out").view(-1)),
                   1e-5);
  }
}

// -- the policy ---------------------------------------------------------------

CAF_TEST(a_policy_says_what_it_is) {
  auto x = load_policy(sample_policy());
  CAF_REQUIRE(x);
  const auto& shape = (*x)->shape();
  CAF_CHECK_EQUAL(shape.context, 7u);
  CAF_CHECK_EQUAL(shape.episode, 30u);
  CAF_CHECK_EQUAL(shape.target_return, 0.4);
  CAF_CHECK_EQUAL(shape.cost, 0.0006);
  CAF_CHECK(shape.features == sample_policy().about.features);
}

CAF_TEST(a_policy_scales_what_it_is_given) {
  auto from = sample_policy();
  auto policy = load_policy(from);
  CAF_REQUIRE(policy);
  auto model = random_model(small_settings(false, 4));
  episode now{5};
  std::vector<float> returns;
  std::vector<float> states;
  std::vector<float> actions(16);
  for (auto x : now.returns)
    returns.push_back(static_cast<float>(x / 2));
  for (size_t i = 0; i < now.states.size(); ++i) {
    const auto& scale = from.about.scales[i % 5];
    states.push_back(
      static_cast<float>((now.states[i] - scale.mean) / scale.deviation));
  }
  for (size_t i = 0; i < 4; ++i)
    encode_action(now.actions[i], figures,
                  std::span{actions}.subspan(4 * i, 4));
  auto wanted = module_answer(*model, {returns, states, actions, 29});
  auto action = (*policy)->act(now.context());
  CAF_REQUIRE(action);
  std::vector<float> said{wanted.data_ptr<float>(),
                          wanted.data_ptr<float>() + 4};
  auto meant = decode_action(said, figures);
  CAF_CHECK_LESS(std::abs(action->position - meant.position), 1e-5);
  CAF_CHECK_LESS(std::abs(action->size - meant.size), 1e-5);
  CAF_CHECK_LESS(std::abs(action->stop - meant.stop), 1e-5);
  CAF_CHECK_LESS(std::abs(action->take_profit - meant.take_profit), 1e-5);
}

CAF_TEST(actions_stay_in_their_ranges) {
  std::vector<float> wild{-3, 7, -1, 2};
  auto all = decode_action(wild, figures);
  CAF_CHECK_EQUAL(all.position, -1.0);
  CAF_CHECK_EQUAL(all.size, 1.0);
  CAF_CHECK_EQUAL(all.stop, 0.0);
  CAF_CHECK_LESS(std::abs(all.take_profit - 0.0005), 1e-12);
  auto one = decode_action(std::span{wild}.first(1), figures);
  CAF_CHECK_EQUAL(one.size, 1.0);
  CAF_CHECK_EQUAL(one.stop, 0.0);
}

CAF_TEST(an_action_comes_back_as_it_was_encoded) {
  policy_action action{-0.5, 0.25, 0.0125, 0.001};
  std::vector<float> entries(4);
  encode_action(action, figures, entries);
  auto back = decode_action(entries, figures);
  CAF_CHECK_LESS(std::abs(back.position - action.position), 1e-7);
  CAF_CHECK_LESS(std::abs(back.size - action.size), 1e-7);
  CAF_CHECK_LESS(std::abs(back.stop - action.stop), 1e-7);
  CAF_CHECK_LESS(std::abs(back.take_profit - action.take_profit), 1e-7);
}

CAF_TEST(far_exits_are_next_to_none_and_equal_steps_are_equal_shares) {
  auto nearness = [](double distance) {
    std::array<float, 4> entries;
    encode_action({1, 1, distance, 0}, figures, entries);
    return static_cast<double>(entries[2]);
  };
  CAF_CHECK_EQUAL(nearness(0), 0.0);
  CAF_CHECK_EQUAL(nearness(-1), 0.0);
  CAF_CHECK_EQUAL(nearness(0.05), 0.0);
  CAF_CHECK_EQUAL(nearness(0.5), 0.0);
  CAF_CHECK_LESS(nearness(0.049), 0.01);
  CAF_CHECK_LESS(std::abs(nearness(0.005) - 0.5), 1e-6);
  CAF_CHECK_LESS(std::abs(nearness(0.0005) - 1), 1e-6);
  CAF_CHECK_EQUAL(nearness(0.0001), 1.0);
  CAF_CHECK_LESS(std::abs(nearness(0.001) - nearness(0.002)
                          - (nearness(0.002) - nearness(0.004))),
                 1e-6);
  CAF_CHECK(std::isnan(nearness(std::numeric_limits<double>::quiet_NaN())));
}

CAF_TEST(a_context_of_another_size_is_refused) {
  auto policy = load_policy(sample_policy());
  CAF_REQUIRE(policy);
  auto reason = [&](const policy_context& x) {
    auto result = (*policy)->act(x);
    return result ? "none"s : result.error().text;
  };
  episode good{5};
  CAF_CHECK_EQUAL(reason(good.context()), "none"s);
  CAF_CHECK_EQUAL(reason(episode{8}.context()),
                  "returns_to_go: expected 1 to 7 steps, found 8"s);
  CAF_CHECK_EQUAL(reason({}), "returns_to_go: expected 1 to 7 steps, found 0"s);
  auto bad = good;
  bad.states.pop_back();
  CAF_CHECK_EQUAL(reason(bad.context()),
                  "states: expected 25 values, found 24"s);
  bad = good;
  bad.actions.pop_back();
  CAF_CHECK_EQUAL(reason(bad.context()),
                  "actions: expected 4 values, found 3"s);
  bad = good;
  bad.step = 3;
  CAF_CHECK_EQUAL(reason(bad.context()), "step: expected at least 4, found 3"s);
}

CAF_TEST(values_that_are_not_finite_are_refused) {
  auto policy = load_policy(sample_policy());
  CAF_REQUIRE(policy);
  auto refused = [&](const episode& x) { return !(*policy)->act(x.context()); };
  for (auto value : {std::numeric_limits<double>::quiet_NaN(),
                     std::numeric_limits<double>::infinity(), 1e300}) {
    episode now{3};
    now.states[7] = value;
    CAF_CHECK(refused(now));
    now = episode{3};
    now.returns[0] = value;
    CAF_CHECK(refused(now));
  }
  episode now{3};
  now.actions[1].position = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK(refused(now));
  CAF_CHECK(!refused(episode{3}));
}

CAF_TEST(checkpoints_that_do_not_fit_are_refused) {
  auto good = sample_policy();
  CAF_CHECK_EQUAL(reason(good), "none"s);
  auto bad = good;
  bad.about.architecture = "contrastive-vae";
  CAF_CHECK_EQUAL(reason(bad), "architecture: expected \"decision-transformer\""
                               ", found \"contrastive-vae\""s);
  bad = good;
  bad.about.schema_hash = "0123456789abcdef";
  CAF_CHECK(reason(bad).starts_with("schema_hash: the features have "));
  bad = good;
  bad.about.scales.pop_back();
  CAF_CHECK_EQUAL(reason(bad),
                  "scales: expected 5, one for each column, found 4"s);
  bad = good;
  bad.about.scales[2].deviation = 0;
  CAF_CHECK_EQUAL(
    reason(bad), "scales[2]: expected a finite mean and a positive deviation"s);
  bad = good;
  bad.about.settings["return_scale"] = 0;
  CAF_CHECK(reason(bad).starts_with("settings.return_scale: expected "));
  bad = good;
  bad.about.features.features.clear();
  CAF_CHECK_NOT_EQUAL(reason(bad), "none"s);
}

CAF_TEST(a_manifest_cannot_ask_for_memory_that_its_weights_do_not_fill) {
  auto bad = sample_policy();
  bad.about.settings["hidden"] = 2'040;
  bad.about.settings["layers"] = 48;
  CAF_CHECK(reason(bad).starts_with("tensors: expected "));
  for (auto gelu : {false, true})
    CAF_CHECK_EQUAL(reason(sample_policy(gelu, gelu ? 2 : 4)), "none"s);
}

CAF_TEST(no_damage_to_a_checkpoint_is_worse_than_a_refusal) {
  test::dice dice;
  auto good = sample_policy();
  for (int i = 0; i < 60; ++i) {
    auto bad = good;
    auto setting = bad.about.settings.begin();
    std::advance(setting,
                 dice(0, static_cast<int64_t>(bad.about.settings.size()) - 1));
    constexpr std::array<double, 7> values{-1, 0, 0.5, 1e18, NAN, INFINITY, 3};
    setting->second = values[static_cast<size_t>(dice(0, 6))];
    auto& tensor = bad.tensors[static_cast<size_t>(
      dice(0, static_cast<int64_t>(bad.tensors.size()) - 1))];
    if (dice.chance(30))
      tensor.shape = {-1, dice(0, 1) == 0 ? int64_t{1} << 62 : 0};
    if (dice.chance(30))
      tensor.values.resize(static_cast<size_t>(dice(0, 3)));
    if (dice.chance(20))
      tensor.name = "";
    auto loaded = load_policy(bad);
    if (loaded)
      (*loaded)->act(episode{1}.context());
  }
}
