#include "models/neural/torch.hpp"

#include "models/training/policy/policy_task.hpp"

#include <algorithm>
#include <numeric>

namespace qalpha {

namespace {

// Below this an entry does not vary: nothing is to be learned of it.
constexpr double least_variance = 1e-4;

std::shared_ptr<decision_transformer> make_model(const policy_plan& plan,
                                                 const torch::Device& device) {
  torch::manual_seed(plan.training.seed);
  auto result = std::make_shared<decision_transformer>(plan.model);
  result->to(device);
  return result;
}

} // namespace

policy_task::policy_task(const policy_plan& plan, const played_parts& parts,
                         const torch::Tensor& states,
                         const std::vector<int64_t>& first_rows,
                         const policy_figures& figures)
  : return_weight_(plan.return_weight),
    model_(make_model(plan, states.device())),
    train_(parts.train, states, first_rows, figures, plan.return_steps,
           plan.model.context),
    validation_(parts.validation, states, first_rows, figures,
                plan.return_steps, plan.model.context),
    weights_(train_.action_variances().clamp_min(least_variance).reciprocal()) {
  // nop
}

torch::Tensor policy_task::loss_of(const replay_batch& batch) {
  auto said = model_->forward(batch.steps);
  auto loss = action_loss(said.actions, batch.steps.actions, batch.steps.mask,
                          weights_);
  if (return_weight_ == 0)
    return loss;
  auto mask = batch.steps.mask.unsqueeze(2);
  auto wrong = (said.returns - batch.short_returns).square() * mask;
  return loss + return_weight_ * wrong.sum() / mask.sum();
}

torch::Tensor policy_task::loss(std::span<const size_t> samples, uint64_t,
                                double) {
  return loss_of(train_.cut(samples));
}

torch::Tensor policy_task::validation_loss(std::span<const size_t> samples) {
  return loss_of(validation_.cut(samples));
}

std::vector<double> policy_task::action_errors(size_t batch) {
  auto squares = torch::zeros_like(weights_);
  double steps = 0;
  std::vector<size_t> samples;
  for (size_t first = 0; first < validation_samples(); first += batch) {
    samples.resize(std::min(batch, validation_samples() - first));
    std::iota(samples.begin(), samples.end(), first);
    auto cut = validation_.cut(samples).steps;
    auto wrong = model_->predict_actions(cut) - cut.actions;
    squares += (wrong.square() * cut.mask.unsqueeze(2)).flatten(0, 1).sum(0);
    steps += cut.mask.sum().item<double>();
  }
  auto errors = (squares * weights_ / steps).to(torch::kCPU).contiguous();
  auto* begin = errors.data_ptr<float>();
  return {begin, begin + errors.numel()};
}

} // namespace qalpha
