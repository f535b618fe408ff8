#define CAF_SUITE neural.decision_transformer

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/weights.hpp"

#include "tests/models/neural/golden_tensors.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace std::string_literals;

namespace {

using tensors = std::map<std::string, torch::Tensor>;

// A published model with its inputs.
struct example {
  explicit example(const std::string& name, bool gelu, int64_t heads)
    : golden(golden_tensors("decision_transformer/" + name)) {
    decision_transformer_settings settings;
    settings.states = golden.at("in.states").size(2);
    settings.actions = golden.at("in.actions").size(2);
    settings.hidden = golden.at("w.embed_ln.weight").size(0);
    settings.layers = gelu ? 3 : 2;
    settings.heads = heads;
    settings.context = golden.at("in.states").size(1);
    settings.episode = golden.at("w.embed_timestep.weight").size(0);
    settings.gelu = gelu;
    settings.bounded_actions = !gelu;
    settings.dropout = 0;
    model = std::make_shared<decision_transformer>(settings);
    CAF_REQUIRE(!load_weights(*model, golden_values(golden, "w.")));
    model->eval();
  }

  trajectory_batch batch(const std::string& prefix, bool masked) const {
    trajectory_batch result;
    result.returns_to_go = golden.at("in.rtg");
    result.states = golden.at(prefix + "states");
    result.actions = golden.at(prefix + "actions");
    result.timesteps = golden.at("in.timesteps");
    if (masked)
      result.mask = golden.at("in.attention_mask");
    return result;
  }

  tensors golden;
  std::shared_ptr<decision_transformer> model;
};

const example& small() {
  static example result{"relu_small", false, 1};
  return result;
}

const example& with_heads() {
  static example result{"gelu_heads", true, 2};
  return result;
}

// Only steps that are there have a meaning.
double difference(const torch::Tensor& x, const torch::Tensor& y,
                  const torch::Tensor& mask) {
  return largest_difference(x * mask.unsqueeze(-1), y * mask.unsqueeze(-1));
}

void check_forward(const example& x, const trajectory_batch& batch,
                   const std::string& out) {
  auto mask = batch.mask.defined() ? batch.mask
                                   : torch::ones_like(batch.timesteps);
  auto all = x.model->forward(batch);
  CAF_CHECK_LESS(
    difference(all.actions, x.golden.at(out + "action_preds"), mask), 1e-5);
  CAF_CHECK_LESS(difference(all.states, x.golden.at(out + "state_preds"), mask),
                 1e-5);
  CAF_CHECK_LESS(
    difference(all.returns, x.golden.at(out + "return_preds"), mask), 1e-5);
  CAF_CHECK_LESS(difference(all.actions, x.model->predict_actions(batch), mask),
                 1e-6);
}

// Within `tolerance` of the largest value.
bool alike(const torch::Tensor& x, const torch::Tensor& y, double tolerance) {
  return largest_difference(x, y)
         <= tolerance * (1e-3 + y.abs().max().item<double>());
}

} // namespace

CAF_TEST(the_model_answers_as_the_published_one) {
  for (auto* x : {&small(), &with_heads()}) {
    check_forward(*x, x->batch("in.", true), "out.");
    check_forward(*x, x->batch("nomask.", false), "nomask.out.");
  }
}

CAF_TEST(gradients_and_a_step_of_AdamW_are_those_of_the_published_model) {
  example x{"relu_small", false, 1};
  x.model->train();
  auto batch = x.batch("in.", true);
  torch::optim::AdamW optimiser(
    x.model->parameters(), torch::optim::AdamWOptions(1e-3).weight_decay(1e-4));
  auto loss = action_loss(x.model->predict_actions(batch),
                          x.golden.at("train.target_actions"), batch.mask);
  CAF_CHECK_LESS(
    largest_difference(loss.reshape({1}), x.golden.at("train.loss_mse")), 1e-6);
  loss.backward();
  for (const auto& entry : x.model->named_parameters())
    if (auto wanted = x.golden.find("grad." + entry.key());
        wanted != x.golden.end())
      CAF_CHECK(alike(entry.value().grad(), wanted->second, 1e-4));
  auto norm = torch::nn::utils::clip_grad_norm_(x.model->parameters(), 0.25);
  CAF_CHECK_LESS(
    std::abs(norm - x.golden.at("train.grad_norm_before_clip").item<double>()),
    1e-4 * norm);
  optimiser.step();
  for (const auto& entry : x.model->named_parameters())
    CAF_CHECK(alike(
      entry.value(),
      x.golden.at("after_adamw_lr1e-3_wd1e-4_clip0p25." + entry.key()), 1e-4));
}

