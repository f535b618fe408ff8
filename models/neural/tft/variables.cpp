#include "models/neural/torch.hpp"

#include "models/neural/tft/variables.hpp"

namespace qalpha {

namespace {

torch::Tensor embed(const variable_run& run) {
  if (run.codes.defined())
    return torch::embedding(run.table, run.codes).unsqueeze(0);
  return torch::addcmul(run.offsets.unsqueeze(1), run.values.t().unsqueeze(2),
                        run.vectors.unsqueeze(1));
}

} // namespace

void append(variable_runs& to, const variable_runs& more) {
  for (const auto& run : more) {
    if (to.empty() || run.codes.defined() || to.back().codes.defined()) {
      to.push_back(run);
      continue;
    }
    auto& last = to.back();
    last.values = torch::cat({last.values, run.values}, 1);
    last.vectors = torch::cat({last.vectors, run.vectors}, 0);
    last.offsets = torch::cat({last.offsets, run.offsets}, 0);
  }
}

torch::Tensor embed(const variable_runs& variables) {
  if (variables.size() == 1)
    return embed(variables.front());
  std::vector<torch::Tensor> parts;
  for (const auto& run : variables)
    parts.push_back(embed(run));
  return torch::cat(parts, 0);
}

variable_group::variable_group(const std::vector<int64_t>& categories,
                               int64_t values, int64_t hidden) {
  for (size_t i = 0; i < categories.size(); ++i)
    tables_.push_back(register_parameter(
      "category_" + std::to_string(i), torch::zeros({categories[i], hidden})));
  if (values == 0)
    return;
  vectors_ = register_parameter("vectors", torch::zeros({values, hidden}));
  offsets_ = register_parameter("offsets", torch::zeros({values, hidden}));
}

variable_runs variable_group::bind(const torch::Tensor& codes,
                                   const torch::Tensor& values) const {
  variable_runs result;
  for (size_t i = 0; i < tables_.size(); ++i) {
    auto column = codes.select(-1, static_cast<int64_t>(i));
    result.push_back({.codes = column.reshape({-1}), .table = tables_[i]});
  }
  if (vectors_.defined())
    result.push_back({.values = values.reshape({-1, vectors_.size(0)}),
                      .vectors = vectors_,
                      .offsets = offsets_});
  return result;
}

} // namespace qalpha
