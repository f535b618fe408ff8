#include "models/neural/torch.hpp"

#include "models/neural/tft/gated_residual.hpp"

namespace qalpha {

namespace {

torch::nn::LayerNorm make_norm(int64_t width, const block_context& context) {
  return torch::nn::LayerNorm{
    torch::nn::LayerNormOptions{{width}}.eps(context.norm_epsilon)};
}

torch::nn::Linear make_linear(int64_t from, int64_t to, bool bias = true) {
  return torch::nn::Linear{torch::nn::LinearOptions{from, to}.bias(bias)};
}

} // namespace

dropout_source::dropout_source(double share, at::Generator generator)
  : share_(share), generator_(std::move(generator)) {
  // nop
}

void dropout_source::draw_from(at::Generator generator) {
  generator_ = std::move(generator);
}

torch::Tensor dropout_source::drop(const torch::Tensor& x) {
  if (share_ == 0)
    return x;
  auto kept = torch::empty_like(x, x.options().requires_grad(false));
  kept.bernoulli_(1 - share_, generator_).div_(1 - share_);
  return x * kept;
}

left_out dropout_source::draw() {
  if (share_ == 0)
    return {};
  auto seed = torch::empty({1}, torch::kLong).random_(generator_);
  return {static_cast<uint32_t>(seed.item<int64_t>()),
          static_cast<uint32_t>(share_ * 4'294'967'296.0),
          static_cast<float>(1 / (1 - share_))};
}

gate_add_norm::gate_add_norm(int64_t width, const block_context& context)
  : context_(context),
    gate_(register_module("gate", make_linear(width, 2 * width))),
    norm_(register_module("norm", make_norm(width, context))) {
  // nop
}

torch::Tensor gate_add_norm::forward(const torch::Tensor& x,
                                     const torch::Tensor& skip) {
  auto input = is_training() ? context_.dropout->drop(x) : x;
  return norm_->forward(torch::glu(gate_->forward(input), -1) + skip);
}

gated_residual::gated_residual(const residual_sizes& sizes,
                               const block_context& context)
  : context_(context),
    input_(register_module("input", make_linear(sizes.input, sizes.hidden))),
    output_(register_module("output", make_linear(sizes.hidden, sizes.hidden))),
    gate_(nullptr) {
  auto output = sizes.output == 0 ? sizes.input : sizes.output;
  if (sizes.context != 0)
    from_context_ = register_module(
      "context", make_linear(sizes.context, sizes.hidden, false));
  gate_ = register_module("gate", make_linear(sizes.hidden, 2 * output));
  if (sizes.output != 0)
    skip_ = register_module("skip", make_linear(sizes.input, output));
  if (output != 1)
    norm_ = register_module("norm", make_norm(output, context));
}

torch::Tensor gated_residual::forward(const torch::Tensor& a,
                                      const torch::Tensor& c) {
  return finish(input_->forward(a), skip_ ? skip_->forward(a) : a, c);
}

torch::Tensor gated_residual::finish(const torch::Tensor& first,
                                     const torch::Tensor& skip,
                                     const torch::Tensor& c) {
  auto sum = c.defined() ? first + from_context_->forward(c) : first;
  auto inner = output_->forward(torch::elu(sum));
  if (is_training())
    inner = context_.dropout->drop(inner);
  auto result = torch::glu(gate_->forward(inner), -1) + skip;
  return norm_ ? norm_->forward(result) : result;
}

} // namespace qalpha
