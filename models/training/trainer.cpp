#include "models/neural/torch.hpp"

#include "models/training/trainer.hpp"

#include "models/datasets/seeded_random.hpp"
#include "models/training/schedule.hpp"

#include <ATen/autocast_mode.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace qalpha {

namespace {

// Streams of the seed.
constexpr uint64_t order_stream = 1ULL << 32;
constexpr uint64_t step_stream = 1ULL << 33;

/// Half precision as long as it lives. bfloat16 has the range of single
/// precision, so that losses need no scaling.
class half_precision {
public:
  explicit half_precision(bool on) : on_(on) {
    if (on_)
      set(true);
  }

  ~half_precision() {
    if (!on_)
      return;
    at::autocast::clear_cache();
    set(false);
  }

  half_precision(const half_precision&) = delete;
  half_precision& operator=(const half_precision&) = delete;

private:
  static void set(bool on) {
#if TORCH_VERSION_MAJOR > 2                                                    \
  || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_dtype(at::kCUDA, at::kBFloat16);
    at::autocast::set_autocast_enabled(at::kCUDA, on);
#else
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
    at::autocast::set_enabled(on);
#endif
  }

  bool on_;
};

std::vector<size_t> counted(size_t count) {
  std::vector<size_t> result(count);
  std::iota(result.begin(), result.end(), 0);
  return result;
}

/// @returns the part of a process: parts are as even as can be.
std::span<const size_t> part_of(std::span<const size_t> all, size_t rank,
                                size_t world) {
  auto begin = all.size() * rank / world;
  auto end = all.size() * (rank + 1) / world;
  return all.subspan(begin, end - begin);
}

double share_of(std::span<const size_t> part, std::span<const size_t> all) {
  return static_cast<double>(part.size()) / static_cast<double>(all.size());
}

} // namespace

trainer::trainer(training_task& task, const trainer_options& options,
                 all_reduce* together)
  : task_(task), options_(options), together_(together),
    parameters_(task.model()),
    adam_({options.weight_decay}, parameters_.weights(), parameters_.decayed()),
    best_loss_(std::numeric_limits<double>::infinity()) {
  best_weights_ = parameters_.weights().clone();
  best_buffers_ = parameters_.buffers();
  begin_epoch();
}

training_length trainer::length() const noexcept {
  auto samples = task_.training_samples();
  auto steps = (samples + options_.batch - 1) / options_.batch;
  return {options_.epochs, options_.epochs * steps, samples};
}

bool trainer::finished() const noexcept {
  return epoch_ >= options_.epochs || stale_ >= options_.patience;
}

size_t trainer::rank() const noexcept {
  return together_ == nullptr ? 0 : together_->rank();
}

size_t trainer::world() const noexcept {
  return together_ == nullptr ? 1 : together_->world();
}

double trainer::learning_rate() const noexcept {
  auto steps = static_cast<int64_t>(length().steps);
  schedule_lengths of{
    static_cast<int64_t>(options_.warm_up * static_cast<double>(steps)), steps};
  return options_.learning_rate
         * warm_up_and_cosine(static_cast<int64_t>(step_), of);
}

void trainer::begin_epoch() {
  order_ = counted(task_.training_samples());
  seeded_random random{options_.seed, order_stream + epoch_};
  shuffle(order_, random);
  position_ = 0;
}

fallible<step_report> trainer::step() {
  auto size = std::min(options_.batch, order_.size() - position_);
  auto batch = std::span{order_}.subspan(position_, size);
  if (auto problem = find_gradient(batch))
    return *problem;
  auto gradient = parameters_.gradient();
  step_report report;
  report.epoch = epoch_;
  report.loss
    = parameters_.gradient_and_loss()[gradient.numel()].item<double>();
  report.gradient_norm = gradient.norm().item<double>();
  if (!std::isfinite(report.loss) || !std::isfinite(report.gradient_norm))
    return fault{"step " + std::to_string(step_ + 1)
                 + ": the loss or its gradients are not finite; try a lower "
                   "learning rate"};
  if (report.gradient_norm > options_.clip)
    gradient.mul_(options_.clip / report.gradient_norm);
  report.learning_rate = learning_rate();
  adam_.step(parameters_.weights(), gradient, report.learning_rate, ++step_);
  report.step = step_;
  position_ += size;
  if (position_ == order_.size())
    if (auto problem = end_epoch(report))
      return *problem;
  return report;
}

std::optional<fault> trainer::find_gradient(std::span<const size_t> batch) {
  auto row = parameters_.gradient_and_loss();
  row.zero_();
  task_.model().train();
  auto part = part_of(batch, rank(), world());
  if (!part.empty()) {
    // Below 2^63, since some generators take signed seeds.
    auto seed = seeded_random{options_.seed,
                              step_stream + step_ * world() + rank()}
                  .next()
                >> 1;
    torch::manual_seed(seed);
    auto progress = static_cast<double>(step_)
                    / static_cast<double>(length().steps);
    auto weighted = [&] {
      half_precision half{options_.mixed_precision && row.is_cuda()};
      return task_.loss(part, seed, progress).to(torch::kFloat)
             * share_of(part, batch);
    }();
    weighted.backward();
    torch::NoGradGuard no_gradients;
    row[row.numel() - 1].copy_(weighted.detach());
  }
  if (together_ == nullptr)
    return std::nullopt;
  auto here = row.to(torch::kCPU);
  auto problem = together_->sum(
    {here.data_ptr<float>(), static_cast<size_t>(here.numel())});
  if (!problem && row.is_cuda())
    row.copy_(here);
  return problem;
}

std::optional<fault> trainer::end_epoch(step_report& report) {
  auto loss = validate();
  if (!loss)
    return loss.error();
  ++stale_;
  // Without samples to choose by, the last weights are the best.
  if (*loss < best_loss_ || task_.validation_samples() == 0) {
    best_loss_ = *loss;
    best_weights_ = parameters_.weights().clone();
    best_buffers_ = parameters_.buffers();
    stale_ = 0;
    report.improved = true;
  }
  if (task_.validation_samples() > 0)
    report.validation_loss = *loss;
  ++epoch_;
  begin_epoch();
  return std::nullopt;
}

fallible<double> trainer::validate() {
  torch::NoGradGuard no_gradients;
  task_.model().eval();
  auto all = counted(task_.validation_samples());
  float sum = 0;
  for (size_t i = 0; i < all.size(); i += options_.batch) {
    auto size = std::min(options_.batch, all.size() - i);
    auto part = part_of(std::span{all}.subspan(i, size), rank(), world());
    if (!part.empty())
      sum += static_cast<float>(task_.validation_loss(part).item<double>()
                                * share_of(part, all));
  }
  if (together_ != nullptr)
    if (auto problem = together_->sum({&sum, 1}))
      return *problem;
  if (!std::isfinite(sum))
    return fault{"epoch " + std::to_string(epoch_ + 1)
                 + ": the validation loss is not finite"};
  return static_cast<double>(sum);
}

void trainer::use_best() {
  torch::NoGradGuard no_gradients;
  parameters_.weights().copy_(best_weights_);
  parameters_.set_buffers(best_buffers_);
  task_.model().eval();
}

} // namespace qalpha
