#include "runtime/training/train_config.hpp"

#include "models/checkpoints/manifest_text.hpp"
#include "models/checkpoints/sha256.hpp"
#include "models/features/feature_request_text.hpp"
#include "runtime/config/units.hpp"
#include "runtime/training/json_section.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace qalpha {

namespace {

void read_signal(json_section& in, planted_signal& into) {
  in.whole("rows", into.shape.rows, 100, 10'000'000);
  in.real("correlation", into.correlation, 0, 0.99);
  in.real("persistence", into.persistence, 0, 0.999);
  in.real("deviation", into.deviation, 1e-6, 0.1);
  in.real("shock", into.shock, 0, 1);
  in.real("memory", into.memory, 0, 1);
  if (auto problem = check(into))
    in.fail("planted", problem->text);
}

void read_regimes(json_section& in, planted_regimes& into) {
  in.whole("rows", into.shape.rows, 100, 10'000'000);
  in.whole("shortest", into.shortest, 1, 100'000);
  in.whole("mean_length", into.mean_length, 2, 1'000'000);
  in.real("volatility", into.volatility, 1e-6, 0.02);
  in.real("drift", into.drift, 0, 2);
  if (auto problem = check(into))
    in.fail("planted", problem->text);
}

void read_files(json_section in, const std::string& config, data_source& into) {
  for (const auto& name : in.keys()) {
    std::string file;
    in.text(name, file);
    auto path = std::filesystem::path{config}.parent_path() / file;
    into.files.emplace_back(name, path.lexically_normal().string());
  }
  in.finish();
}

void read_data(json_section in, const std::string& config,
               const planted_shape& shape, data_source& into) {
  std::string market;
  in.text("planted", market);
  if (in.has("planted") == in.has("files"))
    return in.fail("planted", "expected either planted or files");
  if (market == "signal") {
    into.signal.emplace().shape = shape;
    read_signal(in, *into.signal);
  } else if (market == "random_walk") {
    auto& walk = into.signal.emplace();
    walk.shape = shape;
    walk.correlation = 0;
    in.whole("rows", walk.shape.rows, 100, 10'000'000);
    in.real("deviation", walk.deviation, 1e-6, 0.1);
  } else if (market == "regimes") {
    into.regimes.emplace().shape = shape;
    read_regimes(in, *into.regimes);
  } else if (in.has("planted")) {
    in.fail("planted", "expected \"signal\", \"random_walk\" or \"regimes\", "
                       "found \""
                         + market + "\"");
  } else {
    read_files(in.group("files"), config, into);
    if (into.files.empty())
      in.fail("files", "expected at least one instrument");
  }
  in.finish();
}

std::chrono::milliseconds read_interval(json_section& in) {
  std::string text = "1h";
  in.text("interval", text);
  auto interval = parse_timespan(text);
  auto result = std::chrono::milliseconds{3'600'000};
  if (interval)
    result = std::chrono::duration_cast<std::chrono::milliseconds>(*interval);
  if (!interval || result != *interval || result.count() <= 0)
    in.fail("interval", "expected a duration of whole milliseconds such as "
                        "\"1h\", found \""
                          + text + "\"");
  return result;
}

void read_features(json_section& in, feature_spec& into) {
  auto list = in.raw("features");
  if (list == nullptr)
    return in.fail("features", "expected a list, found none");
  auto requests = read_feature_requests(in.place_of("features"), *list);
  if (!requests)
    return in.fail("features", requests.error().text);
  into.features = std::move(*requests);
  if (auto plan = feature_plan::make(into); !plan)
    in.fail("features", plan.error().text);
}

void read_parts(json_section in, std::chrono::milliseconds interval,
                part_shares& into) {
  in.real("validation", into.validation, 0.01, 0.9);
  in.real("test", into.test, 0.01, 0.9);
  size_t bars = 0;
  in.whole("embargo_bars", bars, 0, 1'000'000);
  into.embargo = static_cast<int64_t>(bars) * interval.count();
  in.finish();
}

void read_training(json_section in, std::optional<uint64_t> seed,
                   trainer_options& into) {
  size_t given = into.seed;
  in.whole("seed", given, 0, largest_seed);
  into.seed = seed.value_or(given);
  in.whole("epochs", into.epochs, 1, 100'000);
  in.whole("batch", into.batch, 1, 1'000'000);
  in.real("learning_rate", into.learning_rate, 1e-9, 1);
  in.real("warm_up", into.warm_up, 0, 0.999);
  in.real("weight_decay", into.weight_decay, 0, 1);
  in.real("clip", into.clip, 1e-6, 1e6);
  in.whole("patience", into.patience, 1, 100'000);
  in.flag("gpu", into.gpu);
  in.flag("mixed_precision", into.mixed_precision);
  if (auto problem = check(into))
    in.fail("training", problem->text);
  in.finish();
}

/// What the plans of all models have in common.
struct common_plan {
  window_spec windows;
  part_shares parts;
  trainer_options training;
};

common_plan read_common(json_section& in, std::optional<uint64_t> seed) {
  common_plan result;
  auto& features = result.windows.features;
  features.interval = read_interval(in);
  read_features(in, features);
  in.real("max_unusable", result.windows.max_unusable, 0, 1);
  read_parts(in.group("split"), features.interval, result.parts);
  read_training(in.group("training"), seed, result.training);
  return result;
}

template <class Plan>
void take(const common_plan& common, Plan& into) {
  into.windows = common.windows;
  into.parts = common.parts;
  into.training = common.training;
}

void read_forecast(json_section& in, forecast_plan& into) {
  in.whole("lookback", into.windows.lookback, 1, most_tft_steps);
  in.whole("horizon", into.windows.horizon, 1, most_tft_steps);
  auto model = in.group("model");
  model.whole("hidden", into.model.hidden, 1, most_tft_hidden);
  model.whole("heads", into.model.heads, 1, most_tft_hidden);
  model.real("dropout", into.model.dropout, 0, 0.99);
  model.reals("levels", into.model.levels);
  model.finish();
}

void read_regimes_plan(json_section& in, regime_plan& into) {
  in.whole("naming_bars", into.naming_bars, 2, 100'000);
  auto model = in.group("model");
  model.wholes("hidden", into.model.hidden);
  model.whole("latent", into.model.latent, 1, 1'024);
  model.whole("projection", into.model.projection, 1, 1'024);
  model.real("dropout", into.model.dropout, 0, 0.9);
  model.real("divergence", into.divergence, 0, 1e6);
  model.real("divergence_rise", into.divergence_rise, 0, 1);
  model.real("contrast", into.contrast, 0, 1e6);
  model.real("temperature", into.temperature, 1e-3, 100);
  model.finish();
}

void read_behaviours(json_section in, behaviour_settings& into) {
  in.whole("lookback", into.lookback, 1, 10'000);
  in.whole("foresight", into.foresight, 1, 10'000);
  in.real("oracle_errors", into.oracle_errors, 0, 1);
  in.real("restlessness", into.restlessness, 0, 1);
  in.real("caution", into.caution, 0, 1);
  in.real("stops", into.stops, 0, 1);
  in.real("take_profits", into.take_profits, 0, 1);
  in.real("nearest_exit", into.nearest_exit, 0.01, 1'000);
  in.real("farthest_exit", into.farthest_exit, 0.01, 1'000);
  auto shares = in.group("shares");
  if (in.has("shares"))
    into.shares = {};
  for (size_t i = 0; i < behaviour_count; ++i)
    shares.real(to_string(static_cast<behaviour>(i)), into.shares[i], 0, 1);
  shares.finish();
  in.finish();
}

void read_policy(json_section& in, policy_plan& into) {
  auto episodes = in.group("episodes");
  episodes.whole("steps", into.episodes.episode, 2, 100'000);
  episodes.real("cost", into.episodes.cost, 0, 0.1);
  episodes.whole("players", into.episodes.players, 1, 1'000);
  read_behaviours(episodes.group("behaviours"), into.episodes.behaviours);
  if (auto problem = check(into.episodes))
    in.fail("episodes", problem->text);
  episodes.finish();
  in.real("target_share", into.target_share, 0.01, 0.99);
  in.whole("return_steps", into.return_steps, 1, 100'000);
  in.real("return_weight", into.return_weight, 0, 1e6);
  auto model = in.group("model");
  model.whole("hidden", into.model.hidden, 1, 4'096);
  model.whole("layers", into.model.layers, 1, 64);
  model.whole("heads", into.model.heads, 1, 64);
  model.whole("context", into.model.context, 1, 4'096);
  model.flag("gelu", into.model.gelu);
  model.real("dropout", into.model.dropout, 0, 0.9);
  model.finish();
}

} // namespace

fallible<train_config>
read_train_config_text(std::string_view text, const std::string& path,
                       model_kind kind, std::optional<uint64_t> seed) {
  auto json = parse_json(text);
  if (!json)
    return fault{path + ":" + json.error().text};
  std::string name{to_string(kind)};
  auto section = json->find(name);
  if (section == nullptr)
    return fault{path + ": expected a group \"" + name + "\", found none"};
  std::optional<fault> problem;
  json_section in{name, section, problem};
  train_config result;
  result.kind = kind;
  result.id = name;
  in.text("id", result.id);
  if (!is_model_id(result.id))
    in.fail("id", "expected 1 to 64 lower case letters, digits and dashes");
  auto common = read_common(in, seed);
  result.interval = common.windows.features.interval;
  result.seed = common.training.seed;
  planted_shape shape;
  shape.seed = result.seed;
  shape.interval = result.interval;
  read_data(in.group("data"), path, shape, result.data);
  take(common, result.forecast);
  take(common, result.regimes);
  take(common, result.policy);
  if (kind == model_kind::forecast)
    read_forecast(in, result.forecast);
  else if (kind == model_kind::regime)
    read_regimes_plan(in, result.regimes);
  else
    read_policy(in, result.policy);
  in.finish();
  if (problem)
    return fault{path + ": " + problem->text};
  result.fingerprint = sha256_of(std::string{text} + '\n' + name + '\n'
                                 + std::to_string(result.seed));
  return result;
}

fallible<train_config> read_train_config(const std::string& path,
                                         model_kind kind,
                                         std::optional<uint64_t> seed) {
  std::error_code code;
  auto size = std::filesystem::file_size(path, code);
  if (code)
    return fault{path + ": no such file"};
  if (size > largest_json)
    return fault{path + ": expected at most 1 MiB"};
  std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return fault{path + ": cannot be read"};
  return read_train_config_text(text.str(), path, kind, seed);
}

} // namespace qalpha
