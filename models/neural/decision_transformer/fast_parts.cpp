#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/fast_parts.hpp"

#include <cmath>

namespace qalpha {

namespace {

constexpr float norm_epsilon = 1e-5f;

} // namespace

affine affine_of(const torch::OrderedDict<std::string, torch::Tensor>& named,
                 const std::string& name) {
  auto copy = [&](const char* part) {
    const auto& from = named[name + part].detach();
    return from.to(torch::kCPU, torch::kFloat32).contiguous().clone();
  };
  return {copy(".weight"), copy(".bias")};
}

block_weights
block_of(const torch::OrderedDict<std::string, torch::Tensor>& named,
         const std::string& name) {
  return {affine_of(named, name + ".ln_1"),
          affine_of(named, name + ".attn.c_attn"),
          affine_of(named, name + ".attn.c_proj"),
          affine_of(named, name + ".ln_2"),
          affine_of(named, name + ".mlp.c_fc"),
          affine_of(named, name + ".mlp.c_proj")};
}

void normalise(const torch::Tensor& rows, const torch::Tensor& late_bias,
               const affine& norm, const torch::Tensor& to) {
  auto width = rows.size(-1);
  const auto* late = late_bias.data_ptr<float>();
  const auto* scale = norm.weight.data_ptr<float>();
  const auto* shift = norm.bias.data_ptr<float>();
  auto* row = rows.data_ptr<float>();
  auto* out = to.data_ptr<float>();
  auto count = static_cast<float>(width);
  for (auto left = rows.numel(); left > 0; left -= width) {
    for (int64_t j = 0; j < width; ++j)
      row[j] += late[j];
    auto mean = sum_of(width, [row](int64_t j) { return row[j]; }) / count;
    auto squares = sum_of(width, [row, mean](int64_t j) {
      auto apart = row[j] - mean;
      return apart * apart;
    });
    auto factor = 1 / std::sqrt(squares / count + norm_epsilon);
    for (int64_t j = 0; j < width; ++j)
      out[j] = (row[j] - mean) * factor * scale[j] + shift[j];
    row += width;
    out += width;
  }
}

void activate(const torch::Tensor& x, bool gelu) {
  auto values = x;
  if (gelu)
    torch::gelu_(values, "tanh");
  else
    values.relu_();
}

} // namespace qalpha
