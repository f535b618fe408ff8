#define CAF_SUITE training.trainer

#include "models/neural/torch.hpp"

#include "models/training/trainer.hpp"

#include "models/datasets/seeded_random.hpp"

#include <caf/test/unit_test.hpp>

#include <barrier>
#include <cmath>
#include <memory>
#include <thread>

using namespace qalpha;

namespace {

/// A line through noise with a layer that drops out and one that keeps running
/// statistics.
class small_task final : public training_task {
public:
  explicit small_task(bool random = true) : random_(random) {
    torch::manual_seed(3);
    first_ = torch::nn::Linear(4, 8);
    norm_ = torch::nn::BatchNorm1d(8);
    last_ = torch::nn::Linear(8, 1);
    net_ = std::make_shared<torch::nn::Module>();
    net_->register_module("first", first_.ptr());
    if (random)
      net_->register_module("norm", norm_.ptr());
    net_->register_module("last", last_.ptr());
    x_ = torch::empty({75, 4});
    seeded_random numbers{1, 1};
    for (int64_t i = 0; i < x_.numel(); ++i)
      x_.data_ptr<float>()[i] = static_cast<float>(numbers.normal());
    y_ = x_.sum(1, true);
    for (int64_t i = 0; i < y_.numel(); ++i)
      y_.data_ptr<float>()[i] += static_cast<float>(numbers.normal());
  }

  torch::nn::Module& model() override {
    return *net_;
  }

  size_t training_samples() const override {
    return 50;
  }

  size_t validation_samples() const override {
    return 25;
  }

  torch::Tensor loss(std::span<const size_t> samples, uint64_t,
                     double) override {
    return error(samples, 0);
  }

  torch::Tensor validation_loss(std::span<const size_t> samples) override {
    return error(samples, 50);
  }

  void spoil() {
    x_[7][0] = std::numeric_limits<float>::quiet_NaN();
  }

private:
  torch::Tensor error(std::span<const size_t> samples, size_t from) {
    std::vector<int64_t> rows;
    for (auto i : samples)
      rows.push_back(static_cast<int64_t>(i + from));
    auto at = torch::tensor(rows);
    auto x = first_(x_.index_select(0, at));
    if (random_)
      x = torch::dropout(norm_(x), 0.2, net_->is_training());
    return torch::mse_loss(last_(torch::relu(x)), y_.index_select(0, at));
  }

  bool random_;
  torch::nn::Linear first_{nullptr};
  torch::nn::BatchNorm1d norm_{nullptr};
  torch::nn::Linear last_{nullptr};
  std::shared_ptr<torch::nn::Module> net_;
  torch::Tensor x_;
  torch::Tensor y_;
};

trainer_options few_epochs() {
  return {.seed = 5, .epochs = 6, .batch = 16, .learning_rate = 0.02};
}

/// Losses of training and validation in turn.
std::vector<double> run(trainer& loop, size_t steps = 1'000) {
  std::vector<double> result;
  while (!loop.finished() && steps-- > 0) {
    auto report = loop.step();
    CAF_REQUIRE(report);
    result.push_back(report->loss);
    if (report->validation_loss)
      result.push_back(*report->validation_loss);
  }
  return result;
}

/// Two threads as two processes.
struct meeting {
  std::barrier<> all{2};
  std::array<std::vector<float>, 2> given;
};

class pair_sum final : public all_reduce {
public:
  pair_sum(meeting& where, size_t rank) : where_(where), rank_(rank) {
    // nop
  }

  size_t rank() const noexcept override {
    return rank_;
  }

  size_t world() const noexcept override {
    return 2;
  }

  std::optional<fault> sum(std::span<float> values) override {
    where_.given[rank_].assign(values.begin(), values.end());
    where_.all.arrive_and_wait();
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = where_.given[0][i] + where_.given[1][i];
    where_.all.arrive_and_wait();
    return std::nullopt;
  }

private:
  meeting& where_;
  size_t rank_;
};

} // namespace

CAF_TEST(training_finds_what_there_is_to_find) {
  small_task task{false};
  auto options = few_epochs();
  options.epochs = 60;
  trainer loop{task, options};
  auto losses = run(loop);
  // The noise alone has variance 1.
  CAF_CHECK(losses.front() > 3);
  CAF_CHECK(loop.best_loss() < 2);
}

CAF_TEST(the_same_seed_gives_the_same_losses) {
  small_task a;
  small_task b;
  small_task c;
  trainer first{a, few_epochs()};
  trainer again{b, few_epochs()};
  auto other_seed = few_epochs();
  other_seed.seed = 6;
  trainer other{c, other_seed};
  auto losses = run(first);
  CAF_CHECK_EQUAL(losses.size(), 6u * 5);
  CAF_CHECK(losses == run(again));
  CAF_CHECK(losses != run(other));
}