CAF_TEST(no_action_knows_what_came_after_its_state) {
  const auto& x = with_heads();
  auto batch = x.batch("nomask.", false);
  auto before = x.model->predict_actions(batch);
  auto last = batch.states.size(1) - 1;
  batch.states = batch.states.clone();
  batch.states.select(1, last).fill_(3);
  batch.actions = batch.actions.clone();
  batch.actions.slice(1, last - 1).fill_(-2);
  auto after = x.model->predict_actions(batch);
  CAF_CHECK_EQUAL(
    largest_difference(before.slice(1, 0, last), after.slice(1, 0, last)), 0.0);
  CAF_CHECK_GREATER(
    largest_difference(before.slice(1, last), after.slice(1, last)), 0.0);
}

CAF_TEST(steps_that_are_filled_up_change_nothing) {
  const auto& x = small();
  auto batch = x.batch("in.", true);
  auto before = x.model->predict_actions(batch);
  auto filled = (1 - batch.mask).unsqueeze(-1);
  batch.states = batch.states + 7 * filled;
  batch.actions = batch.actions - 10 * filled;
  batch.returns_to_go = batch.returns_to_go + filled;
  CAF_CHECK_LESS(
    difference(before, x.model->predict_actions(batch), batch.mask), 1e-6);
}

CAF_TEST(the_loss_leaves_out_what_the_mask_leaves_out) {
  auto predicted = torch::tensor({1.f, 5.f, 2.f}).view({1, 3, 1});
  auto wanted = torch::zeros({1, 3, 1});
  auto mask = torch::tensor({1.f, 0.f, 1.f}).view({1, 3});
  CAF_CHECK_EQUAL(action_loss(predicted, wanted, mask).item<float>(), 2.5f);
  auto nothing = torch::zeros({1, 3});
  CAF_CHECK_EQUAL(action_loss(predicted, wanted, nothing).item<float>(), 0.f);
}

CAF_TEST(weights_come_back_as_they_were_saved) {
  auto tensors = to_tensors(*small().model);
  decision_transformer other{small().model->settings()};
  CAF_REQUIRE(!load_weights(other, tensors));
  CAF_CHECK(to_tensors(other) == tensors);
}

CAF_TEST(weights_that_do_not_fit_are_refused_and_change_nothing) {
  auto good = to_tensors(*small().model);
  decision_transformer other{small().model->settings()};
  auto before = to_tensors(other);
  auto reason = [&](const std::vector<tensor_values>& x) {
    auto wrong = load_weights(other, x);
    return wrong ? wrong->text : "none";
  };
  auto bad = good;
  bad.pop_back();
  CAF_CHECK_EQUAL(reason(bad),
                  "tensor \"" + good.back().name + "\" is missing");
  bad = good;
  bad.push_back(good.front());
  CAF_CHECK_EQUAL(reason(bad),
                  "tensor \"" + good.front().name + "\" is there twice");
  bad = good;
  bad.push_back({"more", {1}, {0.f}});
  CAF_CHECK_EQUAL(reason(bad), "tensor \"more\" is none of this model");
  bad = good;
  bad.front().shape.push_back(1);
  CAF_CHECK_EQUAL(reason(bad).substr(0, 7), "tensor ");
  bad = good;
  bad.front().values.pop_back();
  CAF_CHECK(reason(bad).find(" values, found ") != std::string::npos);
  bad = good;
  bad.front().values[0] = NAN;
  CAF_CHECK(reason(bad).find("not finite") != std::string::npos);
  CAF_CHECK(to_tensors(other) == before);
}

CAF_TEST(settings_out_of_range_are_refused) {
  auto reason = [](const decision_transformer_settings& x) {
    auto wrong = check(x);
    return wrong ? wrong->text : std::string{"none"};
  };
  decision_transformer_settings x;
  CAF_CHECK_EQUAL(reason(x), "none"s);
  x.heads = 3;
  CAF_CHECK_EQUAL(
    reason(x), "settings.hidden: expected a multiple of 3 heads, found 128"s);
  x = {};
  x.layers = 0;
  CAF_CHECK_EQUAL(reason(x), "settings.layers: expected 1 to 48, found 0"s);
  x = {};
  x.dropout = NAN;
  CAF_CHECK_NOT_EQUAL(reason(x), "none"s);
}

CAF_TEST(settings_survive_a_manifest) {
  decision_transformer_settings x;
  x.states = 9;
  x.gelu = true;
  manifest about;
  put(x, about);
  auto back = decision_transformer_settings_of(about, 9);
  CAF_REQUIRE(back);
  CAF_CHECK(*back == x);
  CAF_CHECK(!decision_transformer_settings_of(about, 8));
  about.settings.erase("hidden");
  auto without = decision_transformer_settings_of(about, 9);
  CAF_REQUIRE(!without);
  CAF_CHECK_EQUAL(without.error().text, "settings.hidden: missing"s);
}
