#include "runtime/outlook/model_loading.hpp"

#include <limits>
#include <stdexcept>
#include <utility>

namespace qalpha {

namespace {

/// Everything that a maker of machines needs, shared by its copies.
struct workshop {
  std::shared_ptr<const stored_checkpoint> from;
  model_loaders loaders;
  std::shared_ptr<const universe> instruments;
  source_maker sources;
  utc_time last_use;
};

utc_time last_use_of(const manifest& about,
                     const std::optional<timespan>& max_age) {
  constexpr int64_t millisecond = 1'000'000;
  if (!max_age)
    return no_last_use;
  return utc_time{about.trained_at_ms * millisecond} + *max_age;
}

model_identity identity_of(const stored_checkpoint& from, model_role role) {
  constexpr int64_t millisecond = 1'000'000;
  auto& about = from.model.about;
  model_identity result{.role = role,
                        .id = from.version.id,
                        .version = from.version.version,
                        .trained_at = {about.trained_at_ms * millisecond},
                        .columns = {},
                        .bins = about.bins,
                        .levels = {}};
  // Checked when the checkpoint was read.
  auto plan = *feature_plan::make(about.features);
  for (auto& column : plan.columns)
    result.columns.push_back(column.name);
  return result;
}

std::vector<std::unique_ptr<feature_source>>
make_sources(const workshop& shop, const feature_spec& features) {
  std::vector<std::unique_ptr<feature_source>> result;
  // Checked when the model was loaded.
  auto plan = *feature_plan::make(features);
  for (auto& rules : *shop.instruments)
    result.push_back(shop.sources(plan, rules));
  return result;
}

fallible<forecaster> make_forecaster(const workshop& shop) {
  auto model = shop.loaders.forecaster(shop.from->model);
  if (!model)
    return model.error();
  auto sources = make_sources(shop, (*model)->shape().features);
  return forecaster::make(
    std::move(*model), *shop.instruments, std::move(sources),
    identity_of(*shop.from, model_role::forecaster), shop.last_use);
}

fallible<regime_detector> make_regime_detector(const workshop& shop) {
  auto model = shop.loaders.regimes(shop.from->model);
  if (!model)
    return model.error();
  auto sources = make_sources(shop, (*model)->features());
  return regime_detector{std::move(*model), std::move(sources),
                         identity_of(*shop.from, model_role::regimes),
                         shop.last_use};
}

fallible<policy> make_policy(const workshop& shop) {
  auto model = shop.loaders.policy(shop.from->model);
  if (!model)
    return model.error();
  auto sources = make_sources(shop, (*model)->shape().features);
  return policy::make(std::move(*model), std::move(sources),
                      identity_of(*shop.from, model_role::policy),
                      shop.last_use);
}

/// Makes one machine now and returns what makes more of them.
template <class Machine>
fallible<std::function<Machine()>>
proven(fallible<Machine> (*make)(const workshop&), workshop shop) {
  if (auto first = make(shop); !first)
    return fault{shop.from->version.id + "@"
                 + std::to_string(shop.from->version.version) + ": "
                 + first.error().text};
  return std::function<Machine()>{[make, shop = std::move(shop)] {
    auto made = make(shop);
    // The same bytes made one before.
    if (!made)
      throw std::runtime_error{"model: " + made.error().text};
    return std::move(*made);
  }};
}

} // namespace

fallible<model_set> load_model_set(const chosen_models& models,
                                   const model_loaders& loaders,
                                   const model_surroundings& around) {
  model_set result;
  result.answer_within = around.answer_within;
  auto instruments = std::make_shared<const universe>(around.instruments);
  auto shop_of = [&](model_role who) {
    auto& from = models[place_of(who)];
    return workshop{from, loaders, instruments, around.sources,
                    last_use_of(from->model.about, around.max_age)};
  };
  if (models[place_of(model_role::forecaster)]) {
    auto made = proven(make_forecaster, shop_of(model_role::forecaster));
    if (!made)
      return made.error();
    result.make_forecaster = std::move(*made);
  }
  if (models[place_of(model_role::regimes)]) {
    auto made = proven(make_regime_detector, shop_of(model_role::regimes));
    if (!made)
      return made.error();
    result.make_regime_detector = std::move(*made);
  }
  if (models[place_of(model_role::policy)]) {
    auto made = proven(make_policy, shop_of(model_role::policy));
    if (!made)
      return made.error();
    result.make_policy = std::move(*made);
  }
  return result;
}

} // namespace qalpha