CAF_TEST(a_training_that_goes_on_from_its_state_has_the_same_losses) {
  small_task whole;
  trainer uninterrupted{whole, few_epochs()};
  auto losses = run(uninterrupted);
  uninterrupted.use_best();
  for (size_t stop : {1, 3, 4, 7, 12, 23}) {
    small_task before;
    trainer first{before, few_epochs()};
    auto heard = run(first, stop);
    auto state = first.save();
    small_task after;
    trainer second{after, few_epochs()};
    CAF_REQUIRE(!second.load(state));
    for (auto loss : run(second))
      heard.push_back(loss);
    CAF_CHECK(heard == losses);
    second.use_best();
    auto expected = whole.model().parameters();
    auto found = after.model().parameters();
    for (size_t i = 0; i < expected.size(); ++i)
      CAF_CHECK(torch::equal(expected[i], found[i]));
    auto expected_buffers = whole.model().buffers();
    auto found_buffers = after.model().buffers();
    CAF_REQUIRE_EQUAL(expected_buffers.size(), 3u);
    for (size_t i = 0; i < 3; ++i)
      CAF_CHECK(torch::equal(expected_buffers[i], found_buffers[i]));
  }
}

CAF_TEST(a_state_that_does_not_fit_changes_nothing) {
  small_task task;
  trainer loop{task, few_epochs()};
  run(loop, 3);
  auto good = loop.save();
  auto expected = loop.save().tensors;
  for (int i = 0; i < 5; ++i) {
    auto bad = good;
    if (i == 0)
      bad.figures["seed"] = 4;
    else if (i == 1)
      bad.figures.erase("step");
    else if (i == 2)
      bad.tensors[0].values.pop_back();
    else if (i == 3)
      bad.tensors.pop_back();
    else
      bad.figures["position"] = 50;
    CAF_CHECK(loop.load(bad));
    CAF_CHECK(loop.save().tensors == expected);
  }
}

CAF_TEST(two_processes_have_the_loss_curve_of_one) {
  small_task whole{false};
  trainer alone{whole, few_epochs()};
  auto losses = run(alone);
  meeting where;
  std::array<std::vector<double>, 2> heard;
  // Made one after the other, since both draw from LibTorch's one generator.
  std::array<small_task, 2> tasks{small_task{false}, small_task{false}};
  auto work = [&](size_t rank) {
    pair_sum together{where, rank};
    trainer loop{tasks[rank], few_epochs(), &together};
    while (!loop.finished()) {
      auto report = loop.step();
      heard[rank].push_back(report->loss);
      if (report->validation_loss)
        heard[rank].push_back(*report->validation_loss);
    }
  };
  std::thread other{work, 1};
  work(0);
  other.join();
  CAF_CHECK(heard[0] == heard[1]);
  CAF_REQUIRE_EQUAL(heard[0].size(), losses.size());
  for (size_t i = 0; i < losses.size(); ++i)
    CAF_CHECK(std::abs(heard[0][i] - losses[i]) < 1e-5);
}

CAF_TEST(training_ends_early_and_keeps_the_best_weights) {
  small_task task;
  auto options = few_epochs();
  options.epochs = 400;
  options.patience = 3;
  options.learning_rate = 0.1;
  trainer loop{task, options};
  auto steps = run(loop).size();
  CAF_CHECK(steps < 400u * 5);
  loop.use_best();
  torch::NoGradGuard no_gradients;
  std::vector<size_t> all(25);
  for (size_t i = 0; i < 25; ++i)
    all[i] = i;
  auto loss = task.validation_loss(all).item<double>();
  CAF_CHECK(std::abs(loss - loop.best_loss()) < 1e-5);
}

CAF_TEST(a_loss_that_is_not_finite_is_a_fault) {
  small_task task;
  task.spoil();
  trainer loop{task, few_epochs()};
  std::optional<fault> problem;
  for (int i = 0; i < 4 && !problem; ++i)
    if (auto report = loop.step(); !report)
      problem = report.error();
  CAF_REQUIRE(problem);
  CAF_CHECK(problem->text.find("not finite") != std::string::npos);
}

CAF_TEST(steps_are_those_of_libtorch_with_decay_on_matrices_only) {
  torch::manual_seed(1);
  torch::nn::Linear ours{3, 2};
  torch::nn::Linear theirs{3, 2};
  {
    torch::NoGradGuard no_gradients;
    theirs->weight.copy_(ours->weight);
    theirs->bias.copy_(ours->bias);
  }
  using torch::optim::AdamW;
  using torch::optim::AdamWOptions;
  AdamW decayed{{theirs->weight}, AdamWOptions(0.01).weight_decay(0.1)};
  AdamW plain{{theirs->bias}, AdamWOptions(0.01).weight_decay(0)};
  flat_parameters flat{*ours};
  adam optimiser{{.weight_decay = 0.1}, flat.weights(), flat.decayed()};
  for (uint64_t step = 1; step <= 20; ++step) {
    auto x = torch::randn({5, 3});
    decayed.zero_grad();
    plain.zero_grad();
    theirs->forward(x).pow(2).sum().backward();
    decayed.step();
    plain.step();
    flat.gradient().zero_();
    ours->forward(x).pow(2).sum().backward();
    optimiser.step(flat.weights(), flat.gradient(), 0.01, step);
  }
  CAF_CHECK(torch::allclose(ours->weight, theirs->weight, 1e-5, 1e-6));
  CAF_CHECK(torch::allclose(ours->bias, theirs->bias, 1e-5, 1e-6));
}

CAF_TEST(options_out_of_range_are_faults) {
  trainer_options options;
  CAF_CHECK(!check(options));
  options.learning_rate = std::nan("");
  CAF_CHECK(check(options)->text.find("learning_rate: ") == 0);
  options = {};
  options.batch = 0;
  CAF_CHECK(check(options)->text.find("batch: ") == 0);
}
