#include "models/neural/torch.hpp"

#include "models/training/loop_job.hpp"

#include "models/neural/weights.hpp"

#include <exception>
#include <string>

namespace qalpha {

namespace {

/// LibTorch throws, for example when memory runs out.
fault failure(const char* what, const std::exception& ex) {
  std::string text = ex.what();
  return fault{std::string{what} + ": " + text.substr(0, text.find('\n'))};
}

} // namespace

fallible<step_report> loop_job::step() try {
  return loop_.step();
} catch (const std::exception& ex) {
  return failure("training", ex);
}

std::vector<tensor_values> loop_job::weights() const {
  return to_tensors(task_->model());
}

fallible<training_view> loop_job::view() try {
  torch::NoGradGuard no_gradients;
  // A step begins with training mode by itself.
  task_->model().eval();
  return look();
} catch (const std::exception& ex) {
  return failure("view", ex);
}

fallible<training_result> loop_job::finish() try {
  torch::NoGradGuard no_gradients;
  loop_.use_best();
  training_result result;
  result.model.tensors = weights();
  if (auto problem = evaluate(result))
    return *problem;
  result.model.about.metrics = result.figures;
  return result;
} catch (const std::exception& ex) {
  return failure("evaluation", ex);
}

fallible<torch::Device> device_of(const trainer_options& options) {
  if (!options.gpu)
    return torch::Device{torch::kCPU};
  if (!torch::cuda::is_available())
    return fault{"gpu: there is none that this program can use"};
  return torch::Device{torch::kCUDA};
}

void describe(const training_set& set, const std::vector<column_scale>& scales,
              uint64_t seed, manifest& about) {
  about.features = set.spec().features;
  about.schema_hash = set.plan().schema_hash;
  about.scales = scales;
  about.data_hash = set.data_hash();
  about.seed = seed;
  about.names["series"].clear();
  auto begin = set.series().front().times.front();
  auto end = begin;
  for (const auto& one : set.series()) {
    about.names["series"].push_back(one.name);
    begin = std::min(begin, one.times.front());
    end = std::max(end, one.times.back());
  }
  about.data_begin_ms = static_cast<int64_t>(begin);
  about.data_end_ms = static_cast<int64_t>(end);
}

torch::Tensor scaled_rows(const training_set& set,
                          const std::vector<column_scale>& scales) {
  std::vector<float> values;
  for (const auto& one : set.series())
    for (size_t i = 0; i < one.values.size(); ++i) {
      const auto& scale = scales[i % scales.size()];
      values.push_back(
        static_cast<float>((one.values[i] - scale.mean) / scale.deviation));
    }
  return torch::tensor(values).view({-1, static_cast<int64_t>(scales.size())});
}

std::vector<int64_t> first_rows(const training_set& set) {
  std::vector<int64_t> result;
  int64_t next = 0;
  for (const auto& one : set.series()) {
    result.push_back(next);
    next += static_cast<int64_t>(one.times.size());
  }
  return result;
}

} // namespace qalpha
