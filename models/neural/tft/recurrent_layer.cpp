#include "models/neural/torch.hpp"

#include "models/neural/tft/recurrent_layer.hpp"

namespace qalpha {

recurrent_layer::recurrent_layer(int64_t hidden)
  : input_weight_(
    register_parameter("input_weight", torch::zeros({4 * hidden, hidden}))),
    hidden_weight_(
      register_parameter("hidden_weight", torch::zeros({4 * hidden, hidden}))),
    input_bias_(register_parameter("input_bias", torch::zeros({4 * hidden}))),
    hidden_bias_(
      register_parameter("hidden_bias", torch::zeros({4 * hidden}))) {
  // nop
}

recurrent_result recurrent_layer::forward(const torch::Tensor& x,
                                          const torch::Tensor& hidden,
                                          const torch::Tensor& cell) {
  auto result
    = torch::lstm(x, {hidden.unsqueeze(0), cell.unsqueeze(0)},
                  {input_weight_, hidden_weight_, input_bias_, hidden_bias_},
                  true, 1, 0.0, is_training(), false, true);
  return {std::get<0>(result), std::get<1>(result).squeeze(0),
          std::get<2>(result).squeeze(0)};
}

} // namespace qalpha
