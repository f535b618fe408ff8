#include "models/neural/torch.hpp"

#include "models/training/trainer.hpp"

#include <cmath>
#include <limits>
#include <string>

namespace qalpha {

namespace {

tensor_values values_of(const char* name, const torch::Tensor& x) {
  auto row = x.detach().to(torch::kCPU).contiguous();
  auto* begin = row.data_ptr<float>();
  return {name, {row.numel()}, {begin, begin + row.numel()}};
}

torch::Tensor tensor_of(const tensor_values& x, const torch::Device& device) {
  auto row = torch::empty({static_cast<int64_t>(x.values.size())});
  std::copy(x.values.begin(), x.values.end(), row.data_ptr<float>());
  return row.to(device);
}

/// Looks up what a state has to hold.
class state_reader {
public:
  explicit state_reader(const training_state& state) : state_(state) {
    // nop
  }

  double figure(const char* name) {
    auto found = state_.figures.find(name);
    if (found != state_.figures.end() && found->second >= 0)
      return found->second;
    problem = fault{std::string{"training state: "} + name
                    + ": expected a number that is not negative"};
    return 0;
  }

  const tensor_values* row(const char* name, int64_t length) {
    for (const auto& tensor : state_.tensors)
      if (tensor.name == name
          && tensor.values.size() == static_cast<size_t>(length))
        return &tensor;
    problem = fault{std::string{"training state: "} + name + ": expected "
                    + std::to_string(length)
                    + " values; the model has another size"};
    return nullptr;
  }

  std::optional<fault> problem;

private:
  const training_state& state_;
};

} // namespace

training_state trainer::save() const {
  training_state result;
  result.figures = {
    {"seed", static_cast<double>(options_.seed)},
    {"step", static_cast<double>(step_)},
    {"epoch", static_cast<double>(epoch_)},
    {"position", static_cast<double>(position_)},
    {"stale", static_cast<double>(stale_)},
  };
  if (std::isfinite(best_loss_))
    result.figures["best_loss"] = best_loss_;
  result.tensors = {
    values_of("weights", parameters_.weights()),
    values_of("first_moments", adam_.first),
    values_of("second_moments", adam_.second),
    values_of("best_weights", best_weights_),
    values_of("buffers", parameters_.buffers()),
    values_of("best_buffers", best_buffers_),
  };
  return result;
}

std::optional<fault> trainer::load(const training_state& state) {
  state_reader from{state};
  auto seed = from.figure("seed");
  auto step = from.figure("step");
  auto epoch = from.figure("epoch");
  auto position = from.figure("position");
  auto stale = from.figure("stale");
  auto length = parameters_.weights().numel();
  auto buffers = best_buffers_.numel();
  auto weights = from.row("weights", length);
  auto first = from.row("first_moments", length);
  auto second = from.row("second_moments", length);
  auto best = from.row("best_weights", length);
  auto running = from.row("buffers", buffers);
  auto best_running = from.row("best_buffers", buffers);
  if (from.problem)
    return from.problem;
  if (seed != static_cast<double>(options_.seed))
    return fault{"training state: it began with another seed"};
  if (position >= static_cast<double>(task_.training_samples()))
    return fault{"training state: position: expected less than the samples"};
  torch::NoGradGuard no_gradients;
  auto device = parameters_.weights().device();
  parameters_.weights().copy_(tensor_of(*weights, device));
  adam_.first = tensor_of(*first, device);
  adam_.second = tensor_of(*second, device);
  best_weights_ = tensor_of(*best, device);
  parameters_.set_buffers(tensor_of(*running, device));
  best_buffers_ = tensor_of(*best_running, device);
  step_ = static_cast<uint64_t>(step);
  epoch_ = static_cast<uint64_t>(epoch);
  stale_ = static_cast<size_t>(stale);
  begin_epoch();
  position_ = static_cast<size_t>(position);
  best_loss_ = std::numeric_limits<double>::infinity();
  if (auto found = state.figures.find("best_loss");
      found != state.figures.end())
    best_loss_ = found->second;
  return std::nullopt;
}

} // namespace qalpha
