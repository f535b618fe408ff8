#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/last_block.hpp"

#include <cmath>

namespace qalpha {

last_block::last_block(const block_weights& weights,
                       const decision_transformer_settings& settings)
  : weights_(weights), gelu_(settings.gelu) {
  auto width = settings.hidden;
  auto share = width / settings.heads;
  scale_ = 1 / std::sqrt(static_cast<double>(share));
  auto columns = [&](int64_t first, int64_t count) {
    return weights_.in.weight.narrow(1, first, count);
  };
  query_weight_ = columns(0, width).t();
  query_bias_ = weights_.in.bias.narrow(0, 0, width);
  query_ = torch::empty({width});
  turned_query_ = torch::empty({width});
  shares_ = torch::empty({3 * settings.context});
  mixed_ = torch::empty({width});
  seen_ = torch::empty({width});
  wide_ = torch::empty({4 * width});
  for (int64_t i = 0; i < width; i += share)
    heads_.push_back({columns(width + i, share),
                      columns(2 * width + i, share).t(),
                      weights_.in.bias.narrow(0, 2 * width + i, share),
                      query_.narrow(0, i, share), seen_.narrow(0, i, share)});
}

void last_block::attend(const torch::Tensor& looked_at) {
  auto shares = shares_.narrow(0, 0, looked_at.size(0));
  auto across = looked_at.t();
  for (auto& head : heads_) {
    torch::mv_out(turned_query_, head.keys, head.query);
    torch::mv_out(shares, looked_at, turned_query_);
    shares.mul_(scale_);
    torch::_softmax_out(shares, shares, 0, false);
    torch::mv_out(mixed_, across, shares);
    torch::addmv_out(head.seen, head.value_bias, head.values, mixed_);
  }
}

const torch::Tensor& last_block::run(const torch::Tensor& rows,
                                     const torch::Tensor& normed,
                                     const torch::Tensor& late_bias) {
  normalise(rows, late_bias, weights_.before_attention, normed);
  auto row = rows.select(0, rows.size(0) - 1);
  auto normed_row = normed.select(0, rows.size(0) - 1);
  torch::addmv_out(query_, query_bias_, query_weight_, normed_row);
  attend(normed);
  row.addmv_(weights_.out.weight.t(), seen_);
  normalise(row, weights_.out.bias, weights_.before_layers, normed_row);
  torch::addmv_out(wide_, weights_.wide.bias, weights_.wide.weight.t(),
                   normed_row);
  activate(wide_, gelu_);
  row.addmv_(weights_.narrow.weight.t(), wide_);
  return weights_.narrow.bias;
}

} // namespace qalpha
