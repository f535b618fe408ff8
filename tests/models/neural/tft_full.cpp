#define CAF_SUITE neural.tft_full

#include "models/neural/torch.hpp"

#include "models/neural/tft/quantile_loss.hpp"
#include "tests/models/neural/tft_golden.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

constexpr double tolerance = 1e-5;

void check_same(const std::string& what, const torch::Tensor& ours,
                const torch::Tensor& theirs) {
  CAF_MESSAGE(what << ": " << largest_difference(ours, theirs));
  CAF_CHECK(largest_difference(ours, theirs) <= tolerance);
}

/// As embedded variables come, `[batch, steps, variables, hidden]` there.
torch::Tensor by_variable(torch::Tensor x) {
  if (x.dim() == 3)
    x = x.unsqueeze(1);
  return x.permute({2, 0, 1, 3}).flatten(1, 2);
}

void check_embeddings(const tft_golden& golden) {
  const auto& model = *golden.model;
  auto lookback = golden.settings.lookback;
  auto at = [&](const char* name) { return golden.tensors.at(name); };
  auto in_past = [&](const char* name) {
    return by_variable(at(name).narrow(1, 0, lookback));
  };
  check_same("static", embed(model.static_variables(golden.batch)),
             by_variable(at("emb.static")));
  check_same(
    "known",
    embed(model.known_variables(golden.batch, 0, golden.settings.steps())),
    by_variable(at("emb.known")));
  check_same("observed", embed(model.observed_variables(golden.batch)),
             in_past("emb.observed"));
  check_same("target", embed(model.target_variables(golden.batch)),
             in_past("emb.target"));
}

void check_stages(const tft_golden& golden, const tft_result& ours) {
  auto lookback = golden.settings.lookback;
  auto horizon = golden.settings.horizon;
  auto mid = [&](const char* name) {
    return golden.tensors.at(std::string{"mid."} + name);
  };
  check_same("selection context", ours.contexts.selection,
             mid("static_encoder.0"));
  check_same("enrichment context", ours.contexts.enrichment,
             mid("static_encoder.1"));
  check_same("first hidden state", ours.contexts.hidden,
             mid("static_encoder.2"));
  check_same("first cell state", ours.contexts.cell, mid("static_encoder.3"));
  check_same("past", ours.past, mid("history_vsn.0"));
  check_same("weights of the past", ours.past_weights, mid("history_vsn.1"));
  check_same("encoder", ours.encoded.output, mid("history_lstm.0"));
  check_same("its hidden state", ours.encoded.hidden, mid("history_lstm.1")[0]);
  check_same("its cell state", ours.encoded.cell, mid("history_lstm.2")[0]);
  check_same("known", ours.known, mid("future_vsn.0"));
  check_same("weights of the known", ours.known_weights, mid("future_vsn.1"));
  check_same("decoder", ours.decoded.output, mid("future_lstm.0"));
  check_same("its hidden state", ours.decoded.hidden, mid("future_lstm.1")[0]);
  check_same("its cell state", ours.decoded.cell, mid("future_lstm.2")[0]);
  check_same("gated", ours.gated, mid("input_gate_ln"));
  check_same("enriched", ours.enriched, mid("enrichment_grn"));
  check_same("attended", ours.attended,
             mid("attention.0").narrow(1, lookback, horizon));
  check_same("attention", ours.attention,
             mid("attention.1").narrow(2, lookback, horizon));
  check_same("gated attention", ours.attention_gated, mid("attention_ln"));
  check_same("positionwise", ours.positionwise, mid("positionwise_grn"));
  check_same("last", ours.last, mid("decoder_ln"));
}

void check_run(const std::string& name) {
  auto golden = load_tft_golden(name);
  torch::NoGradGuard no_gradients;
  auto ours = golden.model->forward(golden.batch);
  check_embeddings(golden);
  check_stages(golden, ours);
  check_same("quantiles", ours.quantiles, golden.tensors.at("out"));
  const auto& levels = golden.settings.levels;
  check_same("losses",
             quantile_losses(ours.quantiles, golden.targets, levels)
               .mean(std::vector<int64_t>{0, 1}),
             golden.tensors.at("loss_per_quantile"));
  check_same("loss",
             quantile_loss(ours.quantiles, golden.targets, levels).view({1}),
             golden.tensors.at("loss_sum"));
}

/// Relative to the largest value of the tensor, below which rounding rules.
double relative_difference(const torch::Tensor& ours,
                           const torch::Tensor& theirs) {
  auto size = theirs.abs().max().item<double>();
  return largest_difference(ours, theirs) / std::max(size, 1e-3);
}

} // namespace

CAF_TEST(every_stage_is_that_of_the_reference) {
  check_run("small");
}

CAF_TEST(categories_known_beforehand_are_those_of_the_reference) {
  check_run("no_observed_cat");
}

CAF_TEST(gradients_and_a_step_are_those_of_the_reference) {
  auto golden = load_tft_golden("small");
  auto& model = *golden.model;
  torch::optim::Adam optimiser{model.parameters(),
                               torch::optim::AdamOptions{1e-3}};
  auto loss = quantile_loss(model.forward(golden.batch).quantiles,
                            golden.targets, golden.settings.levels);
  loss.backward();
  for (const auto& entry : model.named_parameters()) {
    auto theirs = golden_parameter(golden.tensors, "grad.", entry.key());
    CAF_CHECK(entry.value().grad().defined());
    auto off = relative_difference(entry.value().grad(), theirs);
    if (off > 1e-4)
      CAF_ERROR(entry.key() << ": gradient off by " << off);
  }
  auto norm = torch::nn::utils::clip_grad_norm_(model.parameters(), 1.0);
  auto expected
    = golden.tensors.at("grad_total_norm_before_clip").item<double>();
  CAF_CHECK(std::abs(norm - expected) <= 1e-4 * expected);
  optimiser.step();
  for (const auto& entry : model.named_parameters()) {
    auto theirs = golden_parameter(golden.tensors, "after_adam_lr1e-3_clip1.",
                                   entry.key());
    auto off = relative_difference(entry.value().detach(), theirs);
    if (off > 1e-4)
      CAF_ERROR(entry.key() << ": off by " << off << " after a step");
  }
}
