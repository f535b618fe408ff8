#include "models/neural/torch.hpp"

#include "models/neural/manifest_figures.hpp"

#include "models/machine/parameter.hpp"

namespace qalpha {

std::string figure_reader::text(double x) {
  return parameter_text(x);
}

double figure_reader::reject(const std::string& reason, double instead) {
  if (!wrong_)
    wrong_ = fault{"settings." + reason};
  return instead;
}

fallible<feature_plan> check_manifest(const manifest& about,
                                      const std::string& architecture) {
  if (about.architecture != architecture)
    return fault{"architecture: expected \"" + architecture + "\", found \""
                 + about.architecture + "\""};
  auto plan = feature_plan::make(about.features);
  if (!plan)
    return plan.error();
  if (plan->schema_hash != about.schema_hash)
    return fault{"schema_hash: the features have " + plan->schema_hash
                 + ", found \"" + about.schema_hash + "\""};
  if (about.scales.size() != plan->columns.size())
    return fault{"scales: expected " + std::to_string(plan->columns.size())
                 + ", one for each column, found "
                 + std::to_string(about.scales.size())};
  for (size_t i = 0; i < about.scales.size(); ++i) {
    const auto& scale = about.scales[i];
    if (!std::isfinite(scale.mean) || !std::isfinite(scale.deviation)
        || !(scale.deviation > 0))
      return fault{"scales[" + std::to_string(i)
                   + "]: expected a finite mean and a positive deviation"};
  }
  return plan;
}

} // namespace qalpha
