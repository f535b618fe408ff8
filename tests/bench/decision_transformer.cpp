// Times a decision transformer of 1.12 million weights on one thread;
// decision_transformer.sh runs it beside PyTorch.
//
//   bench_decision_transformer FOLDER
//
// Writes weights, a question and the answer there for the peer to compare, and
// prints three figures: seconds of an answer by the fast form and by the
// module, and training samples a second in batches of 64.

#include "models/neural/torch.hpp"

#include "models/neural/decision_transformer/decision_transformer.hpp"
#include "models/neural/decision_transformer/fast_transformer.hpp"
#include "models/neural/weights.hpp"

#include "tests/bench/number_files.hpp"

#include <cstdio>
#include <fstream>

using namespace qalpha;
using namespace qalpha::bench;

namespace {

// States and actions are as many as the example of the peer has.
decision_transformer_settings bench_settings() {
  decision_transformer_settings result;
  result.states = 50;
  result.actions = 4;
  result.hidden = 128;
  result.layers = 3;
  result.heads = 1;
  result.context = 20;
  result.episode = 4'096;
  return result;
}

void write_floats(const std::string& path, const torch::Tensor& x) {
  std::ofstream out{path, std::ios::binary};
  auto plain = x.contiguous();
  out.write(reinterpret_cast<const char*>(plain.data_ptr<float>()),
            static_cast<std::streamsize>(plain.nbytes()));
}

// Names and shapes a line each, values one after the other.
void write_weights(const std::string& folder, const torch::nn::Module& model) {
  std::ofstream names{folder + "/weights.txt"};
  std::vector<torch::Tensor> values;
  for (const auto& x : to_tensors(model)) {
    names << x.name;
    for (auto side : x.shape)
      names << ' ' << side;
    names << '\n';
    values.push_back(torch::tensor(x.values));
  }
  write_floats(folder + "/weights.f32", torch::cat(values));
}

trajectory_batch random_batch(const decision_transformer_settings& of,
                              int64_t size) {
  trajectory_batch result;
  result.returns_to_go = torch::rand({size, of.context, 1});
  result.states = torch::randn({size, of.context, of.states});
  result.actions = torch::rand({size, of.context, of.actions});
  result.timesteps
    = torch::arange(of.context, torch::kLong).expand({size, of.context});
  result.mask = torch::ones({size, of.context});
  return result;
}

std::span<const float> values_of(const torch::Tensor& x, int64_t count) {
  return {x.data_ptr<float>(), static_cast<size_t>(count)};
}

double train(decision_transformer& model) {
  constexpr int64_t size = 64;
  auto batch = random_batch(model.settings(), size);
  auto wanted = torch::rand_like(batch.actions);
  torch::optim::AdamW optimiser(model.parameters(),
                                torch::optim::AdamWOptions(1e-4));
  model.train();
  auto seconds = median_seconds([&] {
    optimiser.zero_grad();
    auto loss = action_loss(model.predict_actions(batch), wanted, batch.mask);
    loss.backward();
    torch::nn::utils::clip_grad_norm_(model.parameters(), 0.25);
    optimiser.step();
  });
  return size / seconds;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  std::string folder{argv[1]};
  torch::set_num_threads(1);
  torch::manual_seed(1);
  auto settings = bench_settings();
  decision_transformer model{settings};
  model.eval();
  write_weights(folder, model);
  auto batch = random_batch(settings, 1);
  batch.mask.reset();
  write_floats(folder + "/returns.f32", batch.returns_to_go);
  write_floats(folder + "/states.f32", batch.states);
  write_floats(folder + "/actions.f32", batch.actions);

  fast_transformer fast{model};
  transformer_question question{
    values_of(batch.returns_to_go, settings.context),
    values_of(batch.states, settings.context * settings.states),
    values_of(batch.actions, (settings.context - 1) * settings.actions),
    static_cast<size_t>(settings.context - 1)};
  auto answer = fast.act(question);
  write_floats(folder + "/answer.f32",
               torch::tensor(std::vector<float>(answer.begin(), answer.end())));
  auto by_fast = median_seconds([&] { fast.act(question); });
  auto by_module = median_seconds([&] {
    torch::InferenceMode no_gradients;
    model.predict_actions(batch);
  });
  std::printf("%.9g %.9g %.9g\n", by_fast, by_module, train(model));
}
