#include "runtime/training/train_config.hpp"

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

void read_forecast(json_section& in, forecast_plan& into) {
  in.whole("lookback", into.windows.lookback, 1, most_tft_steps);
  in.whole("horizon", into.windows.horizon, 1, most_tft_steps);
  in.real("max_unusable", into.windows.max_unusable, 0, 1);
  auto model = in.group("model");
  model.whole("hidden", into.model.hidden, 1, most_tft_hidden);
  model.whole("heads", into.model.heads, 1, most_tft_hidden);
  model.real("dropout", into.model.dropout, 0, 0.99);
  model.reals("levels", into.model.levels);
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
  auto& plan = result.forecast;
  plan.windows.features.interval = read_interval(in);
  read_features(in, plan.windows.features);
  read_parts(in.group("split"), plan.windows.features.interval, plan.parts);
  read_training(in.group("training"), seed, plan.training);
  planted_shape shape;
  shape.seed = plan.training.seed;
  shape.interval = plan.windows.features.interval;
  read_data(in.group("data"), path, shape, result.data);
  if (kind == model_kind::forecast)
    read_forecast(in, plan);
  in.finish();
  if (problem)
    return fault{path + ": " + problem->text};
  result.fingerprint = sha256_of(std::string{text} + '\n' + name + '\n'
                                 + std::to_string(plan.training.seed));
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
