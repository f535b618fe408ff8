#include "models/neural/torch.hpp"

#include "models/training/flat_parameters.hpp"

#include <string>

namespace qalpha {

namespace {

/// Weight decay is for what multiplies inputs, not for what shifts or scales
/// results; some models keep several of those in one tensor with two sides.
bool decays(const std::string& name, const torch::Tensor& x) {
  auto has = [&](const char* part) { return name.find(part) != name.npos; };
  return x.dim() >= 2 && !has("norm") && !has("bias") && !has("offset");
}

} // namespace

flat_parameters::flat_parameters(torch::nn::Module& model)
  : buffers_(model.buffers()) {
  std::vector<torch::Tensor> parameters;
  for (auto wanted : {true, false})
    for (const auto& entry : model.named_parameters())
      if (decays(entry.key(), entry.value()) == wanted)
        parameters.push_back(entry.value());
  torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> rows;
  for (const auto& entry : model.named_parameters())
    if (decays(entry.key(), entry.value()))
      decayed_ += entry.value().numel();
  for (const auto& parameter : parameters)
    rows.push_back(parameter.detach().reshape({-1}));
  weights_ = torch::cat(rows);
  gradient_ = torch::zeros({weights_.numel() + 1}, weights_.options());
  int64_t begin = 0;
  for (auto& parameter : parameters) {
    auto length = parameter.numel();
    auto shape = parameter.sizes().vec();
    parameter.set_data(weights_.narrow(0, begin, length).view(shape));
    parameter.mutable_grad() = gradient_.narrow(0, begin, length).view(shape);
    begin += length;
  }
}

torch::Tensor flat_parameters::buffers() const {
  torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> rows{torch::empty({0}, weights_.options())};
  for (const auto& buffer : buffers_)
    rows.push_back(buffer.detach().reshape({-1}).to(torch::kFloat));
  return torch::cat(rows);
}

void flat_parameters::set_buffers(const torch::Tensor& values) {
  torch::NoGradGuard no_gradients;
  int64_t begin = 0;
  for (auto& buffer : buffers_) {
    auto length = buffer.numel();
    buffer.copy_(values.narrow(0, begin, length).view(buffer.sizes()));
    begin += length;
  }
}

} // namespace qalpha
