#include "models/neural/torch.hpp"

#include "models/neural/tft/interpretable_attention.hpp"

#include <cmath>
#include <limits>

namespace qalpha {

namespace {

torch::nn::Linear make_linear(int64_t from, int64_t to) {
  return torch::nn::Linear{torch::nn::LinearOptions{from, to}.bias(false)};
}

torch::Tensor by_head(const torch::Tensor& x, int64_t heads) {
  return x.view({x.size(0), x.size(1), heads, -1}).transpose(1, 2);
}

} // namespace

torch::Tensor attention_shares(const torch::Tensor& query,
                               const torch::Tensor& key, int64_t heads,
                               const torch::Tensor& hidden) {
  auto width = static_cast<double>(query.size(-1)) / static_cast<double>(heads);
  auto score = torch::matmul(by_head(query, heads),
                             by_head(key, heads).transpose(2, 3))
               / std::sqrt(width);
  auto mask = hidden.dim() == 3 ? hidden.unsqueeze(1) : hidden;
  score = score.masked_fill(mask, -std::numeric_limits<float>::infinity());
  return torch::softmax(score, -1);
}

interpretable_attention::interpretable_attention(int64_t hidden, int64_t heads,
                                                 const block_context& context)
  : context_(context), heads_(heads),
    projection_(register_module(
      "projection", make_linear(hidden, 2 * hidden + hidden / heads))),
    output_(register_module("output", make_linear(hidden / heads, hidden))) {
  // nop
}

attention_result interpretable_attention::forward(const torch::Tensor& x,
                                                  int64_t last) {
  auto steps = x.size(1);
  auto hidden = x.size(2);
  auto all = projection_->forward(x);
  auto query = all.narrow(1, steps - last, last).narrow(2, 0, hidden);
  auto key = all.narrow(2, hidden, hidden);
  auto value = all.narrow(2, 2 * hidden, hidden / heads_);
  auto later = torch::ones({last, steps}, x.options().dtype(torch::kBool))
                 .triu(steps - last + 1);
  auto shares = attention_shares(query.contiguous(), key.contiguous(), heads_,
                                 later);
  auto used = is_training() ? context_.dropout->drop(shares) : shares;
  return {output_->forward(torch::matmul(used.mean(1), value)), shares};
}

} // namespace qalpha
