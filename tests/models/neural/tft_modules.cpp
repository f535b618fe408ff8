#define CAF_SUITE neural.tft_modules

// Not ours: `grn_resample_NOT_PAPER` stretches what it adds, and `vsn_pf` is
// built on that.

#include "models/neural/torch.hpp"

#include "models/neural/tft/interpretable_attention.hpp"
#include "models/neural/tft/quantile_loss.hpp"
#include "tests/models/neural/golden_tensors.hpp"

#include <caf/test/unit_test.hpp>

#include <rapidjson/document.h>
#include <rapidjson/istreamwrapper.h>

#include <fstream>

using namespace qalpha;

namespace {

constexpr double tolerance = 1e-5;

const block_context blocks{1e-5, nullptr};

using tensors_by_name = std::map<std::string, torch::Tensor>;

/// Puts the recorded weights into a module, ours by theirs.
void fill(torch::nn::Module& module, const tensors_by_name& golden,
          const std::map<std::string, std::string>& names) {
  torch::NoGradGuard no_gradients;
  module.eval();
  for (auto& entry : module.named_parameters())
    entry.value().copy_(golden.at("w." + names.at(entry.key())));
}

const std::map<std::string, std::string> residual_names{
  {"input.weight", "fc1.weight"},
  {"input.bias", "fc1.bias"},
  {"context.weight", "context.weight"},
  {"output.weight", "fc2.weight"},
  {"output.bias", "fc2.bias"},
  {"gate.weight", "gate_norm.glu.fc.weight"},
  {"gate.bias", "gate_norm.glu.fc.bias"},
  {"norm.weight", "gate_norm.add_norm.norm.weight"},
  {"norm.bias", "gate_norm.add_norm.norm.bias"},
};

torch::Tensor tensor_of(const rapidjson::Value& json) {
  if (!json.IsArray())
    return torch::tensor(json.GetDouble(), torch::kFloat64);
  std::vector<torch::Tensor> parts;
  for (const auto& part : json.GetArray())
    parts.push_back(tensor_of(part));
  return torch::stack(parts);
}

} // namespace

CAF_TEST(a_gated_linear_unit_takes_its_value_from_the_first_half) {
  auto golden = golden_tensors("tft_modules/glu");
  auto ours
    = torch::glu(torch::linear(golden.at("in.x"), golden.at("w.fc.weight"),
                               golden.at("w.fc.bias")),
                 -1);
  CAF_CHECK(largest_difference(ours, golden.at("out")) <= tolerance);
}

CAF_TEST(a_gate_is_added_and_normalised) {
  auto golden = golden_tensors("tft_modules/gate_add_norm");
  gate_add_norm gate{8, blocks};
  fill(gate, golden,
       {{"gate.weight", "glu.fc.weight"},
        {"gate.bias", "glu.fc.bias"},
        {"norm.weight", "add_norm.norm.weight"},
        {"norm.bias", "add_norm.norm.bias"}});
  auto ours = gate.forward(golden.at("in.x"), golden.at("in.skip"));
  CAF_CHECK(largest_difference(ours, golden.at("out")) <= tolerance);
}

CAF_TEST(a_residual_network_adds_its_input) {
  auto golden = golden_tensors("tft_modules/grn_same");
  gated_residual network{{8, 8}, blocks};
  fill(network, golden, residual_names);
  auto ours = network.forward(golden.at("in.x"));
  CAF_CHECK(largest_difference(ours, golden.at("out")) <= tolerance);
}

CAF_TEST(a_context_enters_the_first_layer_without_a_bias) {
  auto golden = golden_tensors("tft_modules/grn_context");
  gated_residual network{{8, 11, 0, 5}, blocks};
  fill(network, golden, residual_names);
  auto ours = network.forward(golden.at("in.x"), golden.at("in.context"));
  CAF_CHECK(largest_difference(ours, golden.at("out")) <= tolerance);
}

CAF_TEST(heads_share_their_values) {
  auto golden = golden_tensors("tft_modules/imha");
  auto layer = [&](const std::string& name, const torch::Tensor& x) {
    return torch::linear(x, golden.at("w." + name + ".weight"),
                         golden.at("w." + name + ".bias"));
  };
  auto heads = [&](const std::string& name, const torch::Tensor& x) {
    return torch::cat({layer(name + ".0", x), layer(name + ".1", x)}, -1);
  };
  auto shares = attention_shares(heads("q_layers", golden.at("in.q")),
                                 heads("k_layers", golden.at("in.k")), 2,
                                 golden.at("in.mask").to(torch::kBool));
  CAF_CHECK(largest_difference(shares.transpose(1, 2), golden.at("out1"))
            <= tolerance);
  auto values = layer("v_layer", golden.at("in.v"));
  auto ours = torch::linear(torch::matmul(shares.mean(1), values),
                            golden.at("w.w_h.weight"));
  CAF_CHECK(largest_difference(ours, golden.at("out0")) <= tolerance);
}

CAF_TEST(losses_and_risk_of_quantiles) {
  auto path = std::string{std::getenv("QALPHA_GOLDEN")}
              + "/models/tft_modules/quantile_loss.json";
  std::ifstream file{path};
  rapidjson::IStreamWrapper stream{file};
  rapidjson::Document golden;
  golden.ParseStream(stream);
  CAF_REQUIRE(golden.IsObject());
  auto levels = std::vector<double>{};
  for (const auto& level : golden["quantiles"].GetArray())
    levels.push_back(level.GetDouble());
  auto quantiles = tensor_of(golden["outputs"]);
  auto targets = tensor_of(golden["targets"]);
  auto losses = quantile_losses(quantiles, targets, levels);
  CAF_CHECK(largest_difference(losses.mean(std::vector<int64_t>{0, 1}),
                               tensor_of(golden["nvidia_per_quantile"]))
            <= tolerance);
  CAF_CHECK(std::abs(quantile_loss(quantiles, targets, levels).item<double>()
                     - golden["q_loss_sum_over_q_mean"].GetDouble())
            <= tolerance);
  CAF_CHECK(largest_difference(quantile_risk(quantiles, targets, levels),
                               tensor_of(golden["q_risk"]))
            <= tolerance);
}
