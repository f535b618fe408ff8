#include "models/neural/torch.hpp"

#include "models/neural/tft/tft_weights.hpp"

#include "models/neural/weights.hpp"

namespace qalpha {

namespace {

/// @returns fewer values than a model of these sizes has.
double least_values(const tft_settings& x) {
  auto width = static_cast<double>(x.hidden);
  auto variables
    = static_cast<double>(x.past_variables() + x.known_variables());
  auto classes = 0.0;
  for (auto count : x.static_categories)
    classes += static_cast<double>(count);
  return 4 * width * width * variables + classes * width;
}

} // namespace

std::optional<fault> check_tft_tensors(const tft_settings& settings,
                                       std::span<const tensor_values> tensors) {
  auto values = 0.0;
  for (const auto& x : tensors)
    values += static_cast<double>(x.values.size());
  if (values < least_values(settings))
    return fault{"tensors: " + std::to_string(static_cast<int64_t>(values))
                 + " values are too few for a model of hidden "
                 + std::to_string(settings.hidden)};
  temporal_fusion model{settings, 0};
  return load_weights(model, tensors);
}

fallible<checkpoint> to_checkpoint(const temporal_fusion& model,
                                   manifest about) {
  describe_tft(about, model.settings());
  auto plan = feature_plan::make(about.features);
  if (!plan)
    return plan.error();
  about.schema_hash = plan->schema_hash;
  auto described = read_tft_manifest(about);
  if (!described)
    return described.error();
  if (described->settings != model.settings())
    return fault{"names.known: with the series and the features it makes "
                 "another model than the one that was trained"};
  return checkpoint{std::move(about), to_tensors(model)};
}

} // namespace qalpha
