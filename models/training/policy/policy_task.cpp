#include "models/neural/torch.hpp"

#include "models/training/policy/policy_task.hpp"

namespace qalpha {

namespace {

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
                         double return_scale)
  : return_weight_(plan.return_weight),
    model_(make_model(plan, states.device())),
    train_(parts.train, states, first_rows, return_scale, plan.return_steps,
           plan.model.context),
    validation_(parts.validation, states, first_rows, return_scale,
                plan.return_steps, plan.model.context) {
  // nop
}

torch::Tensor policy_task::loss_of(const replay_batch& batch) {
  auto said = model_->forward(batch.steps);
  auto loss = action_loss(said.actions, batch.steps.actions, batch.steps.mask);
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

} // namespace qalpha
