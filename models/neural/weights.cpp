#include "models/neural/torch.hpp"

#include "models/neural/weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <string>

namespace qalpha {

namespace {

using named_tensors = std::vector<std::pair<std::string, torch::Tensor>>;

named_tensors tensors_of(const torch::nn::Module& model) {
  named_tensors result;
  for (const auto& entry : model.named_parameters())
    result.emplace_back(entry.key(), entry.value());
  for (const auto& entry : model.named_buffers())
    if (entry.value().is_floating_point())
      result.emplace_back(entry.key(), entry.value());
  return result;
}

std::string shape_text(c10::IntArrayRef shape) {
  std::string result = "[";
  for (auto side : shape) {
    if (result.size() > 1)
      result += ", ";
    result += std::to_string(side);
  }
  return result + "]";
}

std::optional<fault> check(const tensor_values& given,
                           const torch::Tensor& wanted) {
  auto who = "tensor \"" + given.name + "\"";
  if (c10::IntArrayRef{given.shape} != wanted.sizes())
    return fault{who + ": expected shape " + shape_text(wanted.sizes())
                 + ", found " + shape_text(given.shape)};
  if (given.values.size() != static_cast<size_t>(wanted.numel()))
    return fault{who + ": expected " + std::to_string(wanted.numel())
                 + " values, found " + std::to_string(given.values.size())};
  auto finite = [](float x) { return std::isfinite(x); };
  if (!std::all_of(given.values.begin(), given.values.end(), finite))
    return fault{who + ": holds a value that is not finite"};
  return std::nullopt;
}

} // namespace

std::vector<tensor_values> to_tensors(const torch::nn::Module& model) {
  std::vector<tensor_values> result;
  for (const auto& [name, tensor] : tensors_of(model)) {
    auto plain = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
    const auto* first = plain.data_ptr<float>();
    result.push_back({name, plain.sizes().vec(),
                      std::vector<float>(first, first + plain.numel())});
  }
  return result;
}

torch::Tensor to_tensor(const tensor_values& x) {
  auto result = torch::empty(x.shape, torch::kFloat32);
  std::memcpy(result.data_ptr<float>(), x.values.data(),
              x.values.size() * sizeof(float));
  return result;
}

std::optional<fault> load_weights(torch::nn::Module& model,
                                  std::span<const tensor_values> tensors) {
  std::map<std::string, const tensor_values*> given;
  for (const auto& x : tensors)
    if (!given.emplace(x.name, &x).second)
      return fault{"tensor \"" + x.name + "\" is there twice"};
  auto wanted = tensors_of(model);
  for (const auto& [name, tensor] : wanted) {
    auto found = given.find(name);
    if (found == given.end())
      return fault{"tensor \"" + name + "\" is missing"};
    if (auto wrong = check(*found->second, tensor))
      return wrong;
  }
  for (const auto& x : tensors) {
    auto same = [&x](const auto& entry) { return entry.first == x.name; };
    if (std::none_of(wanted.begin(), wanted.end(), same))
      return fault{"tensor \"" + x.name + "\" is none of this model"};
  }
  torch::NoGradGuard no_gradients;
  for (auto& [name, tensor] : wanted)
    tensor.copy_(to_tensor(*given.at(name)));
  return std::nullopt;
}

} // namespace qalpha
