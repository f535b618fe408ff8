// Temporal fusion transformer: our forecaster, our module and TorchScript with
// the same weights. tft.py runs it beside its other peers.

#include "models/neural/torch.hpp"

#include <torch/script.h>

#include "models/neural/tft/quantile_loss.hpp"
#include "models/neural/tft/temporal_fusion.hpp"
#include "models/neural/tft/tft_engine.hpp"
#include "models/neural/weights.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>

using namespace qalpha;

namespace {

tft_settings settings() {
  return {.static_categories = {8},
          .known_values = 4,
          .observed_values = 11,
          .hidden = 64,
          .heads = 4,
          .lookback = 168,
          .horizon = 24};
}

constexpr int64_t series = 3;

tft_batch batch_of(int64_t rows) {
  auto x = settings();
  torch::manual_seed(7);
  return {
    .static_codes = torch::full({rows, 1}, series, torch::kLong),
    .known_values = torch::randn({rows, x.steps(), x.known_values}),
    .observed_values = torch::randn({rows, x.lookback, x.observed_values})};
}

std::vector<float> values_of(const torch::Tensor& x) {
  auto plain = x.contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

/// One window as the engine reads it.
struct sample {
  explicit sample(const tft_batch& batch) {
    auto x = settings();
    auto rows = torch::cat({batch.observed_values[0],
                            batch.known_values[0].narrow(0, 0, x.lookback)},
                           1);
    known = values_of(batch.known_values[0].narrow(0, x.lookback, x.horizon));
    past = values_of(rows);
  }

  std::vector<float> past;
  std::vector<float> known;
};

void write(const std::string& folder) {
  temporal_fusion model{settings(), 1};
  model.eval();
  auto batch = batch_of(1);
  auto tensors = to_tensors(model);
  tft_engine engine{settings(), tensors};
  auto code = static_cast<float>(series);
  auto state = engine.read_series({&code, 1});
  sample window{batch};
  auto answer = engine.forward(state, window.past, window.known);
  auto x = settings();
  tensors.push_back({"in.series", {1}, {code}});
  tensors.push_back({"in.observed",
                     {1, x.lookback, x.observed_values},
                     values_of(batch.observed_values)});
  tensors.push_back({"in.known",
                     {1, x.steps(), x.known_values},
                     values_of(batch.known_values)});
  tensors.push_back({"out",
                     {1, x.horizon, static_cast<int64_t>(x.levels.size())},
                     {answer.quantiles.begin(), answer.quantiles.end()}});
  std::ofstream names{folder + "/tensors.txt"};
  std::ofstream values{folder + "/tensors.f32", std::ios::binary};
  for (const auto& tensor : tensors) {
    names << tensor.name;
    for (auto side : tensor.shape)
      names << ' ' << side;
    names << '\n';
    values.write(reinterpret_cast<const char*>(tensor.values.data()),
                 static_cast<std::streamsize>(4 * tensor.values.size()));
  }
}

template <class Work>
double milliseconds_of(Work work) {
  auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(
           std::chrono::steady_clock::now() - begin)
    .count();
}

struct contender {
  const char* name;
  std::function<void()> work;
  std::vector<double> times;
};

/// In turns, so that what else the machine does is shared by all.
void compare(std::vector<contender> all) {
  for (int run = 0; run < 105; ++run)
    for (auto& x : all) {
      auto time = milliseconds_of(x.work);
      if (run >= 5)
        x.times.push_back(time);
    }
  for (auto& x : all) {
    std::sort(x.times.begin(), x.times.end());
    std::printf("%-44s P50 %7.2f ms   P10 %7.2f\n", x.name, x.times[50],
                x.times[10]);
  }
}

void time(const std::string& folder) {
  torch::InferenceMode no_gradients;
  temporal_fusion model{settings(), 1};
  model.eval();
  auto frozen = torch::jit::load(folder + "/frozen.pt");
  auto batch = batch_of(1);
  auto tensors = to_tensors(model);
  tft_engine engine{settings(), tensors};
  auto code = static_cast<float>(series);
  auto alone = engine.read_series({&code, 1});
  auto going_on = alone;
  sample window{batch};
  auto moving = window.past;
  auto columns = settings().past_variables();
  std::vector<torch::IValue> inputs{torch::tensor({series}),
                                    batch.observed_values, batch.known_values};
  compare(
    {{"ours, a window for the first time",
      [&] {
        alone.past.clear();
        engine.forward(alone, window.past, window.known);
      },
      {}},
     {"ours, a window one bar later",
      [&] {
        std::rotate(moving.begin(), moving.begin() + columns, moving.end());
        engine.forward(going_on, moving, window.known);
      },
      {}},
     {"our module, LibTorch", [&] { model.forward(batch); }, {}},
     {"LibTorch, frozen TorchScript", [&] { frozen.forward(inputs); }, {}}});
}

void train() {
  temporal_fusion model{settings(), 1};
  auto batch = batch_of(64);
  auto targets = torch::randn({64, settings().horizon});
  torch::optim::AdamW optimiser{model.parameters(), 1e-3};
  std::vector<double> times;
  for (int step = 0; step < 7; ++step)
    times.push_back(milliseconds_of([&] {
      optimiser.zero_grad();
      auto loss = quantile_loss(model.forward(batch).quantiles, targets,
                                settings().levels);
      loss.backward();
      torch::nn::utils::clip_grad_norm_(model.parameters(), 1.0);
      optimiser.step();
    }));
  times.erase(times.begin());
  std::sort(times.begin(), times.end());
  std::printf("%-44s P50 %7.1f samples/s   best %7.1f\n",
              "our module, training, batch 64", 64e3 / times[3],
              64e3 / times[0]);
}

} // namespace

int main(int count, char** words) {
  at::set_num_threads(1);
  auto verb = count > 1 ? std::string{words[1]} : "";
  if (verb == "write" && count == 3)
    write(words[2]);
  else if (verb == "time" && count == 3)
    time(words[2]);
  else if (verb == "train")
    train();
  else
    return std::fputs("bench_tft write|time FOLDER, bench_tft train\n", stderr),
           1;
  return 0;
}
